// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the recurrent int8 cells have in common: where state and scratch lie, the loop over steps,
// the input's part of the pre-activations (of several steps at once where there are several), h as
// operand and as output. A cell adds its own products and its pointwise kernel.
#pragma once
#include <string.h>

#include "cell/gates_s8.hpp"

namespace rondo::cell {

// State: c or h int32[units] (not in rnn) | h int8[units] | h int16[units], as far as U or the next
// layer reads them.
struct StateS8 {
  uint32_t h8, h16, bytes;  // offsets, and the size
  bool wide_main, keeps_h8, keeps_h16;

  StateS8(const LayerRecord& record, size_t align) noexcept {
    const size_t units = round_up(record.outputs, 4);
    wide_main = record.kind != Kind::rnn;
    keeps_h8 = record.output == Format::s8 || record.recurrent == Format::s8;
    keeps_h16 = record.output == Format::s16 || record.recurrent == Format::s16;
    h8 = wide_main ? buffer(4 * units, align) : 0;
    h16 = h8 + (keeps_h8 ? buffer(units, align) : 0);
    bytes = h16 + (keeps_h16 ? buffer(2 * units, align) : 0);
  }
};

// Scratch: operands of x (steps at once) | operand of h | t int32[rows of a block] | own int32[...]
// of the cell | t of x int32[steps at once][rows], where several steps go together.
struct ScratchS8 {
  uint32_t h, t, own, t_x, bytes;  // offsets, and the size
  size_t x_stride, t_stride;

  // own_bytes: what the cell needs for itself.
  ScratchS8(const LayerRecord& record, Packing of_image, size_t own_bytes, size_t align) noexcept {
    const Packing packing = known(of_image);
    const Shape shape = shape_of(record, packing);
    const uint32_t batch = steps_at_once(packing);
    const bool product = record.input != Format::token;
    x_stride = buffer(kernel::operand_bytes(packing, shape.padded(record.inputs)), align);
    t_stride = buffer(4 * (size_t{shape.rows()} + k_row_align), align);
    h = product ? static_cast<uint32_t>(batch * x_stride) : 0;
    t = h + buffer(kernel::operand_bytes(packing, shape.padded(record.outputs)), align);
    own = t + buffer(size_t{4} * block_rows(packing), align);
    t_x = own + buffer(own_bytes, align);
    bytes = t_x + (product && batch > 1 ? static_cast<uint32_t>(batch * t_stride) : 0);
  }
};

// The way of one step through the blocks of a group of gates. What the products of a block need is
// filled in once and moved on from block to block.
class WalkS8 {
 public:
  // Of the block that is next: its first unit, how many, and its biases (gates + 1 in gru).
  uint32_t unit = 0;
  uint32_t units = 0;
  const int32_t* bias = nullptr;

  explicit WalkS8(const LayerArgs& args) noexcept;

  // To the first block of the gates. h: the operand; t: (rows of a block), where sums go. Of the
  // input: an operand, or a token, or sums that are there already; or none of them.
  void start(const GatesS8& gates, const uint8_t* h, int32_t* t) noexcept;
  void read_operand(const uint8_t* x) noexcept { x_.x = x; }
  void read_token(const GatesS8& gates, uint32_t token) noexcept;
  void read_sums(const int32_t* sums) noexcept { sums_ = sums; }

  // bias + W x of the block: in t or elsewhere.
  const int32_t* input_part() noexcept;
  // to = from + U h of the block
  void add_state(const int32_t* from, int32_t* to) noexcept;
  // To the next block; false behind the last one.
  bool next() noexcept;

 private:
  void set_units() noexcept;

  const LayerArgs& args_;
  uint32_t left_ = 0;  // units from this block on
  uint32_t gates_ = 0;
  uint32_t bias_gates_ = 0;
  uint32_t block_units_ = 0;
  kernel::ProductS8 x_, h_;
  const int8_t* column_ = nullptr;
  const int32_t* sums_ = nullptr;
};

class RecurrentS8 {
 public:
  RecurrentS8(const LayerArgs& args, size_t own_bytes) noexcept;

  int32_t* main() const noexcept { return in<int32_t>(args_.state); }
  // Of one unit and those behind it; nullptr where not kept.
  int8_t* h8(uint32_t unit) const noexcept { return h8_ == nullptr ? nullptr : h8_ + unit; }
  int16_t* h16(uint32_t unit) const noexcept { return h16_ == nullptr ? nullptr : h16_ + unit; }
  int32_t* t() const noexcept { return t_; }
  uint8_t* own() const noexcept { return own_; }

  // take(): one step; the operand of h is ready, and start knows the step.
  template <class Take>
  void each_step(Take take) noexcept {
    for (uint32_t first = 0; first < args_.steps; first += count_) {
      begin(first);
      for (index_ = 0; index_ < count_; ++index_) {
        prepare_h(args_.record->recurrent == Format::s16 ? static_cast<const void*>(h16_) : h8_);
        take();
        put_output(step_number(args_, first + index_));
      }
    }
  }

  // To the first block of the gates, with the input of this step. Not inlined, so that GatesS8 does
  // not stay on the stack: frames are small where there is little memory.
  [[gnu::noinline]] void start(WalkS8& walk) const noexcept;
  [[gnu::noinline]] void start_candidate(WalkS8& walk) const noexcept;
  // Makes h, or what stands for it, the operand of the products with U.
  void prepare_h(const void* h) const noexcept;

 private:
  void begin(uint32_t first) noexcept;  // prepares the inputs of the next steps
  void start(const GatesS8& gates, WalkS8& walk) const noexcept;
  // Whether several steps go through W together; never where steps_at_once is a constant 1.
  bool together() const noexcept { return steps_at_once(args_.packing) > 1 && count_ > 1; }
  void multiply_inputs(const GatesS8& gates) const noexcept;
  void put_output(uint32_t step) const noexcept;

  const LayerArgs& args_;
  int8_t* h8_;
  int16_t* h16_;
  uint8_t* operand_;  // of h
  int32_t* t_;
  uint8_t* own_;
  int32_t* t_x_;
  uint32_t first_ = 0;  // steps from here on, count_ of them, are prepared
  uint32_t count_ = 1;
  uint32_t index_ = 0;  // of these, the step that is taken
};

// The entries of their tables that the recurrent int8 cells share.
Status recurrent_s8_check(View<const uint8_t> image, const LayerRecord& record, Packing packing,
                          const Proofs* proofs) noexcept;
const void* recurrent_s8_output(const LayerArgs& args) noexcept;
uint32_t recurrent_s8_parts(const LayerRecord& record, Packing packing, StatePart* parts) noexcept;
// h from Q0.15 numbers, in the formats that are kept.
void set_h(const LayerArgs& args, const int32_t* h) noexcept;
void gru_s8_reset(const LayerArgs& args) noexcept;

}  // namespace rondo::cell
