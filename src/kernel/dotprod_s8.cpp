// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 kernel set of 64-bit Arm Linux with SDOT (Cortex-A55, A76, Neoverse N1 and later). Same
// bits as scalar_s8.cpp. The pointwise kernels are those of neon_s8.cpp, built for Armv8.2, where
// SQRDMLAH saves them an addition.
#include "kernel/kernels.hpp"
#include "kernel/neon_cells_s8.hpp"
#include "kernel/neon_product_s8.hpp"

namespace rondo::kernel {
namespace {

// A 16-bit activation is 256 * high + low + 128 with both in int8, low = (x & 255) - 128. Its
// operand is, for every 16 inputs, 16 high bytes and then 16 low ones. SDOT has no operand without
// a sign, hence the 128, which comes back as 128 times the row's sum of weights.
void prepare_s16(const int16_t* x, uint32_t inputs, uint32_t padded, uint8_t* operand) noexcept {
  for (uint32_t i = 0; i < padded; i += 16, operand += 32) {
    int16_t values[16] = {};
    const uint32_t left = i < inputs ? inputs - i : 0;
    memcpy(values, x + (left == 0 ? 0 : i), sizeof *x * (left < 16 ? left : 16));
    const uint8x16_t a = vreinterpretq_u8_s16(vld1q_s16(values));
    const uint8x16_t b = vreinterpretq_u8_s16(vld1q_s16(values + 8));
    vst1q_u8(operand, vuzp2q_u8(a, b));
    vst1q_u8(operand + 16, veorq_u8(vuzp1q_u8(a, b), vdupq_n_u8(128)));
  }
}

// One plane a vector (8 bits) or two (16 bits), [plane][16 inputs]. Four rows of a group are 16
// weights, [row][4 inputs]; SDOT multiplies each row with one lane of the operand.
template <uint32_t planes>
struct Tile {
  static constexpr uint32_t k_quads = 16 / planes;

  template <uint32_t quads, uint32_t vectors>
  [[gnu::noinline]] static void sum(const ProductS8& p, uint32_t row, uint32_t v) noexcept;

  // The next 16 inputs of each vector.
  template <uint32_t vectors>
  [[gnu::always_inline]] static inline void load(const uint8_t* (&from)[vectors],
                                                 int8x16_t (&x)[vectors * planes]) noexcept {
#pragma GCC unroll 4
    for (uint32_t i = 0; i < vectors * planes; ++i) {
      x[i] = vreinterpretq_s8_u8(vld1q_u8(from[i / planes]));
      from[i / planes] += 16;
    }
  }

  // Adds the group of inputs that is lane `lane` of x. Weights are loaded four at a time, for cores
  // that execute in order.
  template <int lane, uint32_t quads, uint32_t operands>
  [[gnu::always_inline]] static inline void add(const int8_t* w, const int8x16_t (&x)[operands],
                                                int32x4_t (&sums)[operands][quads]) noexcept {
    constexpr uint32_t lot = quads < 4 ? quads : 4;
#pragma GCC unroll 16
    for (uint32_t q = 0; q < quads; q += lot) {
      int8x16_t rows[lot];
#pragma GCC unroll 4
      for (uint32_t k = 0; k < lot; ++k) rows[k] = vld1q_s8(w + 16 * (q + k));
#pragma GCC unroll 4
      for (uint32_t k = 0; k < lot; ++k) {
#pragma GCC unroll 4
        for (uint32_t i = 0; i < operands; ++i) {
          sums[i][q + k] = vdotq_laneq_s32(sums[i][q + k], rows[k], x[i], lane);
        }
      }
    }
  }
};

template <uint32_t planes>
template <uint32_t quads, uint32_t vectors>
void Tile<planes>::sum(const ProductS8& p, uint32_t row, uint32_t v) noexcept {
  constexpr uint32_t operands = vectors * planes;
  const size_t step = size_t{4} * p.rows;
  const int8_t* w = p.w + size_t{4} * row;
  const uint8_t* from[vectors];
  int32x4_t sums[operands][quads];
#pragma GCC unroll 2
  for (uint32_t i = 0; i < vectors; ++i) from[i] = operand_of(p, v + i);
#pragma GCC unroll 4
  for (uint32_t i = 0; i < operands; ++i) {
#pragma GCC unroll 16
    for (uint32_t q = 0; q < quads; ++q) sums[i][q] = vdupq_n_s32(0);
  }

  uint32_t left = p.padded;
  for (; left >= 16; left -= 16) {
    int8x16_t x[operands];
    load<vectors>(from, x);
    add<0>(w, x, sums);
    add<1>(w + step, x, sums);
    add<2>(w + 2 * step, x, sums);
    add<3>(w + 3 * step, x, sums);
    w += 4 * step;
  }
  if (left != 0) {  // an operand has room for all 16
    int8x16_t x[operands];
    load<vectors>(from, x);
    add<0>(w, x, sums);
    if (left > 4) add<1>(w + step, x, sums);
    if (left > 8) add<2>(w + 2 * step, x, sums);
  }
#pragma GCC unroll 2
  for (uint32_t i = 0; i < vectors; ++i) {
#pragma GCC unroll 16
    for (uint32_t q = 0; q < quads; ++q) {
      const uint32_t r = row + 4 * q;
      int32x4_t sum = sums[i * planes][q];
      if constexpr (planes == 2) {
        sum = vaddq_s32(vshlq_n_s32(sum, 8), sums[i * planes + 1][q]);
        sum = vaddq_s32(sum, vshlq_n_s32(vld1q_s32(p.sums + r), 7));
      }
      finish(p, r, v + i, sum);
    }
  }
}

}  // namespace

const S8 k_dotprod_s8 = {scalar_prepare_s8,
                         prepare_s16,
                         product<Tile<1>>,
                         product<Tile<2>>,
                         token_column,
                         pointwise<Lstm, LstmS8>,
                         pointwise<Gru, GruS8>,
                         pointwise<GruReset, GruResetS8>,
                         pointwise<GruUpdate, GruUpdateS8>,
                         pointwise<Tanh, TanhS8>};

}  // namespace rondo::kernel
