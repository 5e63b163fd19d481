// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The rows of an int8 layer as the image has them, and their products: what the int8 cells stand
// on.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "cell/blocks.hpp"
#include "kernel/kernels.hpp"

namespace rondo::cell {

// Rows that are computed together: all gates of a layer, or (gru_before) first those of r and z,
// then those of n, which need all of r.
struct GatesS8 {
  Shape shape;
  uint32_t first_row;   // where they stand among the pre-activations of the layer
  uint32_t bias_gates;  // biases of a unit: the gates, and one more in gru
  uint32_t w, u, scale_w, scale_u, bias, sums_w, sums_u;  // offsets into the image
};

// All gates of every kind but gru_before; of that one, the first two.
GatesS8 gates_s8(const LayerRecord& record, Packing packing) noexcept;
// The last gate of gru_before.
GatesS8 candidate_s8(const LayerRecord& record, Packing packing) noexcept;

// Inputs as stored: padded to whole groups; a token's column has no groups.
constexpr uint32_t stored_inputs(Format input, uint32_t inputs, const Shape& shape) noexcept {
  return input == Format::token ? inputs : shape.padded(inputs);
}

inline const int32_t* bias_of(const LayerArgs& args, const GatesS8& gates,
                              const Block& block) noexcept {
  return at<int32_t>(args, gates.bias) + size_t{block.unit} * gates.bias_gates;
}

// A vector of `format` as the operand of a product.
void prepare_s8(const LayerArgs& args, Format format, const void* x, uint32_t inputs,
                uint32_t padded, uint8_t* operand) noexcept;

// The product with vectors of `format`.
inline void multiply_s8(const LayerArgs& args, Format format,
                        const kernel::ProductS8& product) noexcept {
  const kernel::S8& kernels = kernels_s8(args);
  if (format == Format::s16) {
    kernels.product_s16(product);
  } else {
    kernels.product_s8(product);
  }
}

// Sums of rows at an offset of the image; nullptr where there are none.
inline const int32_t* at_or_null(const LayerArgs& args, uint32_t offset) noexcept {
  return offset == 0 ? nullptr : at<int32_t>(args, offset);
}

// Makes `product` one of `count` vectors. Where the build takes one at a time there is nothing to
// do.
inline void several([[maybe_unused]] kernel::ProductS8& product,
                    [[maybe_unused]] const int32_t* sums, [[maybe_unused]] uint32_t count,
                    [[maybe_unused]] size_t x_stride, [[maybe_unused]] size_t from_stride,
                    [[maybe_unused]] size_t t_stride) noexcept {
#ifndef RONDO_FIXED_ISA
  product.sums = sums;
  product.count = count;
  product.x_stride = x_stride;
  product.from_stride = from_stride;
  product.t_stride = t_stride;
#endif
}

// From the weights of these rows to those of the next ones.
inline void move_on(kernel::ProductS8& product, uint32_t rows) noexcept {
  product.w += size_t{rows} * product.padded;
  product.scale += rows;
#ifndef RONDO_FIXED_ISA
  if (product.sums != nullptr) product.sums += rows;
#endif
}

// The vectors first .. first + count - 1 of args.x, in the order in which they are taken, as
// operands `stride` bytes apart at the start of the scratch.
void prepare_inputs_s8(const LayerArgs& args, uint32_t padded, uint32_t first, uint32_t count,
                       size_t stride) noexcept;

// Where products and columns go: t = from + ..., (count, rows of the block); strides in bytes.
struct SumsS8 {
  const int32_t* from;
  size_t from_stride;  // 0: every vector starts from the same row
  int32_t* t;
  size_t t_stride;
};
struct OperandsS8 {
  const uint8_t* x;
  size_t stride;
  uint32_t count;
};
void add_inputs_s8(const LayerArgs& args, const GatesS8& gates, const Block& block,
                   const OperandsS8& operands, const SumsS8& sums) noexcept;
// t = bias + the column of a token inside the vocabulary
void add_token_s8(const LayerArgs& args, const GatesS8& gates, const Block& block, uint32_t token,
                  int32_t* t) noexcept;

}  // namespace rondo::cell
