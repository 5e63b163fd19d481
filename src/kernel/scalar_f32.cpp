// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float kernels in plain C++. A row's sum starts with what t holds (the bias) and adds the
// inputs one after the other, so the result does not depend on how rows are grouped.
#include "base/float_math.hpp"
#include "kernel/kernels.hpp"

namespace rondo::kernel {

void scalar_product_f32(const RowsF32& m, const float* x, float* t) noexcept {
  const float* w = m.w;
  for (uint32_t i = 0; i < m.inputs; ++i, w += m.rows) {
    const float value = x[i];
    for (uint32_t r = 0; r < m.rows; ++r) t[r] += w[r] * value;
  }
}

void scalar_column_f32(const RowsF32& m, float* t) noexcept {
  for (uint32_t r = 0; r < m.rows; ++r) t[r] += m.w[r];
}

void scalar_lstm_f32(const LstmF32& block) noexcept {
  const uint32_t n = block.units;
  for (uint32_t k = 0; k < n; ++k) {
    const float i = base::sigmoid_f32(block.t[k]);
    const float f = base::sigmoid_f32(block.t[n + k]);
    const float g = base::tanh_f32(block.t[2 * n + k]);
    const float o = base::sigmoid_f32(block.t[3 * n + k]);
    const float c = f * block.c[k] + i * g;
    block.c[k] = c;
    block.h[k] = o * base::tanh_f32(c);
  }
}

}  // namespace rondo::kernel
