// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// AVX-512 with VNNI: the pointwise parts of the int8 cells, for avx512_vnni_s8.cpp. All of it has
// internal linkage.
#pragma once
#include <immintrin.h>

#include "kernel/avx512_gates_s8.hpp"
#include "kernel/kernels_s8.hpp"

namespace rondo::kernel {
namespace {

// The first n of 16 lanes; all of them where n is more.
inline __mmask16 first_lanes(uint32_t n) noexcept {
  return static_cast<__mmask16>(n < 16 ? (uint32_t{1} << n) - 1 : 0xFFFF);
}

// 16 int32, or those of a mask; `full` says that it is all of them.
template <bool full>
inline __m512i load_s32(const void* p, __mmask16 lanes) noexcept {
  return full ? _mm512_loadu_si512(p) : _mm512_maskz_loadu_epi32(lanes, p);
}
template <bool full>
inline void store_s32(void* p, __mmask16 lanes, __m512i a) noexcept {
  if constexpr (full) {
    _mm512_storeu_si512(p, a);
  } else {
    _mm512_mask_storeu_epi32(p, lanes, a);
  }
}

// A gate of t, which a product has just stored. Loads no wider than the gate find it in the store
// buffer; one through a mask would wait until it is in the cache.
template <bool full>
inline __m512i load_gate(const int32_t* t, uint32_t units, __mmask16 lanes) noexcept {
  const void* const p = t;
  if (full) return _mm512_loadu_si512(p);
  if (units == 4) return _mm512_zextsi128_si512(_mm_loadu_si128(static_cast<const __m128i*>(p)));
  if (units == 8) {
    return _mm512_zextsi256_si512(_mm256_loadu_si256(static_cast<const __m256i*>(p)));
  }
  return _mm512_maskz_loadu_epi32(lanes, p);
}

// The 64 bits at odd places, together: what packs took from its second source.
inline __m256i second(__m512i packed) noexcept {
  const __m512i odd = _mm512_setr_epi64(1, 3, 5, 7, 1, 3, 5, 7);
  return _mm512_castsi512_si256(_mm512_permutexvar_epi64(odd, packed));
}
template <bool full>
inline void store_s16(void* p, __mmask16 lanes, __m256i a) noexcept {
  if constexpr (full) {
    _mm256_storeu_si256(static_cast<__m256i*>(p), a);
  } else {
    _mm256_mask_storeu_epi16(p, lanes, a);
  }
}
template <bool full>
inline void store_s8(void* p, __mmask16 lanes, __m128i a) noexcept {
  if constexpr (full) {
    _mm_storeu_si128(static_cast<__m128i*>(p), a);
  } else {
    _mm_mask_storeu_epi8(p, lanes, a);
  }
}

template <bool full>
inline void lstm(const LstmS8& block) noexcept {
  const __mmask16 lanes = first_lanes(block.units);
  const auto t = [&](uint32_t gate) {
    return load_gate<full>(block.t + gate * block.units, block.units, lanes);
  };
  const __m512i gates_if = sigmoid_of(rshr<8>(t(0)), rshr<8>(t(1)));
  const __m512i tanh_go = tanh_of(rshr<7>(t(2)), rshr<8>(t(3)));
  const __m512i top = _mm512_set1_epi16(static_cast<int16_t>(-32768));
  const __m512i gates_o = sigmoid_from(_mm512_xor_si512(tanh_go, top));
  const __m512i c = lstm_c(load_s32<full>(block.c, lanes), gates_if, tanh_go);
  store_s32<full>(block.c, lanes, c);
  const __m512i tanh_c = tanh_of(lstm_argument(c), lstm_argument(c));
  if (block.h8 != nullptr) store_s8<full>(block.h8, lanes, lstm_h8(gates_o, tanh_c));
  if (block.h16 != nullptr) {
    store_s16<full>(block.h16, lanes, second(_mm512_mulhrs_epi16(gates_o, tanh_c)));
  }
}

// gru_h of numeric.hpp; n from the first source of packs, z in both halves of a lane.
inline __m512i gru_h(__m512i h, __m512i z, __m512i n) noexcept {
  const __m512i candidate = _mm512_srai_epi32(_mm512_unpacklo_epi16(_mm512_setzero_si512(), n), 1);
  return _mm512_add_epi32(candidate, gated(_mm512_sub_epi32(h, candidate), z));
}
// gru_h8 and gru_h16
template <bool full>
inline void store_h(__m512i h, uint32_t k, int8_t* h8, int16_t* h16, __mmask16 lanes) noexcept {
  if (h8 != nullptr) store_s8<full>(h8 + k, lanes, _mm512_cvtsepi32_epi8(rshr<23>(h)));
  if (h16 != nullptr) {
    const __m256i wide = _mm512_cvtsepi32_epi16(rshr<15>(h));
    store_s16<full>(h16 + k, lanes, _mm256_max_epi16(wide, _mm256_set1_epi16(-32767)));
  }
}

template <bool full>
inline void gru(const GruS8& block) noexcept {
  const __mmask16 lanes = first_lanes(block.units);
  const auto t_x = [&](uint32_t gate) {
    return load_gate<full>(block.t_x + gate * block.units, block.units, lanes);
  };
  const auto t_h = [&](uint32_t gate) {
    return load_gate<full>(block.t_h + gate * block.units, block.units, lanes);
  };
  const __m512i r = rshr<8>(_mm512_add_epi32(t_x(0), t_h(0)));
  const __m512i z = rshr<8>(_mm512_add_epi32(t_x(1), t_h(1)));
  const __m512i gates_rz = sigmoid_of(r, z);
  const __m512i n = rshr<7>(_mm512_add_epi32(t_x(2), gated(t_h(2), twice_first(gates_rz))));
  const __m512i h = gru_h(load_s32<full>(block.h, lanes), twice_second(gates_rz), tanh_of(n, n));
  store_s32<full>(block.h, lanes, h);
  store_h<full>(h, 0, block.h8, block.h16, lanes);
}

// 16 units from k on, or the rest
template <bool full>
inline void gru_reset(const GruResetS8& block, uint32_t k) noexcept {
  const __mmask16 lanes = first_lanes(block.units - k);
  const __m512i r = rshr<8>(load_s32<full>(block.t + k, lanes));
  const __m512i z = rshr<8>(load_s32<full>(block.t + block.units + k, lanes));
  const __m512i gates_rz = sigmoid_of(r, z);
  store_s16<full>(block.z + k, lanes, second(gates_rz));
  const __m512i rh = gated(load_s32<full>(block.h + k, lanes), twice_first(gates_rz));
  store_h<full>(rh, k, block.rh8, block.rh16, lanes);
}

template <bool full>
inline void gru_update(const GruUpdateS8& block, uint32_t k) noexcept {
  const __mmask16 lanes = first_lanes(block.units - k);
  const __m512i n = rshr<7>(load_s32<full>(block.t + k, lanes));
  const __m512i z = _mm512_cvtepi16_epi32(_mm256_maskz_loadu_epi16(lanes, block.z + k));
  const __m512i h = gru_h(load_s32<full>(block.h + k, lanes),
                          _mm512_or_si512(z, _mm512_slli_epi32(z, 16)), tanh_of(n, n));
  store_s32<full>(block.h + k, lanes, h);
  store_h<full>(h, k, block.h8, block.h16, lanes);
}

void lstm_s8(const LstmS8& block) noexcept {
  // A block has 16 units at most.
  return block.units == 16 ? lstm<true>(block) : lstm<false>(block);
}
void gru_s8(const GruS8& block) noexcept {
  return block.units == 16 ? gru<true>(block) : gru<false>(block);
}
void gru_reset_s8(const GruResetS8& block) noexcept {
  uint32_t k = 0;
  for (; k + 16 <= block.units; k += 16) gru_reset<true>(block, k);
  if (k != block.units) gru_reset<false>(block, k);
}
void gru_update_s8(const GruUpdateS8& block) noexcept {
  uint32_t k = 0;
  for (; k + 16 <= block.units; k += 16) gru_update<true>(block, k);
  if (k != block.units) gru_update<false>(block, k);
}

void tanh_s8(const TanhS8& block) noexcept {
  for (uint32_t k = 0; k < block.units; k += 32) {
    const uint32_t left = block.units - k;
    const __mmask16 low = first_lanes(left), high = first_lanes(left < 16 ? 0 : left - 16);
    const __m512i packed = tanh_of(rshr<7>(_mm512_maskz_loadu_epi32(low, block.t + k)),
                                   rshr<7>(_mm512_maskz_loadu_epi32(high, block.t + k + 16)));
    const __m512i in_order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    const __m512i h = _mm512_permutexvar_epi64(in_order, packed);
    const __mmask32 lanes = low | static_cast<__mmask32>(high) << 16;
    if (block.h8 != nullptr) {
      // rshr(h, 8) is a product with 2^7 in units of 2^-15
      const __m512i narrow = _mm512_mulhrs_epi16(h, _mm512_set1_epi16(1 << 7));
      _mm256_mask_storeu_epi8(block.h8 + k, lanes, _mm512_cvtsepi16_epi8(narrow));
    }
    if (block.h16 != nullptr) _mm512_mask_storeu_epi16(block.h16 + k, lanes, h);
  }
}

}  // namespace
}  // namespace rondo::kernel
