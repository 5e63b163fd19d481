// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 kernels for AVX-512 with VNNI. The specification is scalar_s8.cpp.
//
// vpdpbusd multiplies unsigned by signed bytes. An operand therefore holds x + 128, and what that
// adds is taken off again by the row sums: sum w (x + 128) - 128 sum w. A 16-bit input is two
// bytes, 256 (high byte + 128) + low byte, so its product takes two sums over the same weights.
#include <immintrin.h>
#include <string.h>

#include "kernel/avx512_cells_s8.hpp"
#include "kernel/kernels.hpp"
#include "kernel/tiles_s8.hpp"

namespace rondo::kernel {
namespace {

__mmask64 first_bytes(uint32_t n) noexcept {
  return n < 64 ? (uint64_t{1} << n) - 1 : ~uint64_t{0};
}

// operand = x + 128 as bytes; a multiple of 64 of them fits, see operand_bytes.
void prepare_s8(const int8_t* x, uint32_t inputs, uint32_t padded, uint8_t* operand) noexcept {
  const __m512i top = _mm512_set1_epi8(-128);
  for (uint32_t i = 0; i < padded; i += 64) {
    const __m512i bytes = _mm512_maskz_loadu_epi8(i < inputs ? first_bytes(inputs - i) : 0, x + i);
    _mm512_storeu_si512(operand + i, _mm512_xor_si512(bytes, top));
  }
}

// operand = for each group of 4 inputs the high bytes + 128, then the low bytes.
void prepare_s16(const int16_t* x, uint32_t inputs, uint32_t padded, uint8_t* operand) noexcept {
  const __m512i split =
      _mm512_broadcast_i32x4(_mm_setr_epi8(1, 3, 5, 7, 0, 2, 4, 6, 9, 11, 13, 15, 8, 10, 12, 14));
  const __m512i top = _mm512_set1_epi64(0x80808080);
  for (uint32_t i = 0; i < padded; i += 32) {
    const __mmask64 bytes = first_bytes(i < inputs ? 2 * (inputs - i) : 0);
    const __m512i words = _mm512_maskz_loadu_epi8(bytes, x + i);
    _mm512_storeu_si512(operand + size_t{2} * i,
                        _mm512_xor_si512(_mm512_shuffle_epi8(words, split), top));
  }
}

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

// rdmulh32(a << shift, b) is (a * b + 2^(30 - shift)) >> (31 - shift). The even lanes of a result
// are shifted down to their place, the odd ones up.
struct Rounding {
  __m512i half, down, up;
  explicit Rounding(uint32_t shift) noexcept
      : half(_mm512_set1_epi64(int64_t{1} << (30 - shift))),
        down(_mm512_set1_epi64(31 - shift)),
        up(_mm512_set1_epi64(1 + shift)) {}
};
__m512i requantize(__m512i a, __m512i b, __m512i b_odd, const Rounding& rounding) noexcept {
  const __m512i even = _mm512_add_epi64(_mm512_mul_epi32(a, b), rounding.half);
  const __m512i odd =
      _mm512_add_epi64(_mm512_mul_epi32(_mm512_srli_epi64(a, 32), b_odd), rounding.half);
  return _mm512_mask_mov_epi32(_mm512_srlv_epi64(even, rounding.down), 0xAAAA,
                               _mm512_sllv_epi64(odd, rounding.up));
}

// An input is one byte (planes = 1) or two. Where the sums are few there are two of each, of even
// and of odd groups, so that none waits for itself.
template <int planes>
struct Tile {
  static constexpr int lanes = 16;
  static constexpr int most(int) noexcept { return 4; }

  template <int registers, int vectors, bool full>
  static void run(const ProductS8& p, uint32_t row, uint32_t v) noexcept {
    constexpr int operands = vectors * planes;
    const __mmask16 left_over = first_lanes(p.rows - row);
    constexpr int sums = operands * registers;
    constexpr int sets = sums < 4 ? 2 : 1;
    __m512i acc[unsigned{sums * sets}];
    each<registers>([&](auto n) {
      const __m512i all = load_s32<full>(p.sums + row + 16 * n, left_over);
      const __m512i zero = _mm512_setzero_si512();
      const __m512i start = _mm512_sub_epi32(zero, _mm512_slli_epi32(all, 7));
      each<operands>([&](auto k) {
        acc[k * registers + n] = own(k % planes == 0 ? start : zero);
        if constexpr (sets == 2) acc[sums + k * registers + n] = own(zero);
      });
    });

    const int8_t* w = p.w + 4 * row;
    const uint8_t* x = p.x + v * p.x_stride;
    const size_t step = size_t{4} * p.rows;
    const auto add_group = [&](auto set) __attribute__((always_inline)) {
      __m512i weights[unsigned{registers}];
      each<registers>([&](auto n) {
        weights[n] = load_s32<full>(w + 64 * n, left_over);
        if constexpr (operands > 1) weights[n] = own(weights[n]);
      });
      each<operands>([&](auto k) {
        const __m512i four =
            broadcast(x + static_cast<size_t>(k / planes) * p.x_stride + 4 * (k % planes));
        each<registers>([&](auto n) {
          __m512i& sum = acc[set * sums + k * registers + n];
          sum = own(_mm512_dpbusd_epi32(sum, four, weights[n]));
        });
      });
      w += step;
      x += 4 * planes;
    };
    const uint32_t groups = p.padded / 4;
    if (sets == 2 && groups % 2 != 0) add_group(Constant<0>());
    for (uint32_t left = groups / sets; left != 0; --left) each<sets>(add_group);

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
        const auto total = [&](int plane) {
          const int at = (k * planes + plane) * registers + n;
          return sets == 1 ? acc[at] : _mm512_add_epi32(acc[at], acc[at + sums * (sets - 1)]);
        };
        __m512i sum = total(0);
        if constexpr (planes == 2) sum = _mm512_add_epi32(_mm512_slli_epi32(sum, 8), total(1));
        const __m512i start = load_s32<full>(from[k] + 16 * n, left_over);
        const __m512i scaled = requantize(sum, factor, factor_odd, rounding);
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

const S8 k_avx512_vnni_s8 = {prepare_s8, prepare_s16, product_s8,   product_s16,   column_s8,
                             lstm_s8,    gru_s8,      gru_reset_s8, gru_update_s8, tanh_s8};

}  // namespace rondo::kernel
