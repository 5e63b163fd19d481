// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float kernels for AVX2 and FMA: vectors of 8, and of 4 for what is left of rows and units.
#include <immintrin.h>

#include "kernel/kernels.hpp"
#include "kernel/vector_f32.hpp"

namespace rondo::kernel {
namespace {

struct Avx2 {
  struct Wide : BatchOps<xsimd::batch<float, xsimd::fma3<xsimd::avx2>>> {
    // the bits of x, moved up by 23
    static Value shifted_to_exponent(Value x) noexcept {
      return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(x), 23));
    }
  };
  struct Four : BatchOps<xsimd::batch<float, xsimd::sse4_2>> {
    // a b + c, rounded once
    static Value fused(Value a, Value b, Value c) noexcept { return _mm_fmadd_ps(a, b, c); }
    static Value shifted_to_exponent(Value x) noexcept {
      return _mm_castsi128_ps(_mm_slli_epi32(_mm_castps_si128(x), 23));
    }
  };
  using Tail = Four;
  // 16 registers. One vector: all 64 rows, whose 8 sums keep two units of latency 4 busy. Six: 12
  // sums.
  static constexpr uint32_t k_sums[] = {0, 8, 4, 4, 3, 2, 2};
  using Units = PairOps<Wide>;
  static constexpr uint32_t k_beside = 6;
};

}  // namespace

const F32 k_avx2_f32 = VectorF32<Avx2>::table();

}  // namespace rondo::kernel
