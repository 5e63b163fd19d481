// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the recurrent float cells have in common, as recurrent_s8.hpp has it for int8: where state
// and scratch lie, the loop over steps, the input's part of the pre-activations.
#pragma once
#include <string.h>

#include "cell/gates_f32.hpp"
#include "cell/kept.hpp"

namespace rondo::cell {

// State, behind what is kept: c float[units] (LSTM) | h float[units].
struct StateF32 {
  uint32_t h, bytes;  // offset, and the size

  StateF32(const LayerRecord& record, size_t align) noexcept {
    const uint32_t part = buffer(4 * round_up(record.outputs, 4), align);
    h = record.kind == Kind::lstm ? part : 0;
    bytes = h + part;
  }
};

// Scratch: h of the last step float[units] | t float[rows of a block; hosts: of two] | own bytes of
// the cell | t of x float[steps at once][rows], where several steps go together.
struct ScratchF32 {
  uint32_t t, own, t_x, bytes;  // offsets, and the size
  size_t t_stride;

  ScratchF32(const LayerRecord& record, Packing packing, size_t own_bytes, size_t align) noexcept {
    const Shape shape = shape_of(record, packing);
    const uint32_t batch = steps_at_once(packing, Type::f32);
    t_stride = buffer(4 * (size_t{shape.rows()} + k_row_align), align);
    t = buffer(size_t{4} * shape.units, align);
    own = t + buffer(size_t{4} * (batch > 1 ? 2 : 1) * block_rows(packing), align);
    t_x = own + buffer(own_bytes, align);
    const bool product = record.input != Format::token;
    bytes = t_x + (product && batch > 1 ? static_cast<uint32_t>(batch * t_stride) : 0);
  }
};

// The way of one step through the blocks of a group of gates: as WalkS8.
class WalkF32 {
 public:
  // Of the block that is next: its first unit, and how many.
  uint32_t unit = 0;
  uint32_t units = 0;

  explicit WalkF32(const LayerArgs& args) noexcept;

  // To the first block of the gates. h: (units); t: (rows of a block), where sums go. Of the input:
  // a vector, or a token, or sums that are there already; or none of them.
  void start(const GatesF32& gates, const float* h, float* t) noexcept;
  void read_vector(const float* x) noexcept { x_.x = x; }
  void read_token(const GatesF32& gates, uint32_t token) noexcept;
  void read_sums(const float* sums) noexcept { sums_ = sums; }

  // bias + W x of the block: in t or elsewhere.
  const float* input_part() noexcept;
  // to = from + U h of the block
  void add_state(const float* from, float* to) noexcept;
  // To the next block; false behind the last one.
  bool next() noexcept;

 private:
  void set_units() noexcept;

  const LayerArgs& args_;
  uint32_t left_ = 0;  // units from this block on
  uint8_t gates_ = 0;
  uint8_t block_units_ = 0;
  const float* bias_ = nullptr;  // of the block
  kernel::ProductF32 x_, h_;
  const float* column_ = nullptr;
  const float* sums_ = nullptr;
};

class RecurrentF32 {
 public:
  RecurrentF32(const LayerArgs& args, size_t own_bytes) noexcept
      : args_(args),
        state_(*args.record, k_arena_align),
        scratch_(*args.record, args.packing, own_bytes, k_arena_align) {}

  float* c() const noexcept { return in<float>(numbers_of(args_)); }
  float* h() const noexcept { return in<float>(numbers_of(args_), state_.h); }
  // What the products read, while h gets its new values.
  const float* last_h() const noexcept { return in<float>(args_.scratch); }
  float* t() const noexcept { return in<float>(args_.scratch, scratch_.t); }
  float* own() const noexcept { return in<float>(args_.scratch, scratch_.own); }

  // take(): one step, which start and whole_step know.
  template <class Take>
  void each_step(Take take) noexcept {
    const size_t h_bytes = size_t{4} * args_.record->outputs;
    for (uint32_t first = 0; first < args_.steps; first += count_) {
      begin(first);
      for (index_ = 0; index_ < count_; ++index_) {
        take();
        if (args_.y == nullptr) continue;
        const uint32_t step = step_number(args_, first + index_);
        memcpy(vector_at<float>(args_.y, args_.y_stride, step), h(), h_bytes);
      }
    }
  }

  // What of a step of an LSTM or GRU stays the same, as of one vector; and the input of this one.
  kernel::StepF32 whole_step() const noexcept;
  void read_input(kernel::StepF32& step) const noexcept;

  // Keeps last_h. To the first block of the gates, with the input of this step; see RecurrentS8.
  [[gnu::noinline]] void start(WalkF32& walk) const noexcept;
  [[gnu::noinline]] void start_candidate(WalkF32& walk, const float* rh) const noexcept;

 private:
  void begin(uint32_t first) noexcept;
  void keep_last_h() const noexcept;
  void start(const GatesF32& gates, const float* h, WalkF32& walk) const noexcept;
  void multiply_inputs(const GatesF32& gates) const noexcept;
  const float* sums(const GatesF32& gates) const noexcept;

  const LayerArgs& args_;
  StateF32 state_;
  ScratchF32 scratch_;
  uint32_t first_ = 0;  // steps from here on, count_ of them, go together
  uint32_t count_ = 1;
  uint32_t index_ = 0;     // of these, the step that is taken
  bool together_ = false;  // whether their inputs have gone through the weights
};

#ifndef RONDO_FIXED_ISA
// The kept step (kept.hpp) with the input of this call; make(args): a new one.
template <class Make>
const kernel::StepF32& step_of_vector(const LayerArgs& args, Make make) noexcept {
  kernel::StepF32& step = kept_step<kernel::StepF32>(args, make);
  step.x = static_cast<const float*>(args.x);
  return step;
}
#endif

// The entries of their tables that the recurrent float cells share.
Status recurrent_f32_check(View<const uint8_t> image, const LayerRecord& record, Packing packing,
                           const Proofs* proofs) noexcept;
const void* recurrent_f32_output(const LayerArgs& args) noexcept;
void recurrent_f32_reset(const LayerArgs& args) noexcept;
uint32_t recurrent_f32_parts(const LayerRecord& record, Packing packing, StatePart* parts) noexcept;

}  // namespace rondo::cell
