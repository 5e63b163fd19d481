// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// AVX2: the pointwise parts of the int8 cells, for avx2_s8.cpp and avx_vnni_s8.cpp. All of it has
// internal linkage.
#pragma once
#include <immintrin.h>

#include "kernel/avx2_gates_s8.hpp"

namespace rondo::kernel {
namespace {

// 16 int32, or 4, 8 or 12 and zeros. Loads no wider than what there is find it in the store buffer
// when a product has just stored it; those through a mask would wait until it is in the cache.
template <bool full>
inline Two load_s32(const int32_t* p, uint32_t units) noexcept {
  if constexpr (full) return {load(p), load(p + 8)};
  return {units < 8 ? load_part<false>(p) : load(p),
          units > 8 ? load_part<false>(p + 8) : _mm256_setzero_si256()};
}
template <bool full>
inline void store_s32(int32_t* p, uint32_t units, const Two& a) noexcept {
  if constexpr (full) {
    store(p, a.low);
    store(p + 8, a.high);
  } else {
    if (units < 8) {
      store_half(p, _mm256_castsi256_si128(a.low));
    } else {
      store(p, a.low);
    }
    if (units > 8) store_half(p + 8, _mm256_castsi256_si128(a.high));
  }
}

// 16 units back in their order; or 4, 8 or 12 of them.
template <bool full>
inline void store_s16(int16_t* p, uint32_t units, __m256i packed) noexcept {
  const __m256i a = _mm256_permute4x64_epi64(packed, 0xD8);
  if constexpr (full) {
    store(p, a);
  } else {
    const __m128i low = _mm256_castsi256_si128(a);
    if (units < 8) {
      _mm_storeu_si64(p, low);
    } else {
      store_half(p, low);
    }
    if (units > 8) _mm_storeu_si64(p + 8, _mm256_extracti128_si256(a, 1));
  }
}
template <bool full>
inline void store_s8(int8_t* p, uint32_t units, __m256i packed) noexcept {
  const __m256i narrow = _mm256_packs_epi16(packed, packed);
  const __m128i a = _mm256_castsi256_si128(
      _mm256_permutevar8x32_epi32(narrow, _mm256_setr_epi32(0, 4, 1, 5, 0, 4, 1, 5)));
  if constexpr (full) {
    store_half(p, a);
  } else {
    if (units < 8) {
      _mm_storeu_si32(p, a);
    } else {
      _mm_storeu_si64(p, a);
    }
    if (units > 8) _mm_storeu_si32(p + 8, _mm_unpackhi_epi64(a, a));
  }
}

template <bool full>
inline void lstm(const LstmS8& block) noexcept {
  const auto t = [&](uint32_t gate) {
    return load_s32<full>(block.t + gate * block.units, block.units);
  };
  const Two tanh_if = tanh_of(argument_of<8>(t(0)), argument_of<8>(t(1)));
  const __m256i gate_i = sigmoid_from(tanh_if.low);
  const Two f = twice(sigmoid_from(tanh_if.high));
  const Two tanh_go = tanh_of(argument_of<7>(t(2)), argument_of<8>(t(3)));
  const Two g = twice(tanh_go.low);
  const __m256i gate_o = sigmoid_from(tanh_go.high);
  const __m256i zero = _mm256_setzero_si256();
  Two c = load_s32<full>(block.c, block.units);
  c = {lstm_c(c.low, _mm256_unpacklo_epi16(gate_i, zero), f.low, g.low),
       lstm_c(c.high, _mm256_unpackhi_epi16(gate_i, zero), f.high, g.high)};
  store_s32<full>(block.c, block.units, c);
  const __m256i most = _mm256_set1_epi32(INT32_MAX - 512);
  const __m256i tanh_c =
      tanh_of(argument_of<10>({_mm256_min_epi32(c.low, most), _mm256_min_epi32(c.high, most)}));
  if (block.h8 != nullptr) {
    // lstm_h8: a shift of o * tanh_c by 16 and, rounding, by 7.
    const __m256i product = _mm256_mulhi_epi16(gate_o, tanh_c);
    const __m256i half = _mm256_set1_epi16(1 << 6);
    store_s8<full>(block.h8, block.units, _mm256_srai_epi16(_mm256_add_epi16(product, half), 7));
  }
  if (block.h16 != nullptr) {
    store_s16<full>(block.h16, block.units, _mm256_mulhrs_epi16(gate_o, tanh_c));
  }
}

// gru_h of numeric.hpp for 16 units
inline Two gru_h(const Two& h, const Two& z, __m256i n) noexcept {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i low = _mm256_srai_epi32(_mm256_unpacklo_epi16(zero, n), 1);
  const __m256i high = _mm256_srai_epi32(_mm256_unpackhi_epi16(zero, n), 1);
  return {_mm256_add_epi32(low, gated(_mm256_sub_epi32(h.low, low), z.low)),
          _mm256_add_epi32(high, gated(_mm256_sub_epi32(h.high, high), z.high))};
}
// gru_h8: packs saturates to 16 bits what the next one saturates to 8. gru_h16: to +-32767.
template <bool full>
inline void store_h(const Two& h, uint32_t k, int8_t* h8, int16_t* h16, uint32_t units) noexcept {
  if (h8 != nullptr) store_s8<full>(h8 + k, units, argument_of<23>(h));
  if (h16 != nullptr) {
    store_s16<full>(h16 + k, units,
                    _mm256_max_epi16(argument_of<15>(h), _mm256_set1_epi16(-32767)));
  }
}

template <bool full>
inline void gru(const GruS8& block) noexcept {
  const auto t_x = [&](uint32_t gate) {
    return load_s32<full>(block.t_x + gate * block.units, block.units);
  };
  const auto t_h = [&](uint32_t gate) {
    return load_s32<full>(block.t_h + gate * block.units, block.units);
  };
  const auto gate = [&](uint32_t k) {
    const Two x = t_x(k), h = t_h(k);
    return argument_of<8>({_mm256_add_epi32(x.low, h.low), _mm256_add_epi32(x.high, h.high)});
  };
  const Two tanh_rz = tanh_of(gate(0), gate(1));
  const Two r = twice(sigmoid_from(tanh_rz.low)), z = twice(sigmoid_from(tanh_rz.high));
  const Two a = t_x(2), b = t_h(2);
  const __m256i n = tanh_of(argument_of<7>({_mm256_add_epi32(a.low, gated(b.low, r.low)),
                                            _mm256_add_epi32(a.high, gated(b.high, r.high))}));
  const Two h = gru_h(load_s32<full>(block.h, block.units), z, n);
  store_s32<full>(block.h, block.units, h);
  store_h<full>(h, 0, block.h8, block.h16, block.units);
}

// 16 units from k on, or the rest
template <bool full>
inline void gru_reset(const GruResetS8& block, uint32_t k) noexcept {
  const uint32_t units = block.units - k;
  const Two tanh_rz = tanh_of(argument_of<8>(load_s32<full>(block.t + k, units)),
                              argument_of<8>(load_s32<full>(block.t + block.units + k, units)));
  store_s16<full>(block.z + k, units, sigmoid_from(tanh_rz.high));
  const Two r = twice(sigmoid_from(tanh_rz.low));
  const Two h = load_s32<full>(block.h + k, units);
  store_h<full>({gated(h.low, r.low), gated(h.high, r.high)}, k, block.rh8, block.rh16, units);
}

template <bool full>
inline void gru_update(const GruUpdateS8& block, uint32_t k) noexcept {
  const uint32_t units = block.units - k;
  const int16_t* const z_at = block.z + k;
  __m256i z;
  if constexpr (full) {
    z = load(z_at);
  } else {
    z = units < 8 ? _mm256_zextsi128_si256(_mm_loadu_si64(z_at)) : load_part<false>(z_at);
    if (units > 8) z = _mm256_inserti128_si256(z, _mm_loadu_si64(z_at + 8), 1);
  }
  const __m256i n = tanh_of(argument_of<7>(load_s32<full>(block.t + k, units)));
  const Two h =
      gru_h(load_s32<full>(block.h + k, units), twice(_mm256_permute4x64_epi64(z, 0xD8)), n);
  store_s32<full>(block.h + k, units, h);
  store_h<full>(h, k, block.h8, block.h16, units);
}

template <bool full>
inline void tanh_units(const TanhS8& block, uint32_t k) noexcept {
  const uint32_t units = block.units - k;
  const __m256i h = tanh_of(argument_of<7>(load_s32<full>(block.t + k, units)));
  if (block.h8 != nullptr) {
    // rshr(h, 8) is a product with 2^7 in units of 2^-15
    store_s8<full>(block.h8 + k, units, _mm256_mulhrs_epi16(h, _mm256_set1_epi16(1 << 7)));
  }
  if (block.h16 != nullptr) store_s16<full>(block.h16 + k, units, h);
}

inline void lstm_s8(const LstmS8& block) noexcept {
  // A block has 16 units at most.
  return block.units == 16 ? lstm<true>(block) : lstm<false>(block);
}
inline void gru_s8(const GruS8& block) noexcept {
  return block.units == 16 ? gru<true>(block) : gru<false>(block);
}
inline void gru_reset_s8(const GruResetS8& block) noexcept {
  uint32_t k = 0;
  for (; k + 16 <= block.units; k += 16) gru_reset<true>(block, k);
  if (k != block.units) gru_reset<false>(block, k);
}
inline void gru_update_s8(const GruUpdateS8& block) noexcept {
  uint32_t k = 0;
  for (; k + 16 <= block.units; k += 16) gru_update<true>(block, k);
  if (k != block.units) gru_update<false>(block, k);
}
inline void tanh_s8(const TanhS8& block) noexcept {
  uint32_t k = 0;
  for (; k + 16 <= block.units; k += 16) tanh_units<true>(block, k);
  if (k != block.units) tanh_units<false>(block, k);
}

}  // namespace
}  // namespace rondo::kernel
