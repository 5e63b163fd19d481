// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the recurrent int8 cells have in common: where state and scratch lie, the loop over steps,
// the input's part of the pre-activations (of several steps at once where there are several), h as
// operand and as output. A cell adds its own products and its pointwise kernel.
#pragma once
#include <string.h>

#include "cell/check.hpp"
#include "cell/gates_s8.hpp"
#include "cell/kept.hpp"

namespace rondo::cell {

// The formats of a recurrent layer: constants where the build has one.
constexpr Format input_of(const LayerRecord& record) noexcept {
  return known(k_recurrent_input, record.input);
}
constexpr Format output_of(const LayerRecord& record) noexcept {
  return known(k_recurrent_output, record.output);
}
constexpr Format recurrent_of(const LayerRecord& record) noexcept {
  return known(k_recurrent_state, record.recurrent);
}
constexpr bool k_recurrent_tokens = known(k_recurrent_input, Format::token) == Format::token;

// State, behind what is kept: c or h int32[units] (not in rnn) | h int8[units] | h int16[units], as
// far as U or the next layer reads them.
struct StateS8 {
  uint32_t h8, h16, bytes;  // offsets, and the size
  bool keeps_h8, keeps_h16;

  StateS8(const LayerRecord& record, size_t align) noexcept;
};

// Scratch: operands of x (steps at once) | operand of h | t int32[rows of a block] | own int32[...]
// of the cell | t of x int32[steps at once][rows] where steps may go together, one of them for
// tokens.
struct ScratchS8 {
  uint32_t h, t, own, t_x, bytes;  // offsets, and the size
  size_t x_stride, t_stride;

  ScratchS8(const LayerRecord& record, Packing of_image, size_t align) noexcept;
};

// The way of one step through the blocks of a group of gates. What the products of a block need is
// filled in once and moved on from block to block.
class WalkS8 {
 public:
  // Of the block that is next: its first unit, how many, and its biases (gates + 1 in gru).
  uint32_t unit = 0;
  uint32_t units = 0;
  const int32_t* bias = nullptr;

  explicit WalkS8(const LayerArgs& args) noexcept : args_(args) {}

  // To the first block of `gates` gates, those that stand first in the arrays of the layer. h: the
  // operand; t: (rows of a block), where sums go. Of the input an operand, or a token, or sums that
  // are there already; or none of them: one call behind this one.
  void start(uint32_t gates, const uint8_t* h, int32_t* t) noexcept;
  // To the gates that stand behind some others.
  void pass(uint32_t gates) noexcept;
  void read_operand(const uint8_t* x) noexcept;
  void read_token(uint32_t token) noexcept;
#ifndef RONDO_FIXED_ISA
  void read_sums(const int32_t* sums) noexcept;
#endif

  // bias + W x of the block: in t or elsewhere.
  const int32_t* input_part() noexcept;
  // to = from + U h of the block
  void add_state(const int32_t* from, int32_t* to) noexcept;
  // To the next block; false behind the last one.
  bool next() noexcept;

 private:
  void set_units() noexcept;

  enum class Input : uint8_t { none, token, operand, sums };

  const LayerArgs& args_;
  uint32_t left_ = 0;  // units from this block on
  uint8_t gates_ = 0;
  uint8_t bias_gates_ = 0;
  uint8_t block_units_ = 0;
  Input input_ = Input::none;
  // W's: its weights are the token's column where there is one. U's.
  kernel::ProductS8 x_, h_;
#ifndef RONDO_FIXED_ISA
  const int32_t* sums_ = nullptr;
#endif
};

// The steps of a layer through the entry for a whole step, where there is one.
#ifdef RONDO_FIXED_ISA
constexpr bool takes_whole_steps(const LayerArgs&) noexcept {
  return false;
}
inline void take_whole_steps(const LayerArgs&) noexcept {}
#else
void take_whole_steps(const LayerArgs& args) noexcept;

// The entry for a whole step of a layer; nullptr where the kernel set has none.
using WholeStep = void (*)(const kernel::StepS8& step) noexcept;
inline WholeStep whole_step(const LayerArgs& args) noexcept {
  const Kind kind = args.record->kind;
  return kind == Kind::lstm  ? kernels_s8(args).lstm_step_s8
         : kind == Kind::gru ? kernels_s8(args).gru_step_s8
                             : nullptr;
}
inline bool takes_whole_steps(const LayerArgs& args) noexcept {
  return whole_step(args) != nullptr;
}
// Whether it takes the operand of the input, which is then of the kind of that of h. Otherwise it
// takes sums.
inline bool takes_operand(const LayerRecord& record) noexcept {
  return record.input == record.recurrent;
}
#endif

class RecurrentS8 {
 public:
  explicit RecurrentS8(const LayerArgs& args) noexcept;

  int32_t* main() const noexcept { return in<int32_t>(numbers_of(args_)); }
  // Of one unit and those behind it; nullptr where not kept.
  int8_t* h8(uint32_t unit) const noexcept { return h8_ == nullptr ? nullptr : h8_ + unit; }
  int16_t* h16(uint32_t unit) const noexcept { return h16_ == nullptr ? nullptr : h16_ + unit; }
  int32_t* t() const noexcept { return t_; }
  uint8_t* own() const noexcept { return own_; }

  // take(): one step; the operand of h is ready, and start knows the step.
  template <class Take>
  void each_step(Take take) noexcept {
    for (step_ = 0; step_ < steps_of(args_); ++step_) {
      if (is_new()) begin();
      prepare_h(recurrent_of(*args_.record) == Format::s16 ? static_cast<const void*>(h16_) : h8_);
      take();
      put_output();
    }
  }

  // To the first block of the gates, with the input of this step.
  void start(WalkS8& walk) const noexcept;
  void start_candidate(WalkS8& walk) const noexcept;
#ifndef RONDO_FIXED_ISA
  // What whole_step takes, and the input of this step.
  kernel::StepS8 whole(const GatesS8& gates) const noexcept;
  void set_input(const GatesS8& gates, kernel::StepS8& step) const noexcept;
#endif
  // Makes h, or what stands for it, the operand of the products with U.
  void prepare_h(const void* h) const noexcept;

 private:
  void begin() noexcept;  // prepares the inputs of the next steps
  void read_input(uint32_t before, WalkS8& walk) const noexcept;
  void put_output() const noexcept;

  const LayerArgs& args_;
  int8_t* h8_;
  int16_t* h16_;
  uint8_t* operand_;  // of h
  int32_t* t_;
  uint8_t* own_;
  uint32_t step_ = 0;
#ifdef RONDO_FIXED_ISA
  static constexpr bool is_new() noexcept {
    return true;
  }
#else
  // Whether the input of the step is not prepared yet.
  bool is_new() const noexcept {
    return step_ == first_ + count_;
  }
  // Whether the inputs go through W before the steps: several of them together, or for an entry
  // that takes sums.
  bool together() const noexcept {
    return count_ > 1 || (whole_step(args_) != nullptr && !takes_operand(*args_.record));
  }
  void multiply_inputs(const GatesS8& gates) const noexcept;

  uint32_t first_ = 0;  // steps from here on, count_ of them, are prepared
  uint32_t count_ = 0;
  int32_t* t_x_;
  size_t x_stride_, t_stride_;  // of ScratchS8
#endif
};

// The entries of their tables that the recurrent int8 cells share.
LayerBytes recurrent_s8_bytes(const LayerRecord& record, Packing packing, size_t align) noexcept;
const void* recurrent_s8_output(const LayerArgs& args) noexcept;
uint32_t recurrent_s8_parts(const LayerRecord& record, Packing packing, StatePart* parts) noexcept;
// h from Q0.15 numbers, in the formats that are kept.
void set_h(const LayerArgs& args, const int32_t* h) noexcept;
void gru_s8_reset(const LayerArgs& args) noexcept;

}  // namespace rondo::cell
