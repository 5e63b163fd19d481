// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 LSTM cell: LSTM of PyTorch (gates i, f, g, o), formats of numeric.hpp.
#include "cell/lstm_s8.hpp"

#include "cell/check.hpp"

namespace rondo::cell {
namespace {

int32_t largest_of(Input input) noexcept {
  return input == Input::token ? k_token_one : input == Input::s16 ? k_largest_s16 : k_largest_s8;
}

Shape shape_of(const LayerRecord& record, Packing packing) noexcept {
  return rondo::shape_of(record.kind, record.type, record.outputs, packing);
}

void step(const StepArgs& args) noexcept {
  lstm_s8_step(args, [](const Block&, const int32_t*, const int32_t*) {});
}

// The parts of a state without padding, in the order of a blob.
struct Part {
  uint32_t offset, bytes;
};
struct Parts {
  Part part[3];
  explicit Parts(const StepArgs& args) noexcept {
    const LstmS8Layout layout(*args.record, cell::shape_of(args), k_arena_align);
    const uint32_t units = args.record->outputs;
    part[0] = {0, 4 * units};
    part[1] = {layout.h, units};
    part[2] = {layout.h16, args.record->wide != 0 ? 2 * units : 0};
  }
};

}  // namespace

Status lstm_s8_check(View<const uint8_t> image, const LayerRecord& record, Packing packing,
                     bool proofs) noexcept {
  if (!shape_allowed(record) || record.input == Input::f32) return Status::bad_layout;
  const Shape shape = shape_of(record, packing);
  const MatrixS8 w = {record.w,
                      record.scale_w,
                      record.sums_w,
                      record.inputs,
                      record.shift_w,
                      record.input == Input::token,
                      largest_of(record.input)};
  const MatrixS8 u = {record.u,       record.scale_u, record.sums_u, record.outputs,
                      record.shift_u, false,          k_largest_s8};
  if (!matrix_inside(image, w, shape, packing) || !matrix_inside(image, u, shape, packing) ||
      !inside(image, record.bias, shape.rows(), 4)) {
    return Status::bad_layout;
  }
  return proofs ? prove_rows(image, record, shape, packing, w, &u) : Status::ok;
}

LayerBytes lstm_s8_bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  const LstmS8Layout layout(record, shape_of(record, packing), align);
  return {layout.state, layout.scratch};
}

const void* lstm_s8_output(const StepArgs& args) noexcept {
  const LstmS8Layout layout(*args.record, cell::shape_of(args), k_arena_align);
  return args.state + (args.record->wide != 0 ? layout.h16 : layout.h);
}

uint32_t lstm_s8_saved_bytes(const LayerRecord& record) noexcept {
  return record.outputs * (record.wide != 0 ? 7 : 5);
}

void lstm_s8_save(const StepArgs& args, uint8_t* blob) noexcept {
  const Parts parts(args);
  for (const Part& part : parts.part) {
    memcpy(blob, args.state + part.offset, part.bytes);
    blob += part.bytes;
  }
}

void lstm_s8_restore(const StepArgs& args, const uint8_t* blob) noexcept {
  const Parts parts(args);
  for (const Part& part : parts.part) {
    memcpy(args.state + part.offset, blob, part.bytes);
    blob += part.bytes;
  }
}

const Cell lstm_s8 = {Kind::lstm,          Type::s8,     lstm_s8_check,
                      lstm_s8_bytes,       step,         lstm_s8_output,
                      lstm_s8_saved_bytes, lstm_s8_save, lstm_s8_restore};

}  // namespace rondo::cell
