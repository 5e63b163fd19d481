// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float kernels for AVX-512 (F, CD, DQ, BW, VL): vectors of 16; for what is left, masks in the
// products, which read and write nothing beyond, and vectors of 4 elsewhere.
#include <immintrin.h>

#include "kernel/kernels.hpp"
#include "kernel/vector_f32.hpp"

namespace rondo::kernel {
namespace {

struct Avx512 {
  struct Wide : BatchOps<xsimd::batch<float, xsimd::avx512bw>> {
    // a b + c, rounded once; xsimd 8.1 has none for AVX-512
    static Value fused(Value a, Value b, Value c) noexcept { return _mm512_fmadd_ps(a, b, c); }
    // the bits of x, moved up by 23
    static Value shifted_to_exponent(Value x) noexcept {
      return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_castps_si512(x), 23));
    }
  };
  struct Tail : Wide {
    static __mmask16 first(uint32_t lanes) noexcept {
      return static_cast<__mmask16>((1U << lanes) - 1);
    }
    // the first lanes from memory, the others 0
    static Value load(const float* from, uint32_t lanes) noexcept {
      return _mm512_maskz_loadu_ps(first(lanes), from);
    }
    static void store(float* to, Value x, uint32_t lanes) noexcept {
      _mm512_mask_storeu_ps(to, first(lanes), x);
    }
  };
  struct Four : BatchOps<xsimd::batch<float, xsimd::sse4_2>> {
    static Value fused(Value a, Value b, Value c) noexcept { return _mm_fmadd_ps(a, b, c); }
    static Value shifted_to_exponent(Value x) noexcept {
      return _mm_castsi128_ps(_mm_slli_epi32(_mm_castps_si128(x), 23));
    }
  };
  // 64 rows are 4 registers; of 32, six vectors take 24 for sums.
  static constexpr uint32_t k_sums[] = {0, 4, 4, 4, 4, 4, 4};
  using Units = Wide;
  static constexpr uint32_t k_beside = 4;
};

}  // namespace

const F32 k_avx512_f32 = VectorF32<Avx512>::table();

}  // namespace rondo::kernel
