// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// One step of an int8 LSTM layer, written once for the plain cell and for the watched one.
#pragma once
#include <string.h>

#include <rondo/cells.hpp>
#include <rondo/format.hpp>
#include <rondo/numeric.hpp>

#include "cell/blocks.hpp"
#include "kernel/kernels.hpp"

namespace rondo::cell {

// State: c int32[units] | h int8[units, padded to a group] | h int16[as h] where `wide`.
// Scratch: t int32[rows of a block] | next h int8[as h].
struct LstmS8Layout {
  uint32_t h, h16, state;  // offsets in the state, and its size
  uint32_t next, scratch;  // offset in the scratch, and its size
  uint32_t h_bytes;

  LstmS8Layout(const LayerRecord& record, const Shape& shape, size_t align) noexcept {
    h_bytes = shape.padded(shape.units);
    h = buffer(size_t{4} * shape.units, align);
    h16 = h + buffer(h_bytes, align);
    state = h16 + (record.wide != 0 ? buffer(size_t{2} * h_bytes, align) : 0);
    next = buffer(size_t{4} * shape.gates * shape.block_units, align);
    scratch = next + buffer(h_bytes, align);
  }
};

// The input's part of one block: the column of a token, or the product with x; nothing where the
// caller made the wrong kind of step.
inline void add_input_s8(const StepArgs& args, const Shape& shape, const Block& block,
                         int32_t* t) noexcept {
  const LayerRecord& record = *args.record;
  const kernel::S8& kernels = kernel::s8(args.isa);
  if (record.input == Input::token) {
    if (args.token >= record.inputs) return;
    kernels.column_s8(
        {at<int8_t>(args, record.w) + size_t{args.token} * shape.rows() + block.row,
         at<int32_t>(args, record.scale_w) + block.row, nullptr, block.rows, 1, record.shift_w},
        t);
    return;
  }
  if (args.x == nullptr) return;
  const kernel::RowsS8 rows = rows_s8(args, block, record.w, record.scale_w, record.sums_w,
                                      shape.padded(record.inputs), record.shift_w);
  if (record.input == Input::s16) {
    kernels.product_s16(rows, static_cast<const int16_t*>(args.x), t);
  } else {
    kernels.product_s8(rows, static_cast<const int8_t*>(args.x), t);
  }
}

// seen(block, t, c) is called after each block.
template <class Seen>
void lstm_s8_step(const StepArgs& args, Seen seen) noexcept {
  const LayerRecord& record = *args.record;
  const Shape shape = shape_of(args);
  const LstmS8Layout layout(record, shape, k_arena_align);
  const kernel::S8& kernels = kernel::s8(args.isa);
  int32_t* const c = in<int32_t>(args.state);
  int8_t* const h = in<int8_t>(args.state, layout.h);
  int16_t* const h16 = record.wide != 0 ? in<int16_t>(args.state, layout.h16) : nullptr;
  int32_t* const t = in<int32_t>(args.scratch);
  int8_t* const next = in<int8_t>(args.scratch, layout.next);

  for (uint32_t unit = 0; unit < shape.units; unit += shape.block_units) {
    const Block block = block_at(shape, unit);
    memcpy(t, at<int32_t>(args, record.bias) + block.row, size_t{4} * block.rows);
    add_input_s8(args, shape, block, t);
    kernels.product_s8(rows_s8(args, block, record.u, record.scale_u, record.sums_u, layout.h_bytes,
                               record.shift_u),
                       h, t);
    kernels.lstm_s8({t, block.units, c + unit, next + unit, h16 == nullptr ? nullptr : h16 + unit});
    seen(block, t, c + unit);
  }
  memcpy(h, next, shape.units);  // the rest of h, up to a whole group, stays zero
}

Status lstm_s8_check(View<const uint8_t> image, const LayerRecord& record, Packing packing,
                     bool proofs) noexcept;
LayerBytes lstm_s8_bytes(const LayerRecord& record, Packing packing, size_t align) noexcept;
const void* lstm_s8_output(const StepArgs& args) noexcept;
uint32_t lstm_s8_saved_bytes(const LayerRecord& record) noexcept;
void lstm_s8_save(const StepArgs& args, uint8_t* blob) noexcept;
void lstm_s8_restore(const StepArgs& args, const uint8_t* blob) noexcept;

}  // namespace rondo::cell
