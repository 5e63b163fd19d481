// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 kernels in plain C++: the specification that every other kernel set is held to, bit by
// bit, and the kernels of cores without vector instructions. The formulas are in numeric.hpp.
#include <rondo/numeric.hpp>

#include "kernel/kernels.hpp"

namespace rondo::kernel {
namespace {

int32_t requantize(int32_t acc, uint8_t shift, int32_t scale) noexcept {
  return rdmulh32(shift_left(acc, shift), scale);
}

// Four rows at a time, so that an input is loaded once for four products; the rest one by one.
template <class X>
void product(const RowsS8& m, const X* x, int32_t* t) noexcept {
  const size_t stride = size_t{4} * m.rows;
  uint32_t r = 0;
  for (; r + 4 <= m.rows; r += 4) {
    const int8_t* w = m.w + 4 * r;
    int32_t acc0 = 0, acc1 = 0, acc2 = 0, acc3 = 0;
    for (uint32_t g = 0; g < m.groups; ++g, w += stride) {
      const int32_t x0 = x[4 * g], x1 = x[4 * g + 1], x2 = x[4 * g + 2], x3 = x[4 * g + 3];
      acc0 += w[0] * x0 + w[1] * x1 + w[2] * x2 + w[3] * x3;
      acc1 += w[4] * x0 + w[5] * x1 + w[6] * x2 + w[7] * x3;
      acc2 += w[8] * x0 + w[9] * x1 + w[10] * x2 + w[11] * x3;
      acc3 += w[12] * x0 + w[13] * x1 + w[14] * x2 + w[15] * x3;
    }
    t[r] += requantize(acc0, m.shift, m.scale[r]);
    t[r + 1] += requantize(acc1, m.shift, m.scale[r + 1]);
    t[r + 2] += requantize(acc2, m.shift, m.scale[r + 2]);
    t[r + 3] += requantize(acc3, m.shift, m.scale[r + 3]);
  }
  for (; r < m.rows; ++r) {
    const int8_t* w = m.w + 4 * r;
    int32_t acc = 0;
    for (uint32_t g = 0; g < m.groups; ++g, w += stride) {
      for (uint32_t k = 0; k < 4; ++k) acc += w[k] * int32_t{x[4 * g + k]};
    }
    t[r] += requantize(acc, m.shift, m.scale[r]);
  }
}

}  // namespace

void scalar_product_s8(const RowsS8& m, const int8_t* x, int32_t* t) noexcept {
  product(m, x, t);
}

void scalar_product_s16(const RowsS8& m, const int16_t* x, int32_t* t) noexcept {
  product(m, x, t);
}

void scalar_column_s8(const RowsS8& m, int32_t* t) noexcept {
  for (uint32_t r = 0; r < m.rows; ++r) {
    t[r] += requantize(m.w[r] * k_token_one, m.shift, m.scale[r]);
  }
}

void scalar_lstm_s8(const LstmS8& block) noexcept {
  const uint32_t n = block.units;
  for (uint32_t k = 0; k < n; ++k) {
    const int16_t i = sigmoid_gate(block.t[k]);
    const int16_t f = sigmoid_gate(block.t[n + k]);
    const int16_t g = tanh_gate(block.t[2 * n + k]);
    const int16_t o = sigmoid_gate(block.t[3 * n + k]);
    const int32_t c = lstm_c(block.c[k], i, f, g);
    const int16_t tanh_c = lstm_tanh_c(c);
    block.c[k] = c;
    block.h8[k] = lstm_h8(o, tanh_c);
    if (block.h16 != nullptr) block.h16[k] = lstm_h16(o, tanh_c);
  }
}

}  // namespace rondo::kernel
