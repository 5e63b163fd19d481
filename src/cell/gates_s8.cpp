// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "cell/gates_s8.hpp"

namespace rondo::cell {
namespace {

GatesS8 gates_of_record(const LayerRecord& record, const Shape& shape,
                        uint32_t bias_gates) noexcept {
  return {shape,          0,           bias_gates,    record.w,     record.u, record.scale_w,
          record.scale_u, record.bias, record.sums_w, record.sums_u};
}

}  // namespace

GatesS8 gates_s8(const LayerRecord& record, Packing packing) noexcept {
  const uint32_t gates = record.kind == Kind::gru_before ? 2 : gates_of(record.kind);
  return gates_of_record(record, rondo::shape_of(gates, Type::s8, record.outputs, known(packing)),
                         record.kind == Kind::gru ? gates + 1 : gates);
}

GatesS8 candidate_s8(const LayerRecord& record, Packing packing) noexcept {
  GatesS8 gates =
      gates_of_record(record, rondo::shape_of(1, Type::s8, record.outputs, known(packing)), 1);
  const uint32_t rows = 2 * gates.shape.units;  // those of r and z lie in front
  gates.first_row = static_cast<uint32_t>(round_up(rows, k_row_align));
  gates.w += rows * stored_inputs(record.input, record.inputs, gates.shape);
  gates.u += rows * gates.shape.padded(record.outputs);
  gates.scale_w += 4 * rows;
  gates.scale_u += 4 * rows;
  gates.bias += 4 * rows;
  if (gates.sums_w != 0) gates.sums_w += 4 * rows;  // not of tokens, nor outside packing host
  if (gates.sums_u != 0) gates.sums_u += 4 * rows;
  return gates;
}

void prepare_s8(const LayerArgs& args, Format format, const void* x, uint32_t inputs,
                uint32_t padded, uint8_t* operand) noexcept {
  const kernel::S8& kernels = kernels_s8(args);
  if (format == Format::s16) {
    kernels.prepare_s16(static_cast<const int16_t*>(x), inputs, padded, operand);
  } else {
    kernels.prepare_s8(static_cast<const int8_t*>(x), inputs, padded, operand);
  }
}

void prepare_inputs_s8(const LayerArgs& args, uint32_t padded, uint32_t first, uint32_t count,
                       size_t stride) noexcept {
  for (uint32_t n = 0; n < count; ++n) {
    prepare_s8(args, args.record->input,
               vector_at<uint8_t>(args.x, args.x_stride, step_number(args, first + n)),
               args.record->inputs, padded, args.scratch + n * stride);
  }
}

namespace {

const int32_t* sums_of(const LayerArgs& args, uint32_t sums, const Block& block) noexcept {
  return sums == 0 ? nullptr : at<int32_t>(args, sums) + block.row;
}

}  // namespace

void add_inputs_s8(const LayerArgs& args, const GatesS8& gates, const Block& block,
                   const OperandsS8& operands, const SumsS8& sums) noexcept {
  const uint32_t padded = gates.shape.padded(args.record->inputs);
  kernel::ProductS8 product = {at<int8_t>(args, gates.w) + size_t{block.row} * padded,
                               at<int32_t>(args, gates.scale_w) + block.row,
                               block.rows,
                               padded,
                               args.record->shift_w,
                               operands.x,
                               sums.from,
                               sums.t};
  several(product, sums_of(args, gates.sums_w, block), operands.count, operands.stride,
          sums.from_stride, sums.t_stride);
  multiply_s8(args, args.record->input, product);
}

void add_token_s8(const LayerArgs& args, const GatesS8& gates, const Block& block, uint32_t token,
                  int32_t* t) noexcept {
  kernels_s8(args).column_s8(
      {at<int8_t>(args, gates.w) + size_t{token} * gates.shape.rows() + block.row,
       at<int32_t>(args, gates.scale_w) + block.row, block.rows, args.record->shift_w,
       bias_of(args, gates, block), t});
}

}  // namespace rondo::cell
