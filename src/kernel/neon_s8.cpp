// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 kernel set of Arm Linux without SDOT (Cortex-A53, A72) and of ARMv7: products by
// widening multiplications of 8 and 16 bits. Same bits as scalar_s8.cpp; an operand is the plain
// vector. The pointwise kernels are in neon_cells_s8.hpp.
#include "kernel/kernels.hpp"
#include "kernel/neon_cells_s8.hpp"
#include "kernel/neon_product_s8.hpp"

namespace rondo::kernel {
namespace {

// Four rows of a group are 16 weights: [row][4 inputs].
struct TileS8 {
  static constexpr uint32_t k_quads = k_arm64 ? 8 : 4;

  // Sums of four rows: rows 0 and 1 in `low`, 2 and 3 in `high`, each row in two parts.
  struct Sum {
    int32x4_t low, high;
  };

  template <uint32_t quads, uint32_t vectors>
  [[gnu::noinline]] static void sum(const ProductS8& p, uint32_t row, uint32_t v) noexcept;
};

// int16 takes two products of any weight and activation: 2 * 127 * 128 < 2^15. So two groups of
// inputs are multiplied before they go to the sums. On AArch64 four quads (or two quads of two
// vectors) go side by side: eight multiplications to fill the wait of a core that executes in
// order. ARMv7 has too few registers for that.
template <uint32_t quads, uint32_t vectors>
void TileS8::sum(const ProductS8& p, uint32_t row, uint32_t v) noexcept {
  constexpr uint32_t most = k_arm64 ? 4 / vectors : 1;  // quads side by side
  constexpr uint32_t lot = quads < most ? quads : most;
  const size_t step = size_t{4} * p.rows;
  const int8_t* w = p.w + size_t{4} * row;
  const uint8_t* x[vectors];
  Sum sums[vectors][quads];
#pragma GCC unroll 4
  for (uint32_t i = 0; i < vectors; ++i) {
    x[i] = operand_of(p, v + i);
#pragma GCC unroll 8
    for (uint32_t q = 0; q < quads; ++q) sums[i][q] = {vdupq_n_s32(0), vdupq_n_s32(0)};
  }

  uint32_t left = p.padded;
  for (; left >= 8; left -= 8) {  // sum += w0 * x0 + w1 * x1
    int8x16_t x0[vectors], x1[vectors];
#pragma GCC unroll 4
    for (uint32_t i = 0; i < vectors; ++i) {
      x0[i] = spread(x[i]);
      x1[i] = spread(x[i] + 4);
      x[i] += 8;
    }
    const int8_t* const next = w + step;
#pragma GCC unroll 8
    for (uint32_t q = 0; q < quads; q += lot) {
      int8x16_t w0[lot], w1[lot];
      int16x8_t low[lot][vectors], high[lot][vectors];
#pragma GCC unroll 4
      for (uint32_t k = 0; k < lot; ++k) w0[k] = vld1q_s8(w + 16 * (q + k));
#pragma GCC unroll 4
      for (uint32_t k = 0; k < lot; ++k) w1[k] = vld1q_s8(next + 16 * (q + k));
#pragma GCC unroll 4
      for (uint32_t k = 0; k < lot; ++k) {
#pragma GCC unroll 4
        for (uint32_t i = 0; i < vectors; ++i) {
          low[k][i] = mull_low(w0[k], x0[i]);
          high[k][i] = mull_high(w0[k], x0[i]);
        }
      }
#pragma GCC unroll 4
      for (uint32_t k = 0; k < lot; ++k) {
#pragma GCC unroll 4
        for (uint32_t i = 0; i < vectors; ++i) {
          low[k][i] = mlal_low(low[k][i], w1[k], x1[i]);
          high[k][i] = mlal_high(high[k][i], w1[k], x1[i]);
        }
      }
#pragma GCC unroll 4
      for (uint32_t k = 0; k < lot; ++k) {
#pragma GCC unroll 4
        for (uint32_t i = 0; i < vectors; ++i) {
          Sum& sum = sums[i][q + k];
          sum.low = vpadalq_s16(sum.low, low[k][i]);
          sum.high = vpadalq_s16(sum.high, high[k][i]);
        }
      }
    }
    w = next + step;
  }
  if (left != 0) {  // one group more
#pragma GCC unroll 4
    for (uint32_t i = 0; i < vectors; ++i) {
      const int8x16_t last = spread(x[i]);
#pragma GCC unroll 8
      for (uint32_t q = 0; q < quads; ++q) {
        const int8x16_t w0 = vld1q_s8(w + 16 * q);
        sums[i][q].low = vpadalq_s16(sums[i][q].low, mull_low(w0, last));
        sums[i][q].high = vpadalq_s16(sums[i][q].high, mull_high(w0, last));
      }
    }
  }
#pragma GCC unroll 4
  for (uint32_t i = 0; i < vectors; ++i) {
#pragma GCC unroll 8
    for (uint32_t q = 0; q < quads; ++q) {
      finish(p, row + 4 * q, v + i, add_pairs(sums[i][q].low, sums[i][q].high));
    }
  }
}

struct TileS16 {
  static constexpr uint32_t k_quads = k_arm64 ? 4 : 2;

  struct Sum {
    int32x4_t row[4];  // each in four parts
  };

  template <uint32_t quads, uint32_t vectors>
  [[gnu::noinline]] static void sum(const ProductS8& p, uint32_t row, uint32_t v) noexcept;
};

// Weights widened to 16 bits, then int16 * int16 straight into the sums.
template <uint32_t quads, uint32_t vectors>
void TileS16::sum(const ProductS8& p, uint32_t row, uint32_t v) noexcept {
  const size_t step = size_t{4} * p.rows;
  const int8_t* w = p.w + size_t{4} * row;
  const uint8_t* x[vectors];
  Sum sums[vectors][quads];
#pragma GCC unroll 4
  for (uint32_t i = 0; i < vectors; ++i) {
    x[i] = operand_of(p, v + i);
#pragma GCC unroll 4
    for (uint32_t q = 0; q < quads; ++q) {
      const int32x4_t zero = vdupq_n_s32(0);
      sums[i][q] = {{zero, zero, zero, zero}};
    }
  }

  for (uint32_t left = p.padded; left != 0; left -= 4, w += step) {
    int16x8_t four[vectors];  // the group, twice
#pragma GCC unroll 4
    for (uint32_t i = 0; i < vectors; ++i) {
      const int16x4_t once = vreinterpret_s16_u8(vld1_u8(x[i]));
      x[i] += 8;
      four[i] = vcombine_s16(once, once);
    }
    int8x16_t rows[quads];
    int16x8_t low[quads], high[quads];
#pragma GCC unroll 4
    for (uint32_t q = 0; q < quads; ++q) rows[q] = vld1q_s8(w + 16 * q);
#pragma GCC unroll 4
    for (uint32_t q = 0; q < quads; ++q) {
      low[q] = widen_low(rows[q]);
      high[q] = widen_high(rows[q]);
    }
#pragma GCC unroll 4
    for (uint32_t q = 0; q < quads; ++q) {
#pragma GCC unroll 2
      for (uint32_t i = 0; i < vectors; ++i) {
        int32x4_t* const sum = sums[i][q].row;
        sum[0] = mlal_low(sum[0], low[q], four[i]);
        sum[1] = mlal_high(sum[1], low[q], four[i]);
        sum[2] = mlal_low(sum[2], high[q], four[i]);
        sum[3] = mlal_high(sum[3], high[q], four[i]);
      }
    }
  }
#pragma GCC unroll 4
  for (uint32_t i = 0; i < vectors; ++i) {
#pragma GCC unroll 4
    for (uint32_t q = 0; q < quads; ++q) {
      const int32x4_t* const rows = sums[i][q].row;
      finish(p, row + 4 * q, v + i,
             add_pairs(add_pairs(rows[0], rows[1]), add_pairs(rows[2], rows[3])));
    }
  }
}

}  // namespace

// The plain operand of the scalar set is what these products read, too.
const S8 k_neon_s8 = {scalar_prepare_s8,
                      scalar_prepare_s16,
                      product<TileS8>,
                      product<TileS16>,
                      token_column,
                      pointwise<Lstm, LstmS8>,
                      pointwise<Gru, GruS8>,
                      pointwise<GruReset, GruResetS8>,
                      pointwise<GruUpdate, GruUpdateS8>,
                      pointwise<Tanh, TanhS8>};

}  // namespace rondo::kernel
