// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float linear head.
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

void run(const LayerArgs& args) noexcept {
  const GatesF32 rows = gates_f32(*args.record, args.packing);
  for (uint32_t unit = 0; unit < rows.shape.units; unit += rows.shape.block_units) {
    const Block block = block_at(rows.shape, unit);
    add_inputs_f32(
        args, rows, block, {static_cast<const float*>(args.x), args.x_stride, args.steps},
        {bias_of(args, rows, block), 0, static_cast<float*>(args.y) + block.row, args.y_stride});
  }
}

}  // namespace

const Cell rondo_linear_f32 = {Kind::linear, Type::f32, check,   bytes,
                               run,          nullptr,   nullptr, nullptr};

}  // namespace rondo::cell
