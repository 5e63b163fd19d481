// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float dense layer, anywhere in the chain: y = f(W x + b). Of tokens it is an embedding. As
// the last layer it gives scores.
#include "base/no_contraction.hpp"

#include <string.h>

#include "cell/activate_f32.hpp"
#include "cell/check.hpp"
#include "cell/gates_f32.hpp"

namespace rondo::cell {
namespace {

Status check(View<const uint8_t> image, const LayerRecord& record, Packing packing,
             const Proofs* proofs) noexcept {
  if (!form_f32_allowed(record)) return Status::bad_layout;
  return check_gates_f32(image, record, gates_f32(record, packing), proofs);
}

LayerBytes bytes(const LayerRecord&, Packing, size_t) noexcept {
  return {0, 0};
}

// t of one step, where its input is a token or nothing.
void put_column(const LayerArgs& args, const GatesF32& rows, const Block& block, uint32_t step,
                float* t) noexcept {
  const bool has_token = args.record->input == Format::token && args.tokens != nullptr;
  if (has_token && args.tokens[step] < args.record->inputs) {
    add_token_f32(args, rows, block, args.tokens[step], t);
  } else {
    memcpy(t, bias_of(args, rows, block), sizeof(float) * block.rows);
  }
}

// y first takes the pre-activations: it has room for the rows of padding too.
void run(const LayerArgs& args) noexcept {
  const GatesF32 rows = gates_f32(*args.record, args.packing);
  const bool product = args.record->input != Format::token && args.x != nullptr;
  for (uint32_t unit = 0; unit < rows.shape.units; unit += rows.shape.block_units) {
    const Block block = block_at(rows.shape, unit);
    if (product) {
      add_inputs_f32(
          args, rows, block, {static_cast<const float*>(args.x), args.x_stride, args.steps},
          {bias_of(args, rows, block), 0, static_cast<float*>(args.y) + block.row, args.y_stride});
    }
    for (uint32_t s = 0; s < args.steps; ++s) {
      float* const t = vector_at<float>(args.y, args.y_stride, s) + block.row;
      if (!product) put_column(args, rows, block, s, t);
      activate_f32(args, t, block.units, t);
    }
  }
}

}  // namespace

const Cell rondo_dense_f32 = {Kind::dense, Type::f32, check, bytes, run, nullptr, nullptr, nullptr};

}  // namespace rondo::cell
