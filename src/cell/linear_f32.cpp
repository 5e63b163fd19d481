// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float linear head.
#include <string.h>

#include "cell/blocks.hpp"
#include "cell/check.hpp"

namespace rondo::cell {
namespace {

Status check(View<const uint8_t> image, const LayerRecord& record, Packing packing,
             bool proofs) noexcept {
  if (!shape_allowed(record) || record.input != Input::f32 || record.wide != 0 || record.u != 0 ||
      record.scale_w != 0 || record.scale_u != 0 || record.sums_w != 0 || record.sums_u != 0 ||
      record.shift_w != 0 || record.shift_u != 0) {
    return Status::bad_layout;
  }
  const uint64_t rows = rondo::shape_of(record.kind, record.type, record.outputs, packing).rows();
  if (!inside(image, record.w, rows * record.inputs, 4) || !inside(image, record.bias, rows, 4)) {
    return Status::bad_layout;
  }
  const bool good = !proofs || (all_finite(image, record.w, rows * record.inputs) &&
                                all_finite(image, record.bias, rows));
  return good ? Status::ok : Status::bad_numbers;
}

// Scratch: scores float[units].
LayerBytes bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  const Shape shape = rondo::shape_of(record.kind, record.type, record.outputs, packing);
  return {0, buffer(size_t{4} * shape.units, align)};
}

void step(const StepArgs& args) noexcept {
  const LayerRecord& record = *args.record;
  const Shape shape = shape_of(args);
  float* const scores = in<float>(args.scratch);
  memcpy(scores, at<float>(args, record.bias), size_t{4} * shape.units);
  for (uint32_t unit = 0; unit < shape.units; unit += shape.block_units) {
    const Block block = block_at(shape, unit);
    kernel::f32(args.isa).product_f32(
        {at<float>(args, record.w) + size_t{block.row} * record.inputs, block.rows, record.inputs},
        static_cast<const float*>(args.x), scores + unit);
  }
}

const void* output(const StepArgs& args) noexcept {
  return args.scratch;
}

}  // namespace

const Cell linear_f32 = {Kind::linear, Type::f32, check,   bytes,  step,
                         output,       nullptr,   nullptr, nullptr};

}  // namespace rondo::cell
