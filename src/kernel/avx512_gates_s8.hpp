// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// AVX-512 with VNNI: gates of 16 units at once, for avx512_cells_s8.hpp: tanh, sigmoid, and what
// gates do to 32-bit states. The formulas are in numeric.hpp. All of it has internal linkage.
//
// The cubic runs in 16-bit lanes. packs interleaves two times 16 int32 by 128 bits,
// [a0-3 b0-3 | a4-7 b4-7 | ...]; the unpacks that lead back to 32 bits undo it.
#pragma once
#include <immintrin.h>

#include <rondo/numeric.hpp>

namespace rondo::kernel {
namespace {

// rshr(a, n)
template <int n>
inline __m512i rshr(__m512i a) noexcept {
  return _mm512_srai_epi32(_mm512_add_epi32(a, _mm512_set1_epi32(1 << (n - 1))), n);
}

// The coefficients of k_tanh and a 17th piece for the argument -32768, which packs knows and sat16
// does not: 32767, as for -32767. `half` is c0 + 2^15, for gates of a sigmoid.
struct alignas(64) Pieces {
  int16_t c0[32], half[32], c1[32], c2[32], c3[32];
};
constexpr Pieces pieces_of(const TanhCubics& cubics) noexcept {
  Pieces pieces = {};
  for (int i = 0; i < 17; ++i) {
    pieces.c0[i] = i < 16 ? cubics.c0[i] : int16_t{32767};
    pieces.half[i] = static_cast<int16_t>(pieces.c0[i] - 32768);  // the same modulo 2^16
    pieces.c1[i] = i < 16 ? cubics.c1[i] : int16_t{0};
    pieces.c2[i] = i < 16 ? cubics.c2[i] : int16_t{0};
    pieces.c3[i] = i < 16 ? cubics.c3[i] : int16_t{0};
  }
  return pieces;
}
constexpr Pieces k_pieces = pieces_of(k_tanh);

// tanh_q(sat16(a)) of 32-bit arguments, with k_pieces.half as c0 that plus 2^15, modulo 2^16.
inline __m512i tanh_of(__m512i low, __m512i high, const int16_t (&c0)[32]) noexcept {
  const __m512i raw = _mm512_packs_epi32(low, high);
  const __m512i a = _mm512_abs_epi16(raw);
  const __m512i piece = _mm512_srli_epi16(a, 11);
  const auto coefficient = [&](const int16_t(&c)[32]) {
    return _mm512_permutexvar_epi16(piece, _mm512_load_si512(c));
  };
  // ((a & 2047) - 1024) * 32: the shift drops the piece, flipping the top bit subtracts.
  const __m512i top = _mm512_set1_epi16(static_cast<int16_t>(-32768));
  const __m512i u = _mm512_xor_si512(_mm512_slli_epi16(a, 5), top);
  __m512i y = coefficient(k_pieces.c3);
  y = _mm512_add_epi16(coefficient(k_pieces.c2), _mm512_mulhrs_epi16(y, u));
  y = _mm512_add_epi16(coefficient(k_pieces.c1), _mm512_mulhrs_epi16(y, u));
  y = _mm512_add_epi16(coefficient(c0), _mm512_mulhrs_epi16(y, _mm512_srai_epi16(u, 2)));
  return _mm512_mask_sub_epi16(y, _mm512_movepi16_mask(raw), _mm512_setzero_si512(), y);
}
inline __m512i tanh_of(__m512i low, __m512i high) noexcept {
  return tanh_of(low, high, k_pieces.c0);
}

// sigmoid_q's min((y + 32769) >> 1, 32767), from y + 2^15; avg adds the one and halves.
inline __m512i sigmoid_from(__m512i y) noexcept {
  return _mm512_min_epu16(_mm512_avg_epu16(y, _mm512_setzero_si512()), _mm512_set1_epi16(32767));
}
// sigmoid_q(sat16(a)) of 32-bit arguments
inline __m512i sigmoid_of(__m512i low, __m512i high) noexcept {
  return sigmoid_from(tanh_of(low, high, k_pieces.half));
}

// What packs took from its first or second source, in both halves of every 32 bits.
inline __m512i twice_first(__m512i packed) noexcept {
  return _mm512_unpacklo_epi16(packed, packed);
}
inline __m512i twice_second(__m512i packed) noexcept {
  return _mm512_unpackhi_epi16(packed, packed);
}

// rdmulh32(a, gate * 65536); the gate is in both halves of a lane. With a = 65536 h + l + 32768 it
// is 2 h gate + gate + rdmulh16(l, gate).
inline __m512i gated(__m512i a, __m512i gate) noexcept {
  const __m512i l = _mm512_xor_si512(a, _mm512_set1_epi32(0x8000));
  const __m512i small = _mm512_mask_mulhrs_epi16(gate, 0x55555555, l, gate);
  const __m512i h =
      _mm512_shuffle_epi8(a, _mm512_set4_epi32(0x0F0E0F0E, 0x0B0A0B0A, 0x07060706, 0x03020302));
  return _mm512_dpwssd_epi32(_mm512_madd_epi16(h, gate), small, _mm512_set1_epi16(1));
}

// lstm_c of numeric.hpp
inline __m512i lstm_c(__m512i c, __m512i gates_if, __m512i tanh_go) noexcept {
  // i * g + 2^7; i without its copy, since a lane adds the products of both halves.
  const __m512i zero = _mm512_setzero_si512();
  const __m512i product = _mm512_dpwssd_epi32(
      _mm512_set1_epi32(1 << 7), _mm512_unpacklo_epi16(gates_if, zero), twice_first(tanh_go));
  const __m512i added = _mm512_srai_epi32(product, 8);
  // What is kept, within bounds that leave room for what is added.
  const __m512i least =
      _mm512_sub_epi32(_mm512_set1_epi32(INT32_MIN), _mm512_min_epi32(added, zero));
  const __m512i most =
      _mm512_sub_epi32(_mm512_set1_epi32(INT32_MAX), _mm512_max_epi32(added, zero));
  const __m512i kept = gated(c, twice_second(gates_if));
  return _mm512_add_epi32(_mm512_min_epi32(_mm512_max_epi32(kept, least), most), added);
}
// The argument of lstm_tanh_c, before packs.
inline __m512i lstm_argument(__m512i c) noexcept {
  return rshr<10>(_mm512_min_epi32(c, _mm512_set1_epi32(INT32_MAX - 512)));
}

// lstm_h8: a shift of o * tanh_c by 16 and, rounding, by 7.
inline __m128i lstm_h8(__m512i gates_o, __m512i tanh_c) noexcept {
  const __m512i product = _mm512_mulhi_epi16(gates_o, tanh_c);
  const __m512i h = _mm512_srai_epi16(_mm512_add_epi16(product, _mm512_set1_epi16(1 << 6)), 7);
  const __m512i odd = _mm512_castsi128_si512(_mm_setr_epi32(1, 5, 9, 13));
  return _mm512_castsi512_si128(_mm512_permutexvar_epi32(odd, _mm512_packs_epi16(h, h)));
}

}  // namespace
}  // namespace rondo::kernel
