// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The kernel sets of this build and their tables.
#include "kernel/kernels.hpp"

namespace rondo {
namespace {
constexpr Isa k_isa_list[] = {Isa::scalar};
}

View<const Isa> isa_list() noexcept {
  return k_isa_list;
}

bool isa_available(Isa isa) noexcept {
  return isa == Isa::scalar;
}

Isa isa_best() noexcept {
  return Isa::scalar;
}

const char* name_of(Isa isa) noexcept {
  return isa == Isa::scalar ? "scalar" : nullptr;
}

#ifndef RONDO_FIXED_ISA
namespace kernel {
const S8& s8(Isa) noexcept {
  return k_scalar_s8;
}
const F32& f32(Isa) noexcept {
  return k_scalar_f32;
}
}  // namespace kernel
#endif

}  // namespace rondo
