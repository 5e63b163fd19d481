// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 kernels for AVX2. The specification is scalar_s8.cpp.
//
// vpmaddubsw multiplies unsigned by signed bytes and adds pairs, saturating to 16 bits. So an
// operand holds |x|, and the weights change their sign where x is negative: -w is ~w + 1, the ~ is
// one xor, and what the + 1 adds up to, the sum of |x| over the negative x, is the same for every
// row: it starts the sums. Nothing saturates: ~w and w are at least -128, |x| is at most 128, and
// 2 * -128 * 128 is just -32768.
#include "kernel/avx2_cells_s8.hpp"
#include "kernel/avx2_rows_s8.hpp"
#include "kernel/kernels.hpp"
#include "kernel/steps_s8.hpp"

namespace rondo::kernel {
namespace {

// operand = for each group of 4 inputs |x|, then 255 where x < 0 and 0 elsewhere; behind the groups
// the sum of |x| over the negative x. A multiple of 64 bytes fits, see operand_bytes.
void prepare_s8(const int8_t* x, uint32_t inputs, uint32_t padded, uint8_t* operand) noexcept {
  const __m256i zero = _mm256_setzero_si256();
  __m256i sums = zero;  // 4 int64
  for (uint32_t i = 0; i < padded; i += 32) {
    const __m256i bytes = load_up_to(x, i, inputs);
    const __m256i negative = _mm256_cmpgt_epi8(zero, bytes);
    const __m256i a = _mm256_abs_epi8(bytes);
    sums = _mm256_add_epi64(sums, _mm256_sad_epu8(_mm256_and_si256(a, negative), zero));
    const __m256i low = _mm256_unpacklo_epi32(a, negative);  // groups 0 1 | 4 5
    const __m256i high = _mm256_unpackhi_epi32(a, negative);
    store(operand + size_t{2} * i, _mm256_permute2x128_si256(low, high, 0x20));
    store(operand + size_t{2} * i + 32, _mm256_permute2x128_si256(low, high, 0x31));
  }
  const __m128i two =
      _mm_add_epi64(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
  const int32_t sum = _mm_cvtsi128_si32(_mm_add_epi64(two, _mm_unpackhi_epi64(two, two)));
  memcpy(operand + size_t{2} * padded, &sum, sizeof sum);
}

struct TileS8 {
  static constexpr int lanes = 8;
  static constexpr int most(int vectors) noexcept { return 8 / vectors; }

  template <int registers, int vectors, bool full>
  static void run(const ProductS8& p, uint32_t row, uint32_t v) noexcept {
    __m256i acc[unsigned{vectors * registers}];
    const uint8_t* x = p.x + v * p.x_stride;
    each<vectors>([&](auto k) {
      const __m256i start = broadcast(x + static_cast<size_t>(int{k}) * p.x_stride + 2 * p.padded);
      each<registers>([&](auto n) { acc[k * registers + n] = own(start); });
    });
    const __m256i ones = _mm256_set1_epi16(1);
    const int8_t* w = p.w + 4 * row;
    for (uint32_t left = p.padded / 4; left != 0; --left) {
      each<vectors>([&](auto k) {
        const uint8_t* const four = x + static_cast<size_t>(int{k}) * p.x_stride;
        const __m256i a = broadcast(four), negative = broadcast(four + 4);
        each<registers>([&](auto n) {
          const __m256i weights = _mm256_xor_si256(load_part<full>(w + 32 * n), negative);
          const __m256i two = _mm256_maddubs_epi16(a, weights);
          __m256i& sum = acc[k * registers + n];
          sum = _mm256_add_epi32(sum, _mm256_madd_epi16(two, ones));
        });
      });
      w += size_t{4} * p.rows;
      x += 8;
    }
    finish_tile<registers, vectors, full>(p, row, v,
                                          [&](auto k, auto n) { return acc[k * registers + n]; });
  }
};

// 16-bit inputs: an operand is x itself, the weights are widened and multiplied by vpmaddwd, which
// leaves two sums a row.
struct TileS16 {
  static constexpr int lanes = 8;
  static constexpr int most(int vectors) noexcept { return 4 / vectors; }

  template <int registers, int vectors, bool full>
  static void run(const ProductS8& p, uint32_t row, uint32_t v) noexcept {
    constexpr int quads = full ? 2 * registers : 1;  // of rows
    __m256i acc[unsigned{vectors * quads}];
    each<vectors * quads>([&](auto n) { acc[n] = own(_mm256_setzero_si256()); });
    const int8_t* w = p.w + 4 * row;
    const uint8_t* x = p.x + v * p.x_stride;
    for (uint32_t left = p.padded / 4; left != 0; --left) {
      __m256i weights[unsigned{quads}];
      each<quads>([&](auto n) { weights[n] = _mm256_cvtepi8_epi16(load_half(w + 16 * n)); });
      each<vectors>([&](auto k) {
        int64_t bits;
        memcpy(&bits, x + static_cast<size_t>(int{k}) * p.x_stride, sizeof bits);
        const __m256i four = _mm256_set1_epi64x(bits);
        each<quads>([&](auto n) {
          __m256i& sum = acc[k * quads + n];
          sum = _mm256_add_epi32(sum, _mm256_madd_epi16(weights[n], four));
        });
      });
      w += size_t{4} * p.rows;
      x += 8;
    }
    finish_tile<registers, vectors, full>(p, row, v, [&](auto k, auto n) {
      const __m256i* const two = acc + k * quads + 2 * n;
      // rows 0 1 4 5 | 2 3 6 7
      return _mm256_permute4x64_epi64(_mm256_hadd_epi32(two[0], two[full ? 1 : 0]), 0xD8);
    });
  }
};

void product_s8(const ProductS8& p) noexcept {
  product<TileS8, 2>(p);
}
void product_s16(const ProductS8& p) noexcept {
  product<TileS16, 4>(p);
}

}  // namespace

const S8 k_avx2_s8 = {prepare_s8,
                      scalar_prepare_s16,
                      product_s8,
                      product_s16,
                      column_s8,
                      lstm_s8,
                      gru_s8,
                      gru_reset_s8,
                      gru_update_s8,
                      tanh_s8,
                      lstm_by_blocks<product_s8, product_s16, lstm_s8>,
                      gru_by_blocks<product_s8, product_s16, gru_s8>};

}  // namespace rondo::kernel
