// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "cell/recurrent_f32.hpp"

#include "cell/check.hpp"

namespace rondo::cell {

// Fewer inputs are faster step by step: their product is less than the way through memory.
constexpr uint32_t k_inputs_together = 4;

void RecurrentF32::begin(uint32_t first) noexcept {
  const uint32_t left = args_.steps - first, most = steps_at_once(args_.packing, Type::f32);
  first_ = first;
  count_ = left < most ? left : most;
  together_ =
      most > 1 && count_ > 1 && args_.x != nullptr && args_.record->inputs >= k_inputs_together;
  if (!together_) return;
  multiply_inputs(gates_f32(*args_.record, args_.packing));
  if (args_.record->kind == Kind::gru_before) {
    multiply_inputs(candidate_f32(*args_.record, args_.packing));
  }
}

// In pieces of 16 bytes, as the cells store them (room for a multiple of 4 units is there): a
// longer load right behind the stores would wait until they are in the cache, 40 ns at 20 units.
void RecurrentF32::keep_last_h() const noexcept {
  float* const to = in<float>(args_.scratch);
  for (uint32_t k = 0; k < args_.record->outputs; k += 4) {
    memcpy(to + k, h() + k, 4 * sizeof(float));
  }
}

// All rows, all steps of the group, in the order of the sequence (a backward layer takes them the
// other way round): the weights are read once.
void RecurrentF32::multiply_inputs(const GatesF32& gates) const noexcept {
  const uint32_t one = step_number(args_, first_), other = step_number(args_, first_ + count_ - 1);
  const float* const x = vector_at<float>(args_.x, args_.x_stride, one < other ? one : other);
  for (uint32_t unit = 0; unit < gates.shape.units; unit += gates.shape.block_units) {
    const Block block = block_at(gates.shape, unit);
    add_inputs_f32(
        args_, gates, block, {x, args_.x_stride, count_},
        {bias_of(args_, gates, block), 0,
         in<float>(args_.scratch, scratch_.t_x) + gates.first_row + block.row, scratch_.t_stride});
  }
}

void RecurrentF32::start(WalkF32& walk) const noexcept {
  keep_last_h();
  start(gates_f32(*args_.record, args_.packing), last_h(), walk);
}

void RecurrentF32::start_candidate(WalkF32& walk, const float* rh) const noexcept {
  start(candidate_f32(*args_.record, args_.packing), rh, walk);
}

// bias + W x of this step, where steps go together.
const float* RecurrentF32::sums(const GatesF32& gates) const noexcept {
  const bool backward = args_.record->direction == Direction::backward;
  return vector_at<float>(static_cast<const void*>(args_.scratch + scratch_.t_x), scratch_.t_stride,
                          backward ? count_ - 1 - index_ : index_) +
         gates.first_row;
}

kernel::StepF32 RecurrentF32::whole_step() const noexcept {
  const LayerRecord& record = *args_.record;
  const Shape shape = shape_of(record, args_.packing);
  return {shape.units,
          shape.block_units,
          at<float>(args_, record.bias),
          at<float>(args_, record.w),
          nullptr,
          record.inputs,
          at<float>(args_, record.u),
          record.outputs,
          in<float>(args_.scratch),
          t(),
          c(),
          h()};
}

// A token is one input, a one: its column is W.
void RecurrentF32::read_input(kernel::StepF32& step) const noexcept {
  static constexpr float k_one = 1.0F;
  const LayerRecord& record = *args_.record;
  const uint32_t number = step_number(args_, first_ + index_);
  step.from = together_ ? sums(gates_f32(record, args_.packing)) : at<float>(args_, record.bias);
  step.inputs = 0;
  if (together_) return;
  if (record.input != Format::token && args_.x != nullptr) {
    step.x = vector_at<float>(args_.x, args_.x_stride, number);
    step.inputs = record.inputs;
  } else if (record.input == Format::token && args_.tokens != nullptr) {
    const uint32_t token = args_.tokens[number];
    step.inputs = token < record.inputs ? 1 : 0;  // outside the vocabulary: no input
    const size_t rows = gates_of(record.kind) * step.units;
    step.w = at<float>(args_, record.w) + step.inputs * token * rows;
    step.x = &k_one;
  }
}

void RecurrentF32::start(const GatesF32& gates, const float* h, WalkF32& walk) const noexcept {
  const LayerRecord& record = *args_.record;
  const uint32_t step = step_number(args_, first_ + index_);
  walk.start(gates, h, t());
  if (record.input == Format::token) {
    if (args_.tokens != nullptr) walk.read_token(gates, args_.tokens[step]);
  } else if (args_.x != nullptr && together_) {
    walk.read_sums(sums(gates));
  } else if (args_.x != nullptr) {
    walk.read_vector(vector_at<float>(args_.x, args_.x_stride, step));
  }
}

WalkF32::WalkF32(const LayerArgs& args) noexcept : args_(args), x_{}, h_{} {
  x_.inputs = args.record->input == Format::token ? 0 : args.record->inputs;
  h_.inputs = args.record->outputs;
  x_.count = h_.count = 1;
}

void WalkF32::start(const GatesF32& gates, const float* h, float* t) noexcept {
  unit = 0;
  left_ = gates.shape.units;
  gates_ = static_cast<uint8_t>(gates.shape.gates);
  block_units_ = static_cast<uint8_t>(gates.shape.block_units);
  bias_ = at<float>(args_, gates.bias);
  x_.w = at<float>(args_, gates.w);
  x_.x = nullptr;
  x_.t = t;
  h_.w = at<float>(args_, gates.u);
  h_.x = h;
  column_ = nullptr;
  sums_ = nullptr;
  set_units();
}

void WalkF32::set_units() noexcept {
  units = left_ < block_units_ ? left_ : block_units_;
  x_.rows = h_.rows = units * gates_;
}

// Outside the vocabulary: no input.
void WalkF32::read_token(const GatesF32& gates, uint32_t token) noexcept {
  if (token >= args_.record->inputs) return;
  column_ = at<float>(args_, gates.w) + size_t{token} * gates.shape.rows();
}

const float* WalkF32::input_part() noexcept {
  if (sums_ != nullptr) return sums_;
  if (column_ != nullptr) {
    kernels_f32(args_).column_f32({column_, x_.rows, bias_, x_.t});
    return x_.t;
  }
  if (x_.x == nullptr) return bias_;
  x_.from = bias_;
  kernels_f32(args_).product_f32(x_);
  return x_.t;
}

void WalkF32::add_state(const float* from, float* to) noexcept {
  h_.from = from;
  h_.t = to;
  kernels_f32(args_).product_f32(h_);
}

bool WalkF32::next() noexcept {
  const uint32_t rows = h_.rows;
  unit += units;
  left_ -= units;
  if (left_ == 0) return false;
  bias_ += rows;
  x_.w += size_t{rows} * x_.inputs;
  h_.w += size_t{rows} * h_.inputs;
  if (column_ != nullptr) column_ += rows;
  if (sums_ != nullptr) sums_ += rows;
  set_units();
  return true;
}

Status recurrent_f32_check(View<const uint8_t> image, const LayerRecord& record, Packing packing,
                           const Proofs* proofs) noexcept {
  if (!form_f32_allowed(record)) return Status::bad_layout;
  Status status = check_gates_f32(image, record, gates_f32(record, packing), proofs);
  if (status == Status::ok && record.kind == Kind::gru_before) {
    status = check_gates_f32(image, record, candidate_f32(record, packing), proofs);
  }
  if (status != Status::ok || record.initial == 0) return status;
  const uint32_t count = record.outputs * (record.kind == Kind::lstm ? 2 : 1);
  if (!inside(image, record.initial, count, 4)) return Status::bad_layout;
  return proofs != nullptr && !proofs->finite(image, record.initial, count) ? Status::bad_numbers
                                                                            : Status::ok;
}

const void* recurrent_f32_output(const LayerArgs& args) noexcept {
  return numbers_of(args) + StateF32(*args.record, k_arena_align).h;
}

void recurrent_f32_reset(const LayerArgs& args) noexcept {
  const StateF32 state(*args.record, k_arena_align);
  const uint32_t units = args.record->outputs;
  const float* const initial = at<float>(args, args.record->initial);
  const bool lstm = args.record->kind == Kind::lstm;
  if (lstm) memcpy(numbers_of(args), initial, size_t{4} * units);
  memcpy(numbers_of(args) + state.h, initial + (lstm ? units : 0), size_t{4} * units);
}

uint32_t recurrent_f32_parts(const LayerRecord& record, Packing packing,
                             StatePart* parts) noexcept {
  const StateF32 state(record, k_arena_align);
  const uint32_t numbers = kept_bytes(record, packing);
  uint32_t count = 0;
  if (record.kind == Kind::lstm) parts[count++] = {numbers, 4 * record.outputs, 0};
  parts[count++] = {numbers + state.h, 4 * record.outputs, 0};
  return count;
}

}  // namespace rondo::cell
