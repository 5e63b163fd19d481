// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 kernels: what the cells are made of. A kernel set is one table; scalar_s8.cpp is the
// specification, which every other set equals to the bit. Sizes and pointers were checked by load:
// nothing is here.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include <rondo/format.hpp>
#include <rondo/isa.hpp>

#include "kernel/hot.hpp"

namespace rondo::kernel {

// The vectors that a product reads are prepared first, once a step: copied into an operand, in the
// form that suits the set's product, padded with what counts as zero up to a whole group. The copy
// also frees the state: a cell writes the new h while the products still read the old one. 16-bit
// vectors take 2 bytes an input; 8-bit ones up to 2, and hosts may keep 4 bytes of their own behind
// them.
constexpr size_t operand_bytes(Packing packing, uint32_t padded_inputs) noexcept {
  return packing == Packing::host ? round_up(2 * size_t{padded_inputs} + 4, 64)
                                  : 2 * size_t{padded_inputs};
}

// One block of a packed int8 matrix (format.hpp, Packing), and what it is multiplied by: `count`
// vectors, one in a step, several steps of a sequence in a run. For each vector v and row r
//   t[v][r] = from[v][r] + rdmulh32((sum over i of w[r][i] * x[v][i]) << shift, scale[r])
// Strides count bytes; a from_stride of 0 starts every vector from the same row (the biases).
// `from` may be `t`. t (of a host) is 64-byte aligned, and so is every t_stride and x_stride.
struct ProductS8 {
  const int8_t* w;
  const int32_t* scale;  // (rows)
  uint32_t rows;         // a multiple of 4, at most k_block_rows
  uint32_t padded;       // inputs, a multiple of K
  uint32_t shift;
  const uint8_t* x;  // operands
  const int32_t* from;
  int32_t* t;
#ifdef RONDO_FIXED_ISA
  // One vector at a time (steps_at_once), and another packing: neither bytes nor code for the rest.
  static constexpr const int32_t* sums = nullptr;
  static constexpr uint32_t count = 1;
  static constexpr size_t x_stride = 0, from_stride = 0, t_stride = 0;
#else
  const int32_t* sums = nullptr;  // (rows) sum of the row's weights; packing host only
  uint32_t count = 1;
  size_t x_stride = 0;
  size_t from_stride = 0;
  size_t t_stride = 0;
#endif
};

// The column of a token: t[r] = from[r] + rdmulh32((w[r] << 12) << shift, scale[r])
struct ColumnS8 {
  const int8_t* w;  // (rows)
  const int32_t* scale;
  uint32_t rows;  // a multiple of 4
  uint32_t shift;
  const int32_t* from;
  int32_t* t;
};

// The pointwise parts work on one block of units, a multiple of 4; formulas in numeric.hpp. An
// output pointer may be nullptr where the model does not want it (never both h8 and h16).

// LSTM. t: (4, units) pre-activations Q12.19 in the order i, f, g, o.
struct LstmS8 {
  const int32_t* t;
  uint32_t units;
  int32_t* c;    // (units) Q9.22, in and out
  int8_t* h8;    // (units) Q0.7, out
  int16_t* h16;  // (units) Q0.15, out
};

// GRU, reset after the product. t_x: (3, units) in the order r, z, n from the input; t_h: the same
// from h, with n's own bias.
struct GruS8 {
  const int32_t* t_x;
  const int32_t* t_h;
  uint32_t units;
  int32_t* h;  // (units) Q1.30, in and out
  int8_t* h8;
  int16_t* h16;
};

// GRU, reset before the product, first pass: t: (2, units) in the order r, z. z = gate of z;
// r * h rounded to the activation format goes to rh8 or rh16 (the other is nullptr).
struct GruResetS8 {
  const int32_t* t;
  uint32_t units;
  const int32_t* h;  // (units) Q1.30
  int16_t* z;        // (units) Q0.15, out
  int8_t* rh8;
  int16_t* rh16;
};

// Second pass. t: (units) of the candidate n.
struct GruUpdateS8 {
  const int32_t* t;
  uint32_t units;
  const int16_t* z;
  int32_t* h;  // in and out
  int8_t* h8;
  int16_t* h16;
};

// tanh of an Elman RNN or a dense layer. t: (units) Q12.19.
struct TanhS8 {
  const int32_t* t;
  uint32_t units;
  int8_t* h8;
  int16_t* h16;
};

// One step of all blocks of a layer in one call, for sets that gain by it: the products and the
// pointwise part block by block, with the same bits. The products are those of the first block, of
// one vector; t: (rows of a block), scratch, of a GRU another one in each. Without an operand of
// the input, its sums are in u.from, (gates, units) of every block in a row. An LSTM of up to
// S8::plain_units units with h of 8 bits reads them in h8, where they always are then, not in u.x.
struct StepS8 {
  ProductS8 w;          // w.x may be nullptr
  ProductS8 u;          //
  bool wide;            // operands are those of prepare_s16
  uint32_t units;       // of all blocks, a multiple of 4
  const int32_t* bias;  // (gates, units) of every block; gru: (4, units)
  int32_t* state;       // (units) c or h, in and out
  int8_t* h8;           // as in LstmS8 and GruS8
  int16_t* h16;
};

struct S8 {
  // operand = x, (inputs), and zeros up to `padded`
  void (*prepare_s8)(const int8_t* x, uint32_t inputs, uint32_t padded, uint8_t* operand) noexcept;
  void (*prepare_s16)(const int16_t* x, uint32_t inputs, uint32_t padded,
                      uint8_t* operand) noexcept;
  void (*product_s8)(const ProductS8& p) noexcept;   // operands of prepare_s8
  void (*product_s16)(const ProductS8& p) noexcept;  // operands of prepare_s16
  void (*column_s8)(const ColumnS8& column) noexcept;
  void (*lstm_s8)(const LstmS8& block) noexcept;
  void (*gru_s8)(const GruS8& block) noexcept;
  void (*gru_reset_s8)(const GruResetS8& block) noexcept;
  void (*gru_update_s8)(const GruUpdateS8& block) noexcept;
  void (*tanh_s8)(const TanhS8& block) noexcept;
#ifndef RONDO_FIXED_ISA
  // Both, or nullptr: then cells go from block to block by themselves.
  void (*lstm_step_s8)(const StepS8& step) noexcept = nullptr;
  void (*gru_step_s8)(const StepS8& step) noexcept = nullptr;
  uint32_t plain_units = 0;
#endif
};

// The specification. The products exist once for each packing.
RONDO_HOT void scalar_prepare_s8(const int8_t* x, uint32_t inputs, uint32_t padded,
                                 uint8_t* operand) noexcept;
RONDO_HOT void scalar_prepare_s16(const int16_t* x, uint32_t inputs, uint32_t padded,
                                  uint8_t* operand) noexcept;
RONDO_HOT void scalar_product_s8_host(const ProductS8& p) noexcept;
RONDO_HOT void scalar_product_s16_host(const ProductS8& p) noexcept;
RONDO_HOT void scalar_product_s8_cortex_m(const ProductS8& p) noexcept;
RONDO_HOT void scalar_product_s16_cortex_m(const ProductS8& p) noexcept;
RONDO_HOT void scalar_product_s8_helium(const ProductS8& p) noexcept;
RONDO_HOT void scalar_product_s16_helium(const ProductS8& p) noexcept;
RONDO_HOT void scalar_column_s8(const ColumnS8& column) noexcept;
RONDO_HOT void scalar_lstm_s8(const LstmS8& block) noexcept;
RONDO_HOT void scalar_gru_s8(const GruS8& block) noexcept;
RONDO_HOT void scalar_gru_reset_s8(const GruResetS8& block) noexcept;
RONDO_HOT void scalar_gru_update_s8(const GruUpdateS8& block) noexcept;
RONDO_HOT void scalar_tanh_s8(const TanhS8& block) noexcept;

constexpr S8 scalar_s8(void (*product_s8)(const ProductS8&) noexcept,
                       void (*product_s16)(const ProductS8&) noexcept) noexcept {
  return {scalar_prepare_s8,    scalar_prepare_s16, product_s8,    product_s16,
          scalar_column_s8,     scalar_lstm_s8,     scalar_gru_s8, scalar_gru_reset_s8,
          scalar_gru_update_s8, scalar_tanh_s8};
}
constexpr S8 k_scalar_s8 = scalar_s8(scalar_product_s8_host, scalar_product_s16_host);
constexpr S8 k_scalar_s8_cortex_m =
    scalar_s8(scalar_product_s8_cortex_m, scalar_product_s16_cortex_m);
constexpr S8 k_scalar_s8_helium = scalar_s8(scalar_product_s8_helium, scalar_product_s16_helium);

}  // namespace rondo::kernel
