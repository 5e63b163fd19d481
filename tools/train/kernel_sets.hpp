// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Which kernel sets there are; for tests, which try them all. Trainer code calls kernels<T>().
#pragma once
#include <span>

#include "train/kernels.hpp"

namespace rondo::tool {

// The sets this CPU and its operating system can run, "base" first, the best last.
std::span<const KernelSet* const> kernel_sets() noexcept;

}  // namespace rondo::tool
