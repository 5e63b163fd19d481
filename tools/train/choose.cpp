// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See kernel_sets.hpp and kernels<T>() in kernels.hpp. Asks __builtin_cpu_supports, which
// knows whether the operating system saves the wide registers.
#include "train/kernel_sets.hpp"

namespace rondo::tool {

extern const KernelSet k_kernels_base;
#if defined(__x86_64__)
extern const KernelSet k_kernels_avx2;
extern const KernelSet k_kernels_avx512;
#endif

namespace {

struct Sets {
  const KernelSet* list[3] = {&k_kernels_base};
  std::size_t count = 1;

  Sets() noexcept {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return;
    list[count++] = &k_kernels_avx2;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw") ||
        !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512vl") ||
        !__builtin_cpu_supports("avx512cd")) {
      return;
    }
    list[count++] = &k_kernels_avx512;
#endif
  }
};

}  // namespace

std::span<const KernelSet* const> kernel_sets() noexcept {
  static const Sets sets;
  return {sets.list, sets.count};
}

template <>
const Kernels<float>& kernels<float>() noexcept {
  static const Kernels<float>& best = kernel_sets().back()->f32;
  return best;
}

template <>
const Kernels<double>& kernels<double>() noexcept {
  static const Kernels<double>& best = kernel_sets().back()->f64;
  return best;
}

}  // namespace rondo::tool
