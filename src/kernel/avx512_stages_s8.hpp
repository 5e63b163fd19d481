// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// AVX-512 with VNNI: the pointwise parts of LSTM and GRU for 16 units, in stages, for
// avx512_cells_s8.hpp (one after the other) and avx512_steps_s8.hpp (between the products of the
// next units: at once they would fill the scheduler of the CPU with what waits for results, and
// the loads behind them would wait too). All of it has internal linkage.
#pragma once
#include <immintrin.h>

#include "kernel/avx512_gates_s8.hpp"
#include "kernel/tiles_s8.hpp"

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

// The 64 bits at even places, together: what packs took from its first source.
inline __m256i first(__m512i packed) noexcept {
  const __m512i even = _mm512_setr_epi64(0, 2, 4, 6, 0, 2, 4, 6);
  return _mm512_castsi512_si256(_mm512_permutexvar_epi64(even, packed));
}
// Those at odd places, from its second source.
inline __m256i second(__m512i packed) noexcept {
  const __m512i odd = _mm512_setr_epi64(1, 3, 5, 7, 1, 3, 5, 7);
  return _mm512_castsi512_si256(_mm512_permutexvar_epi64(odd, packed));
}
// Of a part 4, 8 or 12: not through a mask, since nothing that was stored so can be forwarded to a
// load (the next step reads h at once).
template <bool full>
inline void store_s16(int16_t* p, __mmask16 lanes, __m256i a) noexcept {
  if constexpr (full) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), a);
  } else if (lanes == 0xF) {
    _mm_storeu_si64(p, _mm256_castsi256_si128(a));
  } else {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_castsi256_si128(a));
    if (lanes == 0xFFF) _mm_storeu_si64(p + 8, _mm256_extracti128_si256(a, 1));
  }
}
template <bool full>
inline void store_s8(int8_t* p, __mmask16 lanes, __m128i a) noexcept {
  if constexpr (full) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), a);
  } else if (lanes == 0xF) {
    _mm_storeu_si32(p, a);
  } else {
    _mm_storeu_si64(p, a);
    if (lanes == 0xFFF) _mm_storeu_si32(p + 8, _mm_unpackhi_epi64(a, a));
  }
}

// What a cell has in and out: the next units of c or h, and of h8 and h16 where they are wanted.
struct Outputs {
  int32_t* state;
  int8_t* h8;
  int16_t* h16;
  __mmask16 lanes;

  void move_on(uint32_t units = 16) noexcept {
    state += units;
    if (h8 != nullptr) h8 += units;
    if (h16 != nullptr) h16 += units;
  }
};

template <bool full>
struct LstmStages {
  static constexpr int gates = 4, stages = 8;
  // The halves of rshr<8>, and of rshr<7> for g: whoever makes the sums adds them.
  static constexpr int rounding(int gate) noexcept { return gate == 2 ? 1 << 6 : 1 << 7; }

  Outputs to;
  Cubic gates_if, tanh_go;
  __m512i i_f, o, added, c;

  inline __attribute__((always_inline)) void take(const __m512i (&t)[4]) noexcept {
    gates_if.raw = _mm512_packs_epi32(_mm512_srai_epi32(t[0], 8), _mm512_srai_epi32(t[1], 8));
    tanh_go.raw = _mm512_packs_epi32(_mm512_srai_epi32(t[2], 7), _mm512_srai_epi32(t[3], 8));
  }
  inline __attribute__((always_inline)) void stage(int number) noexcept {
    switch (number) {
      case 0:
        gates_if.start(gates_if.raw);
        return tanh_go.start(tanh_go.raw);
      case 1:
        gates_if.next(k_pieces.c2);
        tanh_go.next(k_pieces.c2);
        gates_if.next(k_pieces.c1);
        return tanh_go.next(k_pieces.c1);
      case 2:
        i_f = sigmoid_from(gates_if.end(k_pieces.half));
        o = tanh_go.end(k_pieces.c0);
        return;
      case 3:
        added = lstm_added(i_f, o);
        o = sigmoid_from(_mm512_xor_si512(o, _mm512_set1_epi16(static_cast<int16_t>(-32768))));
        return;
      case 4:
        c = lstm_c(load_s32<full>(to.state, to.lanes), i_f, added);
        return store_s32<full>(to.state, to.lanes, c);
      case 5:
        c = lstm_argument(c);
        tanh_go.start(_mm512_packs_epi32(c, c));
        return tanh_go.next(k_pieces.c2);
      case 6:
        tanh_go.next(k_pieces.c1);
        c = tanh_go.end(k_pieces.c0);
        return;
      default:
        if (to.h8 != nullptr) {
          const __m512i odd = _mm512_castsi128_si512(_mm_setr_epi32(1, 5, 9, 13));
          store_s8<full>(to.h8, to.lanes,
                         _mm512_castsi512_si128(_mm512_permutexvar_epi32(odd, lstm_h8(o, c))));
        }
        if (to.h16 != nullptr) {
          store_s16<full>(to.h16, to.lanes, second(_mm512_mulhrs_epi16(o, c)));
        }
    }
  }
};

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
struct GruStages {
  static constexpr int gates = 3, stages = 7;
  // As above; what r multiplies is not rounded.
  static constexpr int rounding(int gate) noexcept { return gate == 2 ? 0 : 1 << 7; }

  Outputs to;
  Cubic gates_rz, tanh_n;
  __m512i r_z, n, t_n, h;

  // t: r and z in whole, of n the part of h; x_n: its other part.
  inline __attribute__((always_inline)) void take(const __m512i (&t)[3], __m512i x_n) noexcept {
    gates_rz.raw = _mm512_packs_epi32(_mm512_srai_epi32(t[0], 8), _mm512_srai_epi32(t[1], 8));
    t_n = t[2];
    n = x_n;
  }
  inline __attribute__((always_inline)) void stage(int number) noexcept {
    switch (number) {
      case 0:
        gates_rz.start(gates_rz.raw);
        return gates_rz.next(k_pieces.c2);
      case 1:
        gates_rz.next(k_pieces.c1);
        r_z = sigmoid_from(gates_rz.end(k_pieces.half));
        return;
      case 2:
        n = rshr<7>(_mm512_add_epi32(n, gated(t_n, twice_first(r_z))));
        return;
      case 3:
        tanh_n.start(_mm512_packs_epi32(n, n));
        return tanh_n.next(k_pieces.c2);
      case 4:
        tanh_n.next(k_pieces.c1);
        n = tanh_n.end(k_pieces.c0);
        return;
      case 5:
        h = gru_h(load_s32<full>(to.state, to.lanes), twice_second(r_z), n);
        return store_s32<full>(to.state, to.lanes, h);
      default:
        store_h<full>(h, 0, to.h8, to.h16, to.lanes);
    }
  }
};

// All stages one after the other.
template <class Cell>
inline __attribute__((always_inline)) void finish(Cell& cell) noexcept {
  each<Cell::stages>([&](auto number) __attribute__((always_inline)) { cell.stage(number); });
}

}  // namespace
}  // namespace rondo::kernel
