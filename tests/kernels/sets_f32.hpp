// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float kernel tables that this machine can run, for the tests of floats on hosts.
#pragma once
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <rondo/isa.hpp>

#include "kernels/scalar_f32_again.hpp"

namespace rondo::test {

struct SetF32 {
  std::string name;
  const kernel::F32* table;
  bool keeps_denormals;
};

inline float float_of(std::uint32_t bits) {
  float x = 0.0F;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}
inline std::uint32_t bits_of(float x) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}

// What gives the bits of every set with fused multiply-add; null where there is none.
inline const kernel::F32* specification_f32() {
#ifdef __x86_64__
  return isa_available(Isa::avx2) ? &kernel::with_fma.table : nullptr;
#elif defined(__ARM_FEATURE_FMA)
  return &kernel::of_core.table;
#else
  return nullptr;
#endif
}

inline std::vector<SetF32> vector_sets_f32() {
  std::vector<SetF32> sets;
  for (const Isa isa : isa_list()) {
    if (isa == Isa::scalar || !isa_available(isa)) continue;
#ifdef __arm__
    const bool keeps_denormals = false;  // NEON of ARMv7 takes them for 0
#else
    const bool keeps_denormals = true;
#endif
    sets.push_back({name_of(isa), &kernel::f32(isa), keeps_denormals});
  }
  return sets;
}

}  // namespace rondo::test
