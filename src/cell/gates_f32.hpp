// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The rows of a float layer as the image has them, and their products: what the float cells stand
// on. The counterpart of gates_s8.hpp.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "cell/blocks.hpp"
#include "kernel/kernels.hpp"

namespace rondo::cell {

struct GatesF32 {
  Shape shape;
  uint32_t first_row;   // where they stand among the pre-activations of the layer
  uint32_t bias_gates;  // biases of a unit: the gates, and one more in gru
  uint32_t w, u, bias;  // offsets into the image
};

// All gates of every kind but gru_before; of that one, the first two.
GatesF32 gates_f32(const LayerRecord& record, Packing packing) noexcept;
// The last gate of gru_before.
GatesF32 candidate_f32(const LayerRecord& record, Packing packing) noexcept;

inline const float* bias_of(const LayerArgs& args, const GatesF32& gates,
                            const Block& block) noexcept {
  return at<float>(args, gates.bias) + size_t{block.unit} * gates.bias_gates;
}

// Where products go: t = from + ..., (count, rows of the block); strides in bytes.
struct SumsF32 {
  const float* from;
  size_t from_stride;  // 0: every vector starts from the same row
  float* t;
  size_t t_stride;
};
struct VectorsF32 {
  const float* x;
  size_t stride;
  uint32_t count;
};
void add_inputs_f32(const LayerArgs& args, const GatesF32& gates, const Block& block,
                    const VectorsF32& vectors, const SumsF32& sums) noexcept;
// t = bias + the column of a token inside the vocabulary
void add_token_f32(const LayerArgs& args, const GatesF32& gates, const Block& block, uint32_t token,
                   float* t) noexcept;

// Whether all arrays of these rows lie inside the image and (proofs) are finite. Padding may be any
// number: nothing reads what comes of it.
Status check_gates_f32(View<const uint8_t> image, const LayerRecord& record, const GatesF32& gates,
                       const Proofs* proofs) noexcept;

}  // namespace rondo::cell
