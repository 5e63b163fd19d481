// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "cell/gates_f32.hpp"

#include "cell/check.hpp"

namespace rondo::cell {

GatesF32 gates_f32(const LayerRecord& record, Packing packing) noexcept {
  const uint32_t gates = record.kind == Kind::gru_before ? 2 : gates_of(record.kind);
  return {rondo::shape_of(gates, Type::f32, record.outputs, known(packing)),
          0,
          record.kind == Kind::gru ? gates + 1 : gates,
          record.w,
          record.u,
          record.bias};
}

GatesF32 candidate_f32(const LayerRecord& record, Packing packing) noexcept {
  const Shape shape = rondo::shape_of(1, Type::f32, record.outputs, known(packing));
  const uint32_t rows = 2 * shape.units;  // those of r and z lie in front
  return {shape,
          static_cast<uint32_t>(round_up(rows, k_row_align)),
          1,
          record.w + 4 * rows * record.inputs,
          record.u + 4 * rows * record.outputs,
          record.bias + 4 * rows};
}

void add_inputs_f32(const LayerArgs& args, const GatesF32& gates, const Block& block,
                    const VectorsF32& vectors, const SumsF32& sums) noexcept {
  const uint32_t inputs = args.record->inputs;
  kernels_f32(args).product_f32({at<float>(args, gates.w) + size_t{block.row} * inputs, block.rows,
                                 inputs, vectors.count, vectors.x, vectors.stride, sums.from,
                                 sums.from_stride, sums.t, sums.t_stride});
}

void add_token_f32(const LayerArgs& args, const GatesF32& gates, const Block& block, uint32_t token,
                   float* t) noexcept {
  kernels_f32(args).column_f32(
      {at<float>(args, gates.w) + size_t{token} * gates.shape.rows() + block.row, block.rows,
       bias_of(args, gates, block), t});
}

Status check_gates_f32(View<const uint8_t> image, const LayerRecord& record, const GatesF32& gates,
                       const Proofs* proofs) noexcept {
  const uint64_t rows = gates.shape.rows();
  const uint64_t of_w = rows * record.inputs;
  const uint64_t of_u = record.recurrent == Format::token ? 0 : rows * record.outputs;
  const uint64_t biases = uint64_t{gates.shape.units} * gates.bias_gates;
  if (!inside(image, record.w, of_w, 4) || !inside(image, gates.w, of_w, 4) ||
      !inside(image, gates.bias, biases, 4)) {
    return Status::bad_layout;
  }
  if (of_u != 0 && !inside(image, gates.u, of_u, 4)) return Status::bad_layout;
  const bool good = proofs == nullptr || (proofs->finite(image, gates.w, of_w) &&
                                          (of_u == 0 || proofs->finite(image, gates.u, of_u)) &&
                                          proofs->finite(image, gates.bias, biases));
  return good ? Status::ok : Status::bad_numbers;
}

}  // namespace rondo::cell
