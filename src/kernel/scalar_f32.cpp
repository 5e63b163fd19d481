// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float kernels in plain C++: the specification, and the kernels of CPUs without a vector set.
// a b + c is rounded once where the CPU has the instruction, else twice. A row's sum starts with
// `from` and adds the inputs one after the other, so how rows are grouped changes nothing.
#include "base/float_math.hpp"
#include "base/no_contraction.hpp"
#include "kernel/kernels_f32.hpp"
#include "kernel/steps_f32.hpp"

namespace rondo::kernel {
namespace {

using base::Float;

// One copy of each, for small flash.
[[gnu::noinline]] float sigmoid(float x) noexcept {
  return base::sigmoid_of<Float>(x);
}
[[gnu::noinline]] float tanh(float x) noexcept {
  return base::tanh_of<Float>(x);
}
[[gnu::noinline]] float gated_tanh(float gate, float x) noexcept {
  return base::gated_tanh_of<Float>(gate, x);
}

// Four rows, whose sums stay in registers.
void add_four(const float* w, uint32_t rows, uint32_t inputs, const float* x, const float* from,
              float* t) noexcept {
  float a = from[0], b = from[1], c = from[2], d = from[3];
  for (uint32_t i = 0; i < inputs; ++i, w += rows) {
    const float value = x[i];
    a = Float::fused(w[0], value, a);
    b = Float::fused(w[1], value, b);
    c = Float::fused(w[2], value, c);
    d = Float::fused(w[3], value, d);
  }
  t[0] = a;
  t[1] = b;
  t[2] = c;
  t[3] = d;
}

}  // namespace

void scalar_product_f32(const ProductF32& p) noexcept {
  for (uint32_t v = 0; v < p.count; ++v) {
    const float* const x = p.x + v * (p.x_stride / sizeof(float));
    const float* const from = p.from + v * (p.from_stride / sizeof(float));
    float* const t = p.t + v * (p.t_stride / sizeof(float));
    for (uint32_t r = 0; r < p.rows; r += 4) {
      add_four(p.w + r, p.rows, p.inputs, x, from + r, t + r);
    }
  }
}

void scalar_column_f32(const ColumnF32& column) noexcept {
  for (uint32_t r = 0; r < column.rows; ++r) column.t[r] = column.from[r] + column.w[r];
}

void scalar_lstm_f32(const LstmF32& block) noexcept {
  const uint32_t n = block.units;
  for (uint32_t k = 0; k < n; ++k) {
    const float i_g = gated_tanh(block.t[k], block.t[2 * n + k]);
    const float c = Float::fused(sigmoid(block.t[n + k]), block.c[k], i_g);
    block.c[k] = c;
    block.h[k] = gated_tanh(block.t[3 * n + k], c);
  }
}

namespace {
void copy(const float* from, float* to, uint32_t count) noexcept {
  for (uint32_t k = 0; k < count; ++k) to[k] = from[k];
}
}  // namespace

void scalar_lstm_step_f32(const StepF32& step) noexcept {
  lstm_step_f32(
      step, copy,
      [](const ProductF32& p) noexcept {
        scalar_product_f32(p);
        scalar_product_f32({p.u, p.rows, p.states, 1, p.h, 0, p.t, 0, p.t, 0});
      },
      scalar_lstm_f32);
}

void scalar_gru_f32(const GruF32& block) noexcept {
  const uint32_t units = block.units;
  for (uint32_t k = 0; k < units; ++k) {
    const float r = sigmoid(block.t_x[k] + block.t_h[k]);
    const float z = sigmoid(block.t_x[units + k] + block.t_h[units + k]);
    const float n = tanh(Float::fused(r, block.t_h[2 * units + k], block.t_x[2 * units + k]));
    block.h[k] = Float::fused(z, block.h[k] - n, n);
  }
}

void scalar_gru_step_f32(const StepF32& step) noexcept {
  const auto zero = [](float* to, uint32_t count) noexcept {
    for (uint32_t k = 0; k < count; ++k) to[k] = 0;
  };
  gru_step_f32(step, copy, zero, scalar_product_f32, scalar_gru_f32);
}

void scalar_gru_reset_f32(const GruResetF32& block) noexcept {
  for (uint32_t k = 0; k < block.units; ++k) {
    block.rh[k] = sigmoid(block.t[k]) * block.h[k];
    block.z[k] = sigmoid(block.t[block.units + k]);
  }
}

void scalar_gru_update_f32(const GruUpdateF32& block) noexcept {
  for (uint32_t k = 0; k < block.units; ++k) {
    const float n = tanh(block.t[k]);
    block.h[k] = Float::fused(block.z[k], block.h[k] - n, n);
  }
}

void scalar_tanh_f32(const TanhF32& block) noexcept {
  for (uint32_t k = 0; k < block.units; ++k) block.h[k] = tanh(block.t[k]);
}

}  // namespace rondo::kernel
