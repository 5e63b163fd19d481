// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The kernels: what the cells are made of. A kernel set is one table for each type; scalar_s8.cpp
// and scalar_f32.cpp are the specification. Sizes and pointers were checked by load: nothing is
// here.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include <rondo/isa.hpp>

namespace rondo::kernel {

// One block of a packed int8 matrix (format.hpp, Packing).
struct RowsS8 {
  const int8_t* w;       // (groups, rows, 4), or (rows) for the column of a token
  const int32_t* scale;  // (rows)
  const int32_t* sums;   // (rows) sum of the row's weights; packing host only
  uint32_t rows;
  uint32_t groups;  // of 4 inputs
  uint8_t shift;
};

// One block of units of an LSTM.
struct LstmS8 {
  const int32_t* t;  // (4, units) pre-activations, Q12.19
  uint32_t units;
  int32_t* c;    // (units) Q9.22, in and out
  int8_t* h8;    // (units) Q0.7, out
  int16_t* h16;  // (units) Q0.15, out; or nullptr
};

struct S8 {
  // t[r] += rdmulh32((sum over i of w[r][i] * x[i]) << shift, scale[r]); x: (4 * groups)
  void (*product_s8)(const RowsS8& m, const int8_t* x, int32_t* t) noexcept;
  void (*product_s16)(const RowsS8& m, const int16_t* x, int32_t* t) noexcept;
  // t[r] += rdmulh32((w[r] << 12) << shift, scale[r])
  void (*column_s8)(const RowsS8& m, int32_t* t) noexcept;
  void (*lstm_s8)(const LstmS8& block) noexcept;
};

// One block of a packed float matrix.
struct RowsF32 {
  const float* w;  // (inputs, rows), or (rows) for the column of a token
  uint32_t rows;
  uint32_t inputs;
};

struct LstmF32 {
  const float* t;  // (4, units) pre-activations
  uint32_t units;
  float* c;  // (units) in and out
  float* h;  // (units) out
};

struct F32 {
  // t[r] += sum over i of w[r][i] * x[i], added one after the other in the order of i
  void (*product_f32)(const RowsF32& m, const float* x, float* t) noexcept;
  void (*column_f32)(const RowsF32& m, float* t) noexcept;  // t[r] += w[r]
  void (*lstm_f32)(const LstmF32& block) noexcept;
};

void scalar_product_s8(const RowsS8& m, const int8_t* x, int32_t* t) noexcept;
void scalar_product_s16(const RowsS8& m, const int16_t* x, int32_t* t) noexcept;
void scalar_column_s8(const RowsS8& m, int32_t* t) noexcept;
void scalar_lstm_s8(const LstmS8& block) noexcept;
void scalar_product_f32(const RowsF32& m, const float* x, float* t) noexcept;
void scalar_column_f32(const RowsF32& m, float* t) noexcept;
void scalar_lstm_f32(const LstmF32& block) noexcept;

constexpr S8 k_scalar_s8 = {scalar_product_s8, scalar_product_s16, scalar_column_s8,
                            scalar_lstm_s8};
constexpr F32 k_scalar_f32 = {scalar_product_f32, scalar_column_f32, scalar_lstm_f32};

#ifdef RONDO_FIXED_ISA
// One set: the tables are constants, so every call is direct and what is not called is not linked.
constexpr const S8& s8(Isa) noexcept {
  return k_scalar_s8;
}
constexpr const F32& f32(Isa) noexcept {
  return k_scalar_f32;
}
#else
const S8& s8(Isa isa) noexcept;
const F32& f32(Isa isa) noexcept;
#endif

}  // namespace rondo::kernel
