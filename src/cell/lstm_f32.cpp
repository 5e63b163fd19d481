// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float LSTM cell: LSTM of PyTorch (gates i, f, g, o).
#include <string.h>

#include "cell/blocks.hpp"
#include "cell/check.hpp"

namespace rondo::cell {
namespace {

// State: c float[units] | h float[units]. Scratch: t float[rows of a block] | next h float[units].
struct Layout {
  uint32_t h, state, next, scratch;
  Layout(const Shape& shape, size_t align) noexcept {
    h = buffer(size_t{4} * shape.units, align);
    state = 2 * h;
    next = buffer(size_t{4} * shape.gates * shape.block_units, align);
    scratch = next + h;
  }
};

Shape shape_of(const LayerRecord& record, Packing packing) noexcept {
  return rondo::shape_of(record.kind, record.type, record.outputs, packing);
}

Status check(View<const uint8_t> image, const LayerRecord& record, Packing packing,
             bool proofs) noexcept {
  if (!shape_allowed(record) || record.input == Input::s8 || record.input == Input::s16 ||
      record.wide != 0 || record.shift_w != 0 || record.shift_u != 0 || record.scale_w != 0 ||
      record.scale_u != 0 || record.sums_w != 0 || record.sums_u != 0) {
    return Status::bad_layout;
  }
  const uint64_t rows = shape_of(record, packing).rows();
  const uint64_t of_w = rows * record.inputs;
  const uint64_t of_u = rows * record.outputs;
  if (!inside(image, record.w, of_w, 4) || !inside(image, record.u, of_u, 4) ||
      !inside(image, record.bias, rows, 4)) {
    return Status::bad_layout;
  }
  const bool good =
      !proofs || (all_finite(image, record.w, of_w) && all_finite(image, record.u, of_u) &&
                  all_finite(image, record.bias, rows));
  return good ? Status::ok : Status::bad_numbers;
}

LayerBytes bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  const Layout layout(shape_of(record, packing), align);
  return {layout.state, layout.scratch};
}

void step(const StepArgs& args) noexcept {
  const LayerRecord& record = *args.record;
  const Shape shape = cell::shape_of(args);
  const Layout layout(shape, k_arena_align);
  const kernel::F32& kernels = kernel::f32(args.isa);
  float* const c = in<float>(args.state);
  float* const h = in<float>(args.state, layout.h);
  float* const t = in<float>(args.scratch);
  float* const next = in<float>(args.scratch, layout.next);

  for (uint32_t unit = 0; unit < shape.units; unit += shape.block_units) {
    const Block block = block_at(shape, unit);
    memcpy(t, at<float>(args, record.bias) + block.row, size_t{4} * block.rows);
    if (record.input != Input::token && args.x != nullptr) {
      kernels.product_f32({at<float>(args, record.w) + size_t{block.row} * record.inputs,
                           block.rows, record.inputs},
                          static_cast<const float*>(args.x), t);
    } else if (record.input == Input::token && args.token < record.inputs) {
      kernels.column_f32({at<float>(args, record.w) + size_t{args.token} * shape.rows() + block.row,
                          block.rows, 1},
                         t);
    }
    kernels.product_f32({at<float>(args, record.u) + size_t{block.row} * record.outputs, block.rows,
                         record.outputs},
                        h, t);
    kernels.lstm_f32({t, block.units, c + unit, next + unit});
  }
  memcpy(h, next, size_t{4} * shape.units);
}

const void* output(const StepArgs& args) noexcept {
  return args.state + Layout(cell::shape_of(args), k_arena_align).h;
}

uint32_t saved_bytes(const LayerRecord& record) noexcept {
  return 8 * record.outputs;
}

void save(const StepArgs& args, uint8_t* blob) noexcept {
  const uint32_t part = 4 * args.record->outputs;
  memcpy(blob, args.state, part);
  memcpy(blob + part, output(args), part);
}

void restore(const StepArgs& args, const uint8_t* blob) noexcept {
  const uint32_t part = 4 * args.record->outputs;
  memcpy(args.state, blob, part);
  memcpy(args.state + Layout(cell::shape_of(args), k_arena_align).h, blob + part, part);
}

}  // namespace

const Cell lstm_f32 = {Kind::lstm, Type::f32,   check, bytes,  step,
                       output,     saved_bytes, save,  restore};

}  // namespace rondo::cell
