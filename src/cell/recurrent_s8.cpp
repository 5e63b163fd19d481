// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "cell/recurrent_s8.hpp"

#include <rondo/features.hpp>
#include <rondo/numeric.hpp>

namespace rondo::cell {
// Not inlined, as the next: each cell asks for them twice, in a step and before it.
StateS8::StateS8(const LayerRecord& record, size_t align) noexcept {
  const uint32_t units = static_cast<uint32_t>(round_up(record.outputs, 4));
  const Format output = output_of(record), recurrent = recurrent_of(record);
  keeps_h8 = output == Format::s8 || recurrent == Format::s8;
  keeps_h16 = output == Format::s16 || recurrent == Format::s16;
  h8 = record.kind == Kind::rnn ? 0 : buffer(4 * units, align);
  h16 = h8 + (keeps_h8 ? buffer(units, align) : 0);
  bytes = h16 + (keeps_h16 ? buffer(2 * units, align) : 0);
}

ScratchS8::ScratchS8(const LayerRecord& record, Packing of_image, size_t align) noexcept {
  const Packing packing = known(of_image);
  const size_t units = round_up(record.outputs, 4);
  const uint32_t batch = steps_at_once(packing);
  const bool product = input_of(record) != Format::token;
  const uint32_t of_block = 4 * block_rows(packing);
  x_stride = buffer(kernel::operand_bytes(packing, padded_s8(packing, record.inputs)), align);
  t_stride = buffer(4 * (gates_of(record.kind) * units + k_row_align), align);
  h = product ? static_cast<uint32_t>(batch * x_stride) : 0;
  t = h + buffer(kernel::operand_bytes(packing, padded_s8(packing, record.outputs)), align);
  own = t + buffer(of_block, align);
  t_x = own;
  if (record.kind == Kind::gru) t_x += buffer(of_block, align);          // t_h
  if (record.kind == Kind::gru_before) t_x += buffer(4 * units, align);  // Between
  bytes = t_x + (batch > 1 ? static_cast<uint32_t>((product ? batch : 1) * t_stride) : 0);
}

LayerBytes recurrent_s8_bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  return {kept_bytes(record, packing) + StateS8(record, align).bytes,
          ScratchS8(record, packing, align).bytes};
}

RecurrentS8::RecurrentS8(const LayerArgs& args) noexcept : args_(args) {
  const StateS8 state(*args.record, k_arena_align);
  const ScratchS8 scratch(*args.record, args.packing, k_arena_align);
  h8_ = state.keeps_h8 ? in<int8_t>(numbers_of(args), state.h8) : nullptr;
  h16_ = state.keeps_h16 ? in<int16_t>(numbers_of(args), state.h16) : nullptr;
  operand_ = args.scratch + scratch.h;
  t_ = in<int32_t>(args.scratch, scratch.t);
  own_ = args.scratch + scratch.own;
#ifndef RONDO_FIXED_ISA
  t_x_ = in<int32_t>(args.scratch, scratch.t_x);
  x_stride_ = scratch.x_stride;
  t_stride_ = scratch.t_stride;
#endif
}

#ifdef RONDO_FIXED_ISA
void RecurrentS8::begin() noexcept {
  const LayerRecord& record = *args_.record;
  if (args_.x == nullptr || input_of(record) == Format::token) return;
  prepare_inputs_s8(args_, padded_s8(args_.packing, record.inputs), step_, 1, 0);
}
#else
void RecurrentS8::begin() noexcept {
  const LayerRecord& record = *args_.record;
  const uint32_t left = args_.steps - step_, most = steps_at_once(args_.packing);
  first_ = step_;
  count_ = left < most ? left : most;
  if (args_.x == nullptr) return;
  prepare_inputs_s8(args_, padded_s8(args_.packing, record.inputs), first_, count_,
                    together() ? x_stride_ : 0);
  if (!together()) return;
  multiply_inputs(gates_s8(record, args_.packing));
  if (record.kind == Kind::gru_before) multiply_inputs(candidate_s8(record, args_.packing));
}

// All rows, all steps that are prepared: the weights are read once.
void RecurrentS8::multiply_inputs(const GatesS8& gates) const noexcept {
  for (uint32_t unit = 0; unit < gates.shape.units; unit += gates.shape.block_units) {
    const Block block = block_at(gates.shape, unit);
    add_inputs_s8(args_, gates, block, {args_.scratch, x_stride_, count_},
                  {bias_of(args_, gates, block), 0, t_x_ + gates.first_row + block.row, t_stride_});
  }
}
#endif

void RecurrentS8::prepare_h(const void* h) const noexcept {
  const LayerRecord& record = *args_.record;
  prepare_s8(args_, recurrent_of(record), h, record.outputs,
             padded_s8(args_.packing, record.outputs), operand_);
}

#ifndef RONDO_FIXED_ISA
kernel::StepS8 RecurrentS8::whole(const GatesS8& gates) const noexcept {
  const LayerRecord& record = *args_.record;
  const auto product = [&](uint32_t w, uint32_t scale, uint32_t sums, uint32_t inputs,
                           uint32_t shift) {
    kernel::ProductS8 p = {};
    p.w = at<int8_t>(args_, w);
    p.scale = at<int32_t>(args_, scale);
    p.sums = at<int32_t>(args_, sums);
    p.padded = gates.shape.padded(inputs);
    p.shift = shift;
    p.count = 1;
    p.t = t_;
    return p;
  };
  kernel::StepS8 step = {
      product(gates.w, gates.scale_w, gates.sums_w, record.inputs, record.shift_w),
      product(gates.u, gates.scale_u, gates.sums_u, record.outputs, record.shift_u),
      record.recurrent == Format::s16,
      gates.shape.units,
      at<int32_t>(args_, gates.bias),
      main(),
      h8_,
      h16_};
  step.u.x = operand_;
  if (record.kind == Kind::gru) step.u.t = in<int32_t>(own_);
  return step;
}

void RecurrentS8::set_input(const GatesS8& gates, kernel::StepS8& step) const noexcept {
  if (args_.x != nullptr) {
    step.w.x = together() ? nullptr : args_.scratch;
    step.u.from = vector_at<int32_t>(static_cast<const void*>(t_x_), t_stride_, step_ - first_);
    return;
  }
  const bool reads_token = args_.record->input == Format::token && args_.tokens != nullptr;
  // Outside the vocabulary: no input.
  const uint32_t token = reads_token ? args_.tokens[step_number(args_, step_)] : UINT32_MAX;
  step.u.from = t_x_;
  for (uint32_t unit = 0; unit < gates.shape.units; unit += gates.shape.block_units) {
    const Block block = block_at(gates.shape, unit);
    if (token < args_.record->inputs) {
      add_token_s8(args_, gates, block, token, t_x_ + block.row);
    } else {
      memcpy(t_x_ + block.row, bias_of(args_, gates, block), size_t{4} * block.rows);
    }
  }
}

namespace {

kernel::StepS8 step_of_operands(const LayerArgs& args) noexcept {
  kernel::StepS8 made = RecurrentS8(args).whole(gates_s8(*args.record, args.packing));
  made.w.x = args.scratch;
  return made;
}

// The operands of the input and of h, then the step.
[[gnu::always_inline]] inline void take_vector(const LayerArgs& args, const kernel::StepS8& step,
                                               const void* x, WholeStep take) noexcept {
  const kernel::S8& kernels = kernels_s8(args);
  const LayerRecord& record = *args.record;
  uint8_t* const operand = args.scratch + (step.u.x - args.scratch);
  if (record.recurrent == Format::s16) {
    kernels.prepare_s16(static_cast<const int16_t*>(x), record.inputs, step.w.padded, args.scratch);
    kernels.prepare_s16(step.h16, record.outputs, step.u.padded, operand);
  } else {
    kernels.prepare_s8(static_cast<const int8_t*>(x), record.inputs, step.w.padded, args.scratch);
    const bool plain = record.kind == Kind::lstm && step.units <= kernels.plain_units;
    if (!plain) kernels.prepare_s8(step.h8, record.outputs, step.u.padded, operand);
  }
  take(step);
}

// Steps whose inputs are operands, one after the other.
void take_vectors(const LayerArgs& args, WholeStep take) noexcept {
  const LayerRecord& record = *args.record;
  const kernel::StepS8& step = kept_step<kernel::StepS8>(args, step_of_operands);
  for (uint32_t n = 0; n < args.steps; ++n) {
    const uint32_t number = step_number(args, n);
    take_vector(args, step, vector_at<uint8_t>(args.x, args.x_stride, number), take);
    if (args.y == nullptr) continue;
    memcpy(vector_at<uint8_t>(args.y, args.y_stride, number),
           record.output == Format::s16 ? static_cast<const void*>(step.h16) : step.h8,
           record.outputs * size_of(record.output));
  }
}

[[gnu::noinline]] void take_steps(const LayerArgs& args, WholeStep take) noexcept {
  // One group of inputs is faster step by step than all steps together, as in floats.
  const bool alone = args.steps == 1 || args.record->inputs <= 4;
  if (alone && args.x != nullptr && takes_operand(*args.record)) return take_vectors(args, take);
  const GatesS8 gates = gates_s8(*args.record, args.packing);
  RecurrentS8 net(args);
  kernel::StepS8 step = net.whole(gates);
  net.each_step([&] {
    net.set_input(gates, step);
    take(step);
  });
}

}  // namespace

void take_whole_steps(const LayerArgs& args) noexcept {
  const WholeStep take = whole_step(args);
  if (!is_one_vector(args) || !takes_operand(*args.record)) return take_steps(args, take);
  take_vector(args, kept_step<kernel::StepS8>(args, step_of_operands), args.x, take);
}
#endif

void RecurrentS8::start(WalkS8& walk) const noexcept {
  const Kind kind = args_.record->kind;
  walk.start(kind == Kind::gru_before ? 2 : gates_of(kind), operand_, t_);
  read_input(0, walk);
}

void RecurrentS8::start_candidate(WalkS8& walk) const noexcept {
  walk.start(1, operand_, t_);
  walk.pass(2);
  read_input(2, walk);
}

void RecurrentS8::read_input([[maybe_unused]] uint32_t before, WalkS8& walk) const noexcept {
  if (input_of(*args_.record) == Format::token) {
    if (args_.tokens != nullptr) walk.read_token(args_.tokens[step_number(args_, step_)]);
    return;
  }
  if (args_.x == nullptr) return;
#ifndef RONDO_FIXED_ISA
  if (together()) {
    const size_t rows = before * round_up(args_.record->outputs, 4);
    walk.read_sums(vector_at<int32_t>(static_cast<const void*>(t_x_), t_stride_, step_ - first_) +
                   round_up(rows, k_row_align));
    return;
  }
#endif
  walk.read_operand(args_.scratch);
}

void RecurrentS8::put_output() const noexcept {
  if (args_.y == nullptr) return;
  const LayerRecord& record = *args_.record;
  memcpy(vector_at<uint8_t>(args_.y, args_.y_stride, step_number(args_, step_)),
         output_of(record) == Format::s16 ? static_cast<const void*>(h16_) : h8_,
         record.outputs * size_of(output_of(record)));
}

void WalkS8::start(uint32_t gates, const uint8_t* h, int32_t* t) noexcept {
  const LayerRecord& record = *args_.record;
  unit = 0;
  left_ = static_cast<uint32_t>(round_up(record.outputs, 4));
  gates_ = static_cast<uint8_t>(gates);
  bias_gates_ = static_cast<uint8_t>(record.kind == Kind::gru ? gates + 1 : gates);
  block_units_ = static_cast<uint8_t>(block_units_of(gates, known(args_.packing)));
  bias = at<int32_t>(args_, record.bias);
  x_.w = at<int8_t>(args_, record.w);
  x_.scale = at<int32_t>(args_, record.scale_w);
  x_.shift = record.shift_w;
  // Of a token's column a byte a row.
  x_.padded = input_of(record) == Format::token ? 1 : padded_s8(args_.packing, record.inputs);
  x_.t = t;
  h_.w = at<int8_t>(args_, record.u);
  h_.scale = at<int32_t>(args_, record.scale_u);
  h_.shift = record.shift_u;
  h_.padded = padded_s8(args_.packing, record.outputs);
  h_.x = h;
  several(x_, at_or_null(args_, record.sums_w), 1, 0, 0, 0);
  several(h_, at_or_null(args_, record.sums_u), 1, 0, 0, 0);
  input_ = Input::none;
  set_units();
}

void WalkS8::pass(uint32_t gates) noexcept {
  const LayerRecord& record = *args_.record;
  const uint32_t rows = gates * left_;
  move_on(x_, rows);
  move_on(h_, rows);
  bias += rows;
  // Columns are those of all tokens.
  if (input_of(record) == Format::token) x_.w += size_t{rows} * (record.inputs - 1);
}

void WalkS8::set_units() noexcept {
  units = left_ < block_units_ ? left_ : block_units_;
  x_.rows = h_.rows = units * gates_;
}

void WalkS8::read_operand(const uint8_t* x) noexcept {
  x_.x = x;
  input_ = Input::operand;
}

// Outside the vocabulary: no input.
void WalkS8::read_token(uint32_t token) noexcept {
  if (token >= args_.record->inputs) return;
  x_.w += size_t{token} * left_ * gates_;
  input_ = Input::token;
}

#ifndef RONDO_FIXED_ISA
void WalkS8::read_sums(const int32_t* sums) noexcept {
  sums_ = sums;
  input_ = Input::sums;
}
#endif

const int32_t* WalkS8::input_part() noexcept {
#ifndef RONDO_FIXED_ISA
  if (input_ == Input::sums) return sums_;
#endif
  if (input_ == Input::none) return bias;
  x_.from = bias;
  if (input_of(*args_.record) == Format::token) {
    kernels_s8(args_).column_s8({x_.w, x_.scale, x_.rows, x_.shift, bias, x_.t});
  } else {
    multiply_s8(args_, input_of(*args_.record), x_);
  }
  return x_.t;
}

void WalkS8::add_state(const int32_t* from, int32_t* to) noexcept {
  h_.from = from;
  h_.t = to;
  multiply_s8(args_, recurrent_of(*args_.record), h_);
}

bool WalkS8::next() noexcept {
  const uint32_t rows = h_.rows;
  unit += units;
  left_ -= units;
  if (left_ == 0) return false;
  bias += size_t{units} * bias_gates_;
  move_on(x_, rows);
  move_on(h_, rows);
#ifndef RONDO_FIXED_ISA
  if (input_ == Input::sums) sums_ += rows;
#endif
  set_units();
  return true;
}

void set_h(const LayerArgs& args, const int32_t* h) noexcept {
  const StateS8 state(*args.record, k_arena_align);
  uint8_t* const numbers = numbers_of(args);
  for (uint32_t k = 0; k < args.record->outputs; ++k) {
    const int16_t h16 = sat16(h[k]);
    if (state.keeps_h8) in<int8_t>(numbers, state.h8)[k] = narrow_s8(h16);
    if (state.keeps_h16) in<int16_t>(numbers, state.h16)[k] = h16;
  }
}

void gru_s8_reset(const LayerArgs& args) noexcept {
  const StateS8 state(*args.record, k_arena_align);
  const int32_t* const initial = at<int32_t>(args, args.record->initial);
  uint8_t* const numbers = numbers_of(args);
  for (uint32_t k = 0; k < args.record->outputs; ++k) {
    const int32_t h = clamp(initial[k], -k_gru_one, k_gru_one);
    in<int32_t>(numbers)[k] = h;
    if (state.keeps_h8) in<int8_t>(numbers, state.h8)[k] = gru_h8(h);
    if (state.keeps_h16) in<int16_t>(numbers, state.h16)[k] = gru_h16(h);
  }
}

const void* recurrent_s8_output(const LayerArgs& args) noexcept {
  const StateS8 state(*args.record, k_arena_align);
  return numbers_of(args) + (output_of(*args.record) == Format::s16 ? state.h16 : state.h8);
}

uint32_t recurrent_s8_parts(const LayerRecord& record, Packing packing, StatePart* parts) noexcept {
  const StateS8 state(record, k_arena_align);
  const uint32_t numbers = kept_bytes(record, packing);
  uint32_t count = 0;
  const int32_t limit = record.kind == Kind::lstm ? 0 : k_gru_one;
  if (record.kind != Kind::rnn) parts[count++] = {numbers, 4 * record.outputs, limit};
  if (state.keeps_h8) parts[count++] = {numbers + state.h8, record.outputs, 0};
  if (state.keeps_h16) parts[count++] = {numbers + state.h16, 2 * record.outputs, 0};
  return count;
}

}  // namespace rondo::cell
