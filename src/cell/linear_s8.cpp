// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 linear head: activations in, int32 Q15.16 scores out, comparable across rows.
#include "cell/check.hpp"
#include "cell/gates_s8.hpp"

namespace rondo::cell {
namespace {

Status check(View<const uint8_t> image, const LayerRecord& record, Packing packing,
             const Proofs* proofs) noexcept {
  const bool formats =
      (record.input == Format::s16 || record.input == Format::s8) && record.output == Format::s32;
  if (!shape_allowed(record) || !formats || record.mode != 0 || !no_recurrence(record)) {
    return Status::bad_layout;
  }
  const GatesS8 rows = gates_s8(record, packing);
  if (!gates_inside(image, record, rows, packing)) return Status::bad_layout;
  return proofs != nullptr ? proofs->rows(image, record, rows, packing) : Status::ok;
}

size_t operand_stride(const LayerRecord& record, Packing packing, size_t align) noexcept {
  const uint32_t padded = shape_of(record, packing).padded(record.inputs);
  return round_up(kernel::operand_bytes(known(packing), padded), align);
}

// Scratch: operands of the steps that go together.
LayerBytes bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  const size_t stride = operand_stride(record, packing, align);
  return {0, static_cast<uint32_t>(steps_at_once(packing) * stride)};
}

// Steps first .. first + count - 1, which fit into the scratch.
void run_group(const LayerArgs& args, const GatesS8& rows, uint32_t first,
               uint32_t count) noexcept {
  const size_t stride = operand_stride(*args.record, args.packing, k_arena_align);
  prepare_inputs_s8(args, rows.shape.padded(args.record->inputs), first, count, stride);
  int32_t* const y = vector_at<int32_t>(args.y, args.y_stride, first);
  for (uint32_t unit = 0; unit < rows.shape.units; unit += rows.shape.block_units) {
    const Block block = block_at(rows.shape, unit);
    add_inputs_s8(args, rows, block, {args.scratch, stride, count},
                  {bias_of(args, rows, block), 0, y + block.row, args.y_stride});
  }
}

void run(const LayerArgs& args) noexcept {
  const GatesS8 rows = gates_s8(*args.record, args.packing);
  const uint32_t most = steps_at_once(args.packing);
  for (uint32_t first = 0; first < args.steps; first += most) {
    const uint32_t left = args.steps - first;
    run_group(args, rows, first, left < most ? left : most);
  }
}

}  // namespace

const Cell rondo_linear_s8 = {Kind::linear, Type::s8, check, bytes, run, nullptr, nullptr, nullptr};

}  // namespace rondo::cell
