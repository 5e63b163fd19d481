// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// AVX-512 with VNNI: products with prepared operands, requantizing, the column of a token, for
// avx512_vnni_s8.cpp. All of it has internal linkage.
#pragma once
#include <immintrin.h>
#include <string.h>

#include "kernel/avx512_stages_s8.hpp"

namespace rondo::kernel {
namespace {

// Four bytes of an operand in every lane.
__m512i broadcast(const uint8_t* x) noexcept {
  int32_t four;
  memcpy(&four, x, sizeof four);
  return _mm512_set1_epi32(four);
}

// The odd lanes of 16 int32 in the even ones.
template <bool full>
__m512i load_odd(const int32_t* p, __mmask16 lanes) noexcept {
  if constexpr (full) return _mm512_castps_si512(_mm512_movehdup_ps(_mm512_loadu_ps(p)));
  return _mm512_srli_epi64(_mm512_maskz_loadu_epi32(lanes, p), 32);
}

// rdmulh32(a << shift, b) is the upper half of 2 (a << shift) b + 2^31; 2 (a << shift) fits, see
// k_acc_limit. `added` comes on top.
struct Rounding {
  __m512i count, half;
  Rounding() = default;
  explicit Rounding(uint32_t shift, int64_t added = 0) noexcept
      : count(_mm512_set1_epi32(static_cast<int32_t>(shift + 1))),
        half(_mm512_set1_epi64((int64_t{1} << 31) + added * (int64_t{1} << 32))) {}
};
__m512i requantize(__m512i a, __m512i b, __m512i b_odd, const Rounding& rounding) noexcept {
  const __m512i twice = _mm512_sllv_epi32(a, rounding.count);
  const __m512i even = _mm512_add_epi64(_mm512_mul_epi32(twice, b), rounding.half);
  const __m512i odd =
      _mm512_add_epi64(_mm512_mul_epi32(_mm512_srli_epi64(twice, 32), b_odd), rounding.half);
  return _mm512_mask_shuffle_epi32(odd, 0x5555, even, _MM_PERM_DDBB);
}

// Where there is no work of others.
constexpr auto k_nothing = [](int) {};

// The products of a tile of rows (`registers` of 16) with some vectors: total[vector][register].
// An input is one byte (planes = 1) or two. There are `sets` of sums, of every such group, so that
// none waits for itself. between(0) ... between(stages - 1): work of others, spread over the
// groups; there may be none. plain: x are numbers of int8, not yet an operand.
template <int planes, int registers, int vectors, bool full, int sets, int stages,
          bool plain = false, class Between>
inline __attribute__((always_inline)) void multiply(const ProductS8& p, uint32_t row, uint32_t v,
                                                    __m512i (&total)[unsigned{vectors * registers}],
                                                    const Between& between) noexcept {
  constexpr int operands = vectors * planes;
  constexpr int sums = operands * registers;
  const __mmask16 left_over = first_lanes(p.rows - row);
  __m512i acc[unsigned{sums * sets}];
  each<registers>([&](auto n) __attribute__((always_inline)) {
    const __m512i all = load_s32<full>(p.sums + row + 16 * n, left_over);
    const __m512i zero = _mm512_setzero_si512();
    const __m512i start = _mm512_sub_epi32(zero, _mm512_slli_epi32(all, 7));
    each<operands>([&](auto k) __attribute__((always_inline)) {
      each<sets>([&](auto set) __attribute__((always_inline)) {
        acc[set * sums + k * registers + n] = own(set == 0 && k % planes == 0 ? start : zero);
      });
    });
  });

  const int8_t* w = p.w + 4 * row;
  const uint8_t* x = p.x + v * p.x_stride;
  const size_t step = size_t{4} * p.rows;
  const auto add_group = [&](auto set) __attribute__((always_inline)) {
    __m512i weights[unsigned{registers}];
    each<registers>([&](auto n) __attribute__((always_inline)) {
      weights[n] = load_s32<full>(w + 64 * n, left_over);
      if constexpr (operands > 1) weights[n] = own(weights[n]);
    });
    each<operands>([&](auto k) __attribute__((always_inline)) {
      __m512i four = broadcast(x + static_cast<size_t>(k / planes) * p.x_stride + 4 * (k % planes));
      if constexpr (plain) four = _mm512_xor_si512(four, _mm512_set1_epi8(-128));
      each<registers>([&](auto n) __attribute__((always_inline)) {
        __m512i& sum = acc[set * sums + k * registers + n];
        sum = own(_mm512_dpbusd_epi32(sum, four, weights[n]));
      });
    });
    w += step;
    x += 4 * planes;
  };
  const uint32_t groups = p.padded / 4;
  constexpr int parts = stages == 0 ? 1 : stages;
  const uint32_t of_part = groups / (sets * parts);
  for (uint32_t left = groups - of_part * sets * parts; left != 0; --left) {
    add_group(Constant<0>());
  }
  each<parts>([&]([[maybe_unused]] auto part) __attribute__((always_inline)) {
    for (uint32_t left = of_part; left != 0; --left) each<sets>(add_group);
    if constexpr (stages != 0) between(part);
  });
  each<registers>([&](auto n) __attribute__((always_inline)) {
    each<vectors>([&](auto k) __attribute__((always_inline)) {
      const auto plane = [&](int number) __attribute__((always_inline)) {
        const int at = (k * planes + number) * registers + n;
        return sets == 1 ? acc[at] : _mm512_add_epi32(acc[at], acc[at + sums * (sets - 1)]);
      };
      __m512i sum = plane(0);
      if constexpr (planes == 2) sum = _mm512_add_epi32(_mm512_slli_epi32(sum, 8), plane(1));
      total[k * registers + n] = sum;
    });
  });
}

template <int planes>
struct Tile {
  static constexpr int lanes = 16;
  static constexpr int most(int) noexcept { return 4; }

  template <int registers, int vectors, bool full>
  static void run(const ProductS8& p, uint32_t row, uint32_t v) noexcept {
    const __mmask16 left_over = first_lanes(p.rows - row);
    __m512i total[unsigned{vectors * registers}];
    constexpr int sets = vectors * planes * registers <= 4 ? 2 : 1;
    multiply<planes, registers, vectors, full, sets, 0>(p, row, v, total, k_nothing);
    const Rounding rounding(p.shift);
    const int32_t* const scale = p.scale + row;
    const int32_t* from[unsigned{vectors}];
    int32_t* to[unsigned{vectors}];
    each<vectors>([&](auto k) {
      from[k] = from_of(p, v + static_cast<uint32_t>(int{k})) + row;
      to[k] = to_of(p, v + static_cast<uint32_t>(int{k})) + row;
    });
    each<registers>([&](auto n) {
      const __m512i factor = load_s32<full>(scale + 16 * n, left_over);
      const __m512i factor_odd = load_odd<full>(scale + 16 * n, left_over);
      each<vectors>([&](auto k) {
        const __m512i start = load_s32<full>(from[k] + 16 * n, left_over);
        const __m512i scaled = requantize(total[k * registers + n], factor, factor_odd, rounding);
        store_s32<full>(to[k] + 16 * n, left_over, _mm512_add_epi32(start, scaled));
      });
    });
  }
};

void product_s8(const ProductS8& p) noexcept {
  product<Tile<1>, 4>(p);
}
void product_s16(const ProductS8& p) noexcept {
  product<Tile<2>, 2>(p);
}

void column_s8(const ColumnS8& column) noexcept {
  const Rounding rounding(column.shift + 12);  // w * k_token_one
  for (uint32_t r = 0; r < column.rows; r += 16) {
    const __mmask16 lanes = first_lanes(column.rows - r);
    const __m512i w = _mm512_cvtepi8_epi32(_mm_maskz_loadu_epi8(lanes, column.w + r));
    const __m512i scaled = requantize(w, _mm512_maskz_loadu_epi32(lanes, column.scale + r),
                                      load_odd<false>(column.scale + r, lanes), rounding);
    const __m512i from = _mm512_maskz_loadu_epi32(lanes, column.from + r);
    _mm512_mask_storeu_epi32(column.t + r, lanes, _mm512_add_epi32(from, scaled));
  }
}

}  // namespace
}  // namespace rondo::kernel
