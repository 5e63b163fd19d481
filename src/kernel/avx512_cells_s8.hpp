// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// AVX-512 with VNNI: the pointwise parts of the int8 cells, for avx512_vnni_s8.cpp. All of it has
// internal linkage.
#pragma once
#include <immintrin.h>

#include "kernel/avx512_stages_s8.hpp"
#include "kernel/kernels_s8.hpp"

namespace rondo::kernel {
namespace {

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

template <bool full>
inline void lstm(const LstmS8& block) noexcept {
  const __mmask16 lanes = first_lanes(block.units);
  LstmStages<full> cell;
  cell.to = {block.c, block.h8, block.h16, lanes};
  __m512i t[4];
  each<4>([&](auto gate) {
    t[gate] = _mm512_add_epi32(
        load_gate<full>(block.t + uint32_t{gate} * block.units, block.units, lanes),
        _mm512_set1_epi32(cell.rounding(gate)));
  });
  cell.take(t);
  finish(cell);
}

template <bool full>
inline void gru(const GruS8& block) noexcept {
  const __mmask16 lanes = first_lanes(block.units);
  GruStages<full> cell;
  cell.to = {block.h, block.h8, block.h16, lanes};
  const auto t_x = [&](uint32_t gate) {
    return load_gate<full>(block.t_x + gate * block.units, block.units, lanes);
  };
  const auto t_h = [&](uint32_t gate) {
    return load_gate<full>(block.t_h + gate * block.units, block.units, lanes);
  };
  const __m512i half = _mm512_set1_epi32(cell.rounding(0));
  cell.take({_mm512_add_epi32(_mm512_add_epi32(t_x(0), t_h(0)), half),
             _mm512_add_epi32(_mm512_add_epi32(t_x(1), t_h(1)), half), t_h(2)},
            t_x(2));
  finish(cell);
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
