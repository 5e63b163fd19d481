// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 linear head: activations in, int32 Q15.16 scores out, comparable across rows.
#include "cell/check.hpp"
#include "cell/gates_s8.hpp"

namespace rondo::cell {
namespace {

size_t operand_stride(const LayerRecord& record, Packing packing, size_t align) noexcept {
  const uint32_t padded = padded_s8(packing, record.inputs);
  return buffer(kernel::operand_bytes(known(packing), padded), align);
}

// Scratch: operands of the steps that go together.
LayerBytes bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  const size_t stride = operand_stride(record, packing, align);
  return {0, static_cast<uint32_t>(steps_at_once(packing) * stride)};
}

// The product with the operands of `count` steps, block by block.
void multiply(const LayerArgs& args, size_t stride, uint32_t count, int32_t* y) noexcept {
  const LayerRecord& record = *args.record;
  kernel::ProductS8 product = {at<int8_t>(args, record.w),
                               at<int32_t>(args, record.scale_w),
                               block_rows(known(args.packing)),
                               padded_s8(args.packing, record.inputs),
                               record.shift_w,
                               args.scratch,
                               at<int32_t>(args, record.bias),
                               y};
  several(product, at_or_null(args, record.sums_w), count, stride, 0, args.y_stride);
  for (uint32_t left = static_cast<uint32_t>(round_up(record.outputs, 4)); left != 0;
       left -= product.rows) {
    if (left < product.rows) product.rows = left;
    multiply_s8(args, record.input, product);
    product.from += product.rows;
    product.t += product.rows;
    move_on(product, product.rows);
  }
}

void run(const LayerArgs& args) noexcept {
  const size_t stride = operand_stride(*args.record, args.packing, k_arena_align);
  const uint32_t most = steps_at_once(args.packing);
  for (uint32_t first = 0; first < steps_of(args); first += most) {
    const uint32_t left = steps_of(args) - first, count = left < most ? left : most;
    const uint32_t padded = padded_s8(args.packing, args.record->inputs);
    for (uint32_t n = 0; n < count; ++n) {
      prepare_s8(args, args.record->input, vector_at<uint8_t>(args.x, args.x_stride, first + n),
                 args.record->inputs, padded, args.scratch + n * stride);
    }
    multiply(args, stride, count, vector_at<int32_t>(args.y, args.y_stride, first));
  }
}

}  // namespace

const Cell rondo_linear_s8 = {Kind::linear, Type::s8, layer_s8_check, bytes,
                              run,          nullptr,  nullptr,        nullptr};

}  // namespace rondo::cell
