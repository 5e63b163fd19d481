// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float kernels: what the cells are made of. A kernel set is one table; scalar_f32.cpp is the
// specification. The order of additions is fixed, so every set with fused multiply-add gives the
// same bits.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "kernel/hot.hpp"

namespace rondo::kernel {

// One block of a packed float matrix, (inputs, rows), times `count` vectors. For each vector v and
// row r
//   t[v][r] = from[v][r] + w[0][r] * x[v][0] + w[1][r] * x[v][1] + ...
// added one after the other in this order. Strides count bytes; a from_stride of 0 starts every
// vector from the same row (the biases). `from` may be `t`; x is not. t (of a host) is 64-byte
// aligned, and so is every t_stride; x is a vector as the caller has it.
struct ProductF32 {
  const float* w;
  uint32_t rows;  // a multiple of 4, at most k_block_rows
  uint32_t inputs;
  uint32_t count;
  const float* x;
  size_t x_stride;
  const float* from;
  size_t from_stride;
  float* t;
  size_t t_stride;
  // Of lstm_step_f32, which takes one vector: u h is added behind w x. product_f32 has none.
  const float* u = nullptr;
  const float* h = nullptr;
  uint32_t states = 0;
};

// The column of a token: t[r] = from[r] + w[r]
struct ColumnF32 {
  const float* w;  // (rows)
  uint32_t rows;
  const float* from;
  float* t;
};

// The pointwise parts work on one block of units, a multiple of 4. sigmoid(x) = 1 / (1 + exp(-x)).

// c = sigmoid(f) c + sigmoid(i) tanh(g), h = sigmoid(o) tanh(c). t: (4, units) of i, f, g, o.
struct LstmF32 {
  const float* t;
  uint32_t units;
  float* c;  // (units) in and out
  float* h;  // (units) out
};

// A step of a whole LSTM or GRU layer, block by block: W x, U h, the cell. h may go to last_h
// first.
struct StepF32 {
  uint32_t units;
  uint32_t block_units;  // k_block_rows / 4 at most; the last block may have fewer
  const float* from;     // (rows): biases, or sums that hold W x already
  const float* w;
  const float* x;
  uint32_t inputs;  // 0: no W x
  const float* u;
  uint32_t states;  // h that U reads
  float* last_h;    // (units)
  float* t;         // (rows of two blocks of k_block_rows, where blocks are so large, else of one)
  float* c;         // of an LSTM
  float* h;
  // Of a GRU. A block of its biases has a fourth part, that of U h in n; so has `from`, if it is
  // these biases.
  const float* bias = nullptr;
  float* t_h = nullptr;  // (rows of a block)

  // Of the block that begins with this one.
  uint32_t units_at(uint32_t unit) const noexcept {
    return units - unit < block_units ? units - unit : block_units;
  }
};

// n = tanh(t_x[n] + r t_h[n]), h = n + z (h - n), with r and z the sigmoids of t_x + t_h.
// t_x, t_h: (3, units) of r, z, n.
struct GruF32 {
  const float* t_x;
  const float* t_h;
  uint32_t units;
  float* h;  // (units) in and out
};

// Reset before the product: rh = sigmoid(t[r]) h, z = sigmoid(t[z]). t: (2, units) of r, z.
struct GruResetF32 {
  const float* t;
  uint32_t units;
  const float* h;
  float* z;   // (units) out
  float* rh;  // (units) out
};

// n = tanh(t), h = n + z (h - n). t: (units).
struct GruUpdateF32 {
  const float* t;
  uint32_t units;
  const float* z;
  float* h;  // in and out
};

// h = tanh(t)
struct TanhF32 {
  const float* t;
  uint32_t units;
  float* h;
};

struct F32 {
  void (*product_f32)(const ProductF32& p) noexcept;
  void (*column_f32)(const ColumnF32& column) noexcept;
  void (*lstm_f32)(const LstmF32& block) noexcept;
  void (*lstm_step_f32)(const StepF32& step) noexcept;
  void (*gru_f32)(const GruF32& block) noexcept;
  void (*gru_step_f32)(const StepF32& step) noexcept;
  void (*gru_reset_f32)(const GruResetF32& block) noexcept;
  void (*gru_update_f32)(const GruUpdateF32& block) noexcept;
  void (*tanh_f32)(const TanhF32& block) noexcept;
};

RONDO_HOT void scalar_product_f32(const ProductF32& p) noexcept;
RONDO_HOT void scalar_column_f32(const ColumnF32& column) noexcept;
RONDO_HOT void scalar_lstm_f32(const LstmF32& block) noexcept;
RONDO_HOT void scalar_lstm_step_f32(const StepF32& step) noexcept;
RONDO_HOT void scalar_gru_step_f32(const StepF32& step) noexcept;
RONDO_HOT void scalar_gru_f32(const GruF32& block) noexcept;
RONDO_HOT void scalar_gru_reset_f32(const GruResetF32& block) noexcept;
RONDO_HOT void scalar_gru_update_f32(const GruUpdateF32& block) noexcept;
RONDO_HOT void scalar_tanh_f32(const TanhF32& block) noexcept;

inline constexpr F32 k_scalar_f32 = {
    scalar_product_f32,   scalar_column_f32,     scalar_lstm_f32,
    scalar_lstm_step_f32, scalar_gru_f32,        scalar_gru_step_f32,
    scalar_gru_reset_f32, scalar_gru_update_f32, scalar_tanh_f32};

}  // namespace rondo::kernel
