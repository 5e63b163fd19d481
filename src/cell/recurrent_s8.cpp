// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "cell/recurrent_s8.hpp"

#include <rondo/numeric.hpp>

#include "cell/check.hpp"

namespace rondo::cell {
namespace {

// Of what is in front of the cell's own bytes: the same whatever these are.
ScratchS8 scratch_of(const LayerArgs& args) noexcept {
  return {*args.record, args.packing, 0, k_arena_align};
}

}  // namespace

RecurrentS8::RecurrentS8(const LayerArgs& args, size_t own_bytes) noexcept : args_(args) {
  const StateS8 state(*args.record, k_arena_align);
  const ScratchS8 scratch(*args.record, args.packing, own_bytes, k_arena_align);
  h8_ = state.keeps_h8 ? in<int8_t>(args.state, state.h8) : nullptr;
  h16_ = state.keeps_h16 ? in<int16_t>(args.state, state.h16) : nullptr;
  operand_ = args.scratch + scratch.h;
  t_ = in<int32_t>(args.scratch, scratch.t);
  own_ = args.scratch + scratch.own;
  t_x_ = in<int32_t>(args.scratch, scratch.t_x);
}

void RecurrentS8::begin(uint32_t first) noexcept {
  const LayerRecord& record = *args_.record;
  const uint32_t left = args_.steps - first, most = steps_at_once(args_.packing);
  first_ = first;
  count_ = left < most ? left : most;
  if (args_.x == nullptr) return;
  const uint32_t padded = shape_of(record, args_.packing).padded(record.inputs);
  prepare_inputs_s8(args_, padded, first, count_, together() ? scratch_of(args_).x_stride : 0);
  if (!together()) return;
  multiply_inputs(gates_s8(record, args_.packing));
  if (record.kind == Kind::gru_before) multiply_inputs(candidate_s8(record, args_.packing));
}

void RecurrentS8::prepare_h(const void* h) const noexcept {
  const LayerRecord& record = *args_.record;
  prepare_s8(args_, record.recurrent, h, record.outputs,
             shape_of(record, args_.packing).padded(record.outputs), operand_);
}

// All rows, all steps that are prepared: the weights are read once.
void RecurrentS8::multiply_inputs(const GatesS8& gates) const noexcept {
  const ScratchS8 scratch = scratch_of(args_);
  for (uint32_t unit = 0; unit < gates.shape.units; unit += gates.shape.block_units) {
    const Block block = block_at(gates.shape, unit);
    add_inputs_s8(
        args_, gates, block, {args_.scratch, scratch.x_stride, count_},
        {bias_of(args_, gates, block), 0, t_x_ + gates.first_row + block.row, scratch.t_stride});
  }
}

void RecurrentS8::start(WalkS8& walk) const noexcept {
  start(gates_s8(*args_.record, args_.packing), walk);
}

void RecurrentS8::start_candidate(WalkS8& walk) const noexcept {
  start(candidate_s8(*args_.record, args_.packing), walk);
}

void RecurrentS8::start(const GatesS8& gates, WalkS8& walk) const noexcept {
  walk.start(gates, operand_, t_);
  if (args_.record->input == Format::token) {
    if (args_.tokens == nullptr) return;
    walk.read_token(gates, args_.tokens[step_number(args_, first_ + index_)]);
  } else if (args_.x != nullptr && together()) {
    walk.read_sums(
        vector_at<int32_t>(static_cast<const void*>(t_x_), scratch_of(args_).t_stride, index_) +
        gates.first_row);
  } else if (args_.x != nullptr) {
    walk.read_operand(args_.scratch);
  }
}

void RecurrentS8::put_output(uint32_t step) const noexcept {
  if (args_.y == nullptr) return;
  const LayerRecord& record = *args_.record;
  memcpy(vector_at<uint8_t>(args_.y, args_.y_stride, step),
         record.output == Format::s16 ? static_cast<const void*>(h16_) : h8_,
         record.outputs * size_of(record.output));
}

WalkS8::WalkS8(const LayerArgs& args) noexcept : args_(args), x_{}, h_{} {
  x_.shift = args.record->shift_w;
  h_.shift = args.record->shift_u;
  x_.count = h_.count = 1;
}

void WalkS8::start(const GatesS8& gates, const uint8_t* h, int32_t* t) noexcept {
  const LayerRecord& record = *args_.record;
  unit = 0;
  left_ = gates.shape.units;
  gates_ = gates.shape.gates;
  bias_gates_ = gates.bias_gates;
  block_units_ = gates.shape.block_units;
  bias = at<int32_t>(args_, gates.bias);
  x_.w = at<int8_t>(args_, gates.w);
  x_.scale = at<int32_t>(args_, gates.scale_w);
  x_.sums = gates.sums_w == 0 ? nullptr : at<int32_t>(args_, gates.sums_w);
  // A token's column is read in place of rows.
  x_.padded = record.input == Format::token ? 0 : gates.shape.padded(record.inputs);
  x_.x = nullptr;
  x_.t = t;
  h_.w = at<int8_t>(args_, gates.u);
  h_.scale = at<int32_t>(args_, gates.scale_u);
  h_.sums = gates.sums_u == 0 ? nullptr : at<int32_t>(args_, gates.sums_u);
  h_.padded = gates.shape.padded(record.outputs);
  h_.x = h;
  column_ = nullptr;
  sums_ = nullptr;
  set_units();
}

void WalkS8::set_units() noexcept {
  units = left_ < block_units_ ? left_ : block_units_;
  x_.rows = h_.rows = units * gates_;
}

// Outside the vocabulary: no input.
void WalkS8::read_token(const GatesS8& gates, uint32_t token) noexcept {
  if (token >= args_.record->inputs) return;
  column_ = at<int8_t>(args_, gates.w) + size_t{token} * gates.shape.rows();
}

const int32_t* WalkS8::input_part() noexcept {
  if (sums_ != nullptr) return sums_;
  if (column_ != nullptr) {
    kernels_s8(args_).column_s8({column_, x_.scale, x_.rows, x_.shift, bias, x_.t});
    return x_.t;
  }
  if (x_.x == nullptr) return bias;
  x_.from = bias;
  multiply_s8(args_, args_.record->input, x_);
  return x_.t;
}

void WalkS8::add_state(const int32_t* from, int32_t* to) noexcept {
  h_.from = from;
  h_.t = to;
  multiply_s8(args_, args_.record->recurrent, h_);
}

namespace {

void move_on(kernel::ProductS8& product, uint32_t rows) noexcept {
  product.w += size_t{rows} * product.padded;
  product.scale += rows;
  if (product.sums != nullptr) product.sums += rows;
}

}  // namespace

bool WalkS8::next() noexcept {
  const uint32_t rows = h_.rows;
  unit += units;
  left_ -= units;
  if (left_ == 0) return false;
  bias += size_t{units} * bias_gates_;
  move_on(x_, rows);
  move_on(h_, rows);
  if (column_ != nullptr) column_ += rows;
  if (sums_ != nullptr) sums_ += rows;
  set_units();
  return true;
}

Status recurrent_s8_check(View<const uint8_t> image, const LayerRecord& record, Packing packing,
                          const Proofs* proofs) noexcept {
  const bool formats = (record.input == Format::token || record.input == Format::s8 ||
                        record.input == Format::s16) &&
                       (record.output == Format::s8 || record.output == Format::s16) &&
                       (record.recurrent == Format::s8 || record.recurrent == Format::s16);
  const uint8_t mode =
      static_cast<uint8_t>(record.kind == Kind::rnn ? Activation::tanh : Activation::none);
  if (!shape_allowed(record) || !formats || record.mode != mode) return Status::bad_layout;
  const GatesS8 gates = gates_s8(record, packing);
  if (!gates_inside(image, record, gates, packing)) return Status::bad_layout;
  const uint32_t initial = record.kind == Kind::lstm ? 2 : 1;
  if (record.initial != 0 && !inside(image, record.initial, initial * record.outputs, 4)) {
    return Status::bad_layout;
  }
  if (proofs == nullptr) return Status::ok;
  Status status = proofs->rows(image, record, gates, packing);
  if (status == Status::ok && record.initial != 0 && !proofs->initial(image, record)) {
    status = Status::bad_numbers;
  }
  return status;
}

void set_h(const LayerArgs& args, const int32_t* h) noexcept {
  const StateS8 state(*args.record, k_arena_align);
  for (uint32_t k = 0; k < args.record->outputs; ++k) {
    const int16_t h16 = sat16(h[k]);
    if (state.keeps_h8) in<int8_t>(args.state, state.h8)[k] = narrow_s8(h16);
    if (state.keeps_h16) in<int16_t>(args.state, state.h16)[k] = h16;
  }
}

void gru_s8_reset(const LayerArgs& args) noexcept {
  const StateS8 state(*args.record, k_arena_align);
  const int32_t* const initial = at<int32_t>(args, args.record->initial);
  for (uint32_t k = 0; k < args.record->outputs; ++k) {
    const int32_t h = clamp(initial[k], -k_gru_one, k_gru_one);
    in<int32_t>(args.state)[k] = h;
    if (state.keeps_h8) in<int8_t>(args.state, state.h8)[k] = gru_h8(h);
    if (state.keeps_h16) in<int16_t>(args.state, state.h16)[k] = gru_h16(h);
  }
}

const void* recurrent_s8_output(const LayerArgs& args) noexcept {
  const StateS8 state(*args.record, k_arena_align);
  return args.state + (args.record->output == Format::s16 ? state.h16 : state.h8);
}

uint32_t recurrent_s8_parts(const LayerRecord& record, Packing, StatePart* parts) noexcept {
  const StateS8 state(record, k_arena_align);
  uint32_t count = 0;
  const int32_t limit = record.kind == Kind::lstm ? 0 : k_gru_one;
  if (state.wide_main) parts[count++] = {0, 4 * record.outputs, limit};
  if (state.keeps_h8) parts[count++] = {state.h8, record.outputs, 0};
  if (state.keeps_h16) parts[count++] = {state.h16, 2 * record.outputs, 0};
  return count;
}

}  // namespace rondo::cell
