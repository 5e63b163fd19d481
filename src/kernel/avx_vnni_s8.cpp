// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 kernels for AVX2 with VNNI in its VEX form (client CPUs without AVX-512). The
// specification is scalar_s8.cpp; operands and sums are as in avx512_vnni_s8.cpp.
#include "kernel/avx2_cells_s8.hpp"
#include "kernel/avx2_rows_s8.hpp"
#include "kernel/kernels.hpp"
#include "kernel/steps_s8.hpp"

namespace rondo::kernel {
namespace {

// operand = x + 128 as bytes; a multiple of 64 of them fits, see operand_bytes.
void prepare_s8(const int8_t* x, uint32_t inputs, uint32_t padded, uint8_t* operand) noexcept {
  const __m256i top = _mm256_set1_epi8(-128);
  for (uint32_t i = 0; i < padded; i += 32) {
    store(operand + i, _mm256_xor_si256(load_up_to(x, i, inputs), top));
  }
}

// operand = for each group of 4 inputs the high bytes + 128, then the low bytes.
void prepare_s16(const int16_t* x, uint32_t inputs, uint32_t padded, uint8_t* operand) noexcept {
  const __m256i split = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(1, 3, 5, 7, 0, 2, 4, 6, 9, 11, 13, 15, 8, 10, 12, 14));
  const __m256i top = _mm256_set1_epi64x(0x80808080);
  for (uint32_t i = 0; i < 2 * padded; i += 32) {
    const __m256i bytes = _mm256_shuffle_epi8(load_up_to(x, i, 2 * inputs), split);
    store(operand + i, _mm256_xor_si256(bytes, top));
  }
}

// An input is one byte (planes = 1) or two.
template <int planes>
struct Tile {
  static constexpr int lanes = 8;
  // 8 sums stay in registers, 12 where four bytes share weights: 3 of weights and 1 of x beside.
  static constexpr int most(int vectors) noexcept {
    return vectors * planes == 4 ? 3 : 8 / (vectors * planes);
  }

  template <int registers, int vectors, bool full>
  static void run(const ProductS8& p, uint32_t row, uint32_t v) noexcept {
    constexpr int operands = vectors * planes;
    __m256i acc[unsigned{operands * registers}];
    each<registers>([&](auto n) {
      const __m256i zero = _mm256_setzero_si256();
      const __m256i sums = load_part<full>(p.sums + row + 8 * n);
      const __m256i start = _mm256_sub_epi32(zero, _mm256_slli_epi32(sums, 7));
      each<operands>([&](auto k) { acc[k * registers + n] = own(k % planes == 0 ? start : zero); });
    });
    const int8_t* w = p.w + 4 * row;
    const uint8_t* x = p.x + v * p.x_stride;
    for (uint32_t left = p.padded / 4; left != 0; --left) {
      __m256i weights[unsigned{registers}];
      each<registers>([&](auto n) {
        weights[n] = load_part<full>(w + 32 * n);
        if constexpr (operands > 1) weights[n] = own(weights[n]);
      });
      each<operands>([&](auto k) {
        const __m256i four =
            broadcast(x + static_cast<size_t>(k / planes) * p.x_stride + 4 * (k % planes));
        each<registers>([&](auto n) {
          __m256i& sum = acc[k * registers + n];
          sum = own(_mm256_dpbusd_avx_epi32(sum, four, weights[n]));
        });
      });
      w += size_t{4} * p.rows;
      x += 4 * planes;
    }
    finish_tile<registers, vectors, full>(p, row, v, [&](auto k, auto n) {
      const __m256i sum = acc[k * planes * registers + n];
      if constexpr (planes == 1) return sum;
      return _mm256_add_epi32(_mm256_slli_epi32(sum, 8), acc[(2 * k + 1) * registers + n]);
    });
  }
};

void product_s8(const ProductS8& p) noexcept {
  product<Tile<1>, 4>(p);
}
void product_s16(const ProductS8& p) noexcept {
  product<Tile<2>, 2>(p);
}

}  // namespace

const S8 k_avx_vnni_s8 = {prepare_s8,
                          prepare_s16,
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
