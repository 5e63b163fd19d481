// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// AVX2: gates of 16 units at once, for avx2_cells_s8.hpp: arguments, tanh, sigmoid, and what gates
// do to 32-bit states. The formulas are in numeric.hpp. All of it has internal linkage.
//
// The cubic runs in 16-bit lanes. packs joins the two halves of 16 int32 as [0-3 8-11 | 4-7 12-15];
// the unpacks that lead back to 32 bits undo it.
#pragma once
#include <immintrin.h>

#include <rondo/numeric.hpp>

#include "kernel/avx2_rows_s8.hpp"

namespace rondo::kernel {
namespace {

// int32 of 16 units, or 16-bit gates of twice 16 units.
struct Two {
  __m256i low, high;
};

// packs of rshr(a, n); -32768 stands for less than -32767.
template <int n>
inline __m256i argument_of(const Two& a) noexcept {
  const __m256i half = _mm256_set1_epi32(1 << (n - 1));
  return _mm256_packs_epi32(_mm256_srai_epi32(_mm256_add_epi32(a.low, half), n),
                            _mm256_srai_epi32(_mm256_add_epi32(a.high, half), n));
}

// Lower and upper bytes of k_tanh, for byte shuffles: once for each half of a register.
struct alignas(32) Bytes {
  uint8_t low[32], high[32];
};
constexpr Bytes bytes_of(const int16_t (&table)[16]) noexcept {
  Bytes bytes = {};
  for (int i = 0; i < 32; ++i) {
    bytes.low[i] = static_cast<uint8_t>(table[i % 16] & 255);
    bytes.high[i] = static_cast<uint8_t>(static_cast<uint16_t>(table[i % 16]) >> 8);
  }
  return bytes;
}
constexpr Bytes k_c0 = bytes_of(k_tanh.c0), k_c1 = bytes_of(k_tanh.c1), k_c2 = bytes_of(k_tanh.c2),
                k_c3 = bytes_of(k_tanh.c3);

// The coefficients of 32 pieces that packus joined.
inline Two coefficients(const Bytes& bytes, __m256i pieces) noexcept {
  const __m256i low = _mm256_shuffle_epi8(load(bytes.low), pieces);
  const __m256i high = _mm256_shuffle_epi8(load(bytes.high), pieces);
  return {_mm256_unpacklo_epi8(low, high), _mm256_unpackhi_epi8(low, high)};
}

// c + rdmulh16(y, u)
inline __m256i step(__m256i c, __m256i y, __m256i u) noexcept {
  return _mm256_add_epi16(c, _mm256_mulhrs_epi16(y, u));
}
// |sat16(raw)|
inline __m256i magnitude(__m256i raw) noexcept {
  return _mm256_min_epu16(_mm256_abs_epi16(raw), _mm256_set1_epi16(32767));
}
// ((a & 2047) - 1024) * 32: the shift drops the piece, flipping the top bit subtracts.
inline __m256i place_in_piece(__m256i a) noexcept {
  const __m256i top = _mm256_set1_epi16(static_cast<int16_t>(-32768));
  return _mm256_xor_si256(_mm256_slli_epi16(a, 5), top);
}

// Both are there before anything goes on: left to themselves, compilers finish one chain first and
// keep on the stack what the other one needs.
inline void together(Two& a) noexcept {
  asm("" : "+x"(a.low), "+x"(a.high));
}

// tanh_q of two times 16 arguments. tanh_q(0) is 0, which is what sign makes of it.
inline __attribute__((always_inline)) Two tanh_of(__m256i raw_low, __m256i raw_high) noexcept {
  const Two a = {magnitude(raw_low), magnitude(raw_high)};
  const __m256i pieces =
      _mm256_packus_epi16(_mm256_srli_epi16(a.low, 11), _mm256_srli_epi16(a.high, 11));
  const Two u = {place_in_piece(a.low), place_in_piece(a.high)};
  Two y = coefficients(k_c3, pieces);
  const auto next = [&](const Bytes& bytes, const Two& at) {
    const Two c = coefficients(bytes, pieces);
    y = {step(c.low, y.low, at.low), step(c.high, y.high, at.high)};
    together(y);
  };
  next(k_c2, u);
  next(k_c1, u);
  next(k_c0, {_mm256_srai_epi16(u.low, 2), _mm256_srai_epi16(u.high, 2)});
  return {_mm256_sign_epi16(y.low, raw_low), _mm256_sign_epi16(y.high, raw_high)};
}
inline __m256i tanh_of(__m256i raw) noexcept {
  const __m256i a = magnitude(raw);
  const __m256i piece = _mm256_srli_epi16(a, 11);
  const __m256i pieces = _mm256_packus_epi16(piece, piece);
  const __m256i u = place_in_piece(a);
  __m256i y = coefficients(k_c3, pieces).low;
  y = step(coefficients(k_c2, pieces).low, y, u);
  y = step(coefficients(k_c1, pieces).low, y, u);
  y = step(coefficients(k_c0, pieces).low, y, _mm256_srai_epi16(u, 2));
  return _mm256_sign_epi16(y, raw);
}

// What sigmoid_q makes of the tanh: min((y + 32769) >> 1, 32767); avg adds the one and halves.
inline __m256i sigmoid_from(__m256i y) noexcept {
  const __m256i top = _mm256_set1_epi16(static_cast<int16_t>(-32768));
  const __m256i mean = _mm256_avg_epu16(_mm256_xor_si256(y, top), _mm256_setzero_si256());
  return _mm256_min_epu16(mean, _mm256_set1_epi16(32767));
}

// A gate in both halves of every 32 bits.
inline Two twice(__m256i gate) noexcept {
  return {_mm256_unpacklo_epi16(gate, gate), _mm256_unpackhi_epi16(gate, gate)};
}

// sum + a[0] b[0] + a[1] b[1] in every 32 bits
inline __m256i add_products(__m256i sum, __m256i a, __m256i b) noexcept {
#ifdef __AVXVNNI__
  return _mm256_dpwssd_avx_epi32(sum, a, b);
#else
  return _mm256_add_epi32(sum, _mm256_madd_epi16(a, b));
#endif
}

// rdmulh32(a, gate * 65536); the gate is in both halves of a lane. With a = 65536 h + l + 32768 it
// is 2 h gate + gate + rdmulh16(l, gate).
inline __m256i gated(__m256i a, __m256i gate) noexcept {
  const __m256i l = _mm256_xor_si256(a, _mm256_set1_epi32(0x8000));
  const __m256i small = _mm256_blend_epi16(_mm256_mulhrs_epi16(l, gate), gate, 0xAA);
  const __m256i h =
      _mm256_shuffle_epi8(a, _mm256_setr_epi32(0x03020302, 0x07060706, 0x0B0A0B0A, 0x0F0E0F0E,
                                               0x03020302, 0x07060706, 0x0B0A0B0A, 0x0F0E0F0E));
  return add_products(_mm256_madd_epi16(h, gate), small, _mm256_set1_epi16(1));
}

// lstm_c of numeric.hpp; i with zeros in the upper halves, f and g in both.
inline __m256i lstm_c(__m256i c, __m256i i, __m256i f, __m256i g) noexcept {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i added = _mm256_srai_epi32(add_products(_mm256_set1_epi32(1 << 7), i, g), 8);
  // What is kept, within bounds that leave room for what is added.
  const __m256i least =
      _mm256_sub_epi32(_mm256_set1_epi32(INT32_MIN), _mm256_min_epi32(added, zero));
  const __m256i most =
      _mm256_sub_epi32(_mm256_set1_epi32(INT32_MAX), _mm256_max_epi32(added, zero));
  const __m256i kept = gated(c, f);
  return _mm256_add_epi32(_mm256_min_epi32(_mm256_max_epi32(kept, least), most), added);
}

}  // namespace
}  // namespace rondo::kernel
