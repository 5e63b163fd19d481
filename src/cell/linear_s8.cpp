// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 linear head: 16-bit activations in, int32 Q15.16 scores out, comparable across rows.
#include <string.h>

#include <rondo/numeric.hpp>

#include "cell/blocks.hpp"
#include "cell/check.hpp"

namespace rondo::cell {
namespace {

Status check(View<const uint8_t> image, const LayerRecord& record, Packing packing,
             bool proofs) noexcept {
  if (!shape_allowed(record) || record.input != Input::s16 || record.wide != 0 || record.u != 0 ||
      record.scale_u != 0 || record.sums_u != 0 || record.shift_u != 0) {
    return Status::bad_layout;
  }
  const Shape shape = rondo::shape_of(record.kind, record.type, record.outputs, packing);
  const MatrixS8 w = {record.w,       record.scale_w, record.sums_w, record.inputs,
                      record.shift_w, false,          k_largest_s16};
  if (!matrix_inside(image, w, shape, packing) || !inside(image, record.bias, shape.rows(), 4)) {
    return Status::bad_layout;
  }
  return proofs ? prove_rows(image, record, shape, packing, w, nullptr) : Status::ok;
}

// Scratch: scores int32[units].
LayerBytes bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  const Shape shape = rondo::shape_of(record.kind, record.type, record.outputs, packing);
  return {0, buffer(size_t{4} * shape.units, align)};
}

void step(const StepArgs& args) noexcept {
  const LayerRecord& record = *args.record;
  const Shape shape = shape_of(args);
  int32_t* const scores = in<int32_t>(args.scratch);
  memcpy(scores, at<int32_t>(args, record.bias), size_t{4} * shape.units);
  for (uint32_t unit = 0; unit < shape.units; unit += shape.block_units) {
    const Block block = block_at(shape, unit);
    kernel::s8(args.isa).product_s16(rows_s8(args, block, record.w, record.scale_w, record.sums_w,
                                             shape.padded(record.inputs), record.shift_w),
                                     static_cast<const int16_t*>(args.x), scores + unit);
  }
}

const void* output(const StepArgs& args) noexcept {
  return args.scratch;
}

}  // namespace

const Cell linear_s8 = {Kind::linear, Type::s8, check,   bytes,  step,
                        output,       nullptr,  nullptr, nullptr};

}  // namespace rondo::cell
