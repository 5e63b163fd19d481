// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The scalar float kernels, built for x86 with and without fused multiply-add, elsewhere as the
// core is; and exp, which no kernel calls. For the tests of floats on hosts.
#pragma once
#include "kernel/kernels.hpp"

namespace rondo::kernel {

struct ScalarF32 {
  F32 table;
  float (*exp)(float x) noexcept;
};
extern const ScalarF32 with_fma, without_fma, of_core;

}  // namespace rondo::kernel
