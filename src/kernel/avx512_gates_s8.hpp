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

// tanh_q of 16-bit arguments from packs, in steps, for those who have other work to do in between;
// with k_pieces.half as c0 that plus 2^15, modulo 2^16.
struct Cubic {
  __m512i raw;  // before start
  __m512i piece, u, y;
  __mmask32 negative;

  static __m512i coefficient(__m512i piece, const int16_t (&c)[32]) noexcept {
    return _mm512_permutexvar_epi16(piece, _mm512_load_si512(c));
  }
  void start(__m512i packed) noexcept {
    negative = _mm512_movepi16_mask(packed);
    const __m512i a = _mm512_abs_epi16(packed);
    piece = _mm512_srli_epi16(a, 11);
    // ((a & 2047) - 1024) * 32: the shift drops the piece, flipping the top bit subtracts.
    const __m512i top = _mm512_set1_epi16(static_cast<int16_t>(-32768));
    u = _mm512_xor_si512(_mm512_slli_epi16(a, 5), top);
    y = coefficient(piece, k_pieces.c3);
  }
  void next(const int16_t (&c)[32]) noexcept {
    y = _mm512_add_epi16(coefficient(piece, c), _mm512_mulhrs_epi16(y, u));
  }
  __m512i end(const int16_t (&c0)[32]) noexcept {
    u = _mm512_srai_epi16(u, 2);
    next(c0);
    return _mm512_mask_sub_epi16(y, negative, _mm512_setzero_si512(), y);
  }
};

// The same of 32-bit arguments, at once.
inline __m512i tanh_of(__m512i low, __m512i high, const int16_t (&c0)[32]) noexcept {
  Cubic cubic;
  cubic.start(_mm512_packs_epi32(low, high));
  cubic.next(k_pieces.c2);
  cubic.next(k_pieces.c1);
  return cubic.end(c0);
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

// lstm_c of numeric.hpp: what is added, and the new c.
inline __m512i lstm_added(__m512i gates_if, __m512i tanh_go) noexcept {
  // i * g + 2^7; i without its copy, since a lane adds the products of both halves.
  const __m512i i = _mm512_unpacklo_epi16(gates_if, _mm512_setzero_si512());
  return _mm512_srai_epi32(_mm512_dpwssd_epi32(_mm512_set1_epi32(1 << 7), i, twice_first(tanh_go)),
                           8);
}
inline __m512i lstm_c(__m512i c, __m512i gates_if, __m512i added) noexcept {
  const __m512i kept = gated(c, twice_second(gates_if));
  const __m512i sum = _mm512_add_epi32(kept, added);
  // Too large where both have the sign that the sum has not: ~(kept ^ added) & (kept ^ sum).
  const __m512i too_large = _mm512_ternarylogic_epi32(kept, added, sum, 0x42);
  return _mm512_mask_xor_epi32(sum, _mm512_movepi32_mask(too_large), _mm512_srai_epi32(sum, 31),
                               _mm512_set1_epi32(INT32_MIN));
}
// The argument of lstm_tanh_c, before packs.
inline __m512i lstm_argument(__m512i c) noexcept {
  return rshr<10>(_mm512_min_epi32(c, _mm512_set1_epi32(INT32_MAX - 512)));
}

// lstm_h8: a shift of o * tanh_c by 16 and, rounding, by 7. Bytes: of every 128 bits the first four
// are from the first source of packs, the next four from its second.
inline __m512i lstm_h8(__m512i gates_o, __m512i tanh_c) noexcept {
  const __m512i product = _mm512_mulhi_epi16(gates_o, tanh_c);
  const __m512i h = _mm512_srai_epi16(_mm512_add_epi16(product, _mm512_set1_epi16(1 << 6)), 7);
  return _mm512_packs_epi16(h, h);
}

}  // namespace
}  // namespace rondo::kernel
