// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Stream: binding memory, the way through the layers, scores.
#include <rondo/stream.hpp>

#include <string.h>

#include "kernel/kernels.hpp"
#include "model/chain.hpp"

namespace rondo {
namespace {

// The order of floats as the order of integers, so that argmax needs no float code.
int32_t ordered(const uint8_t* score, bool is_float) noexcept {
  int32_t bits;
  memcpy(&bits, score, sizeof bits);
  return is_float && bits < 0 ? bits ^ 0x7FFFFFFF : bits;
}

const uint8_t* row_of(const void* rows, size_t stride, size_t row) noexcept {
  return static_cast<const uint8_t*>(rows) + row * stride;
}

const void* table_of(const Model& model, Isa isa) noexcept {
#ifdef RONDO_FIXED_ISA
  return (void)model, (void)isa, nullptr;  // the one set is known where it is called
#else
#ifndef RONDO_INT8_ONLY
  if (model.type() == Type::f32) return &kernel::f32(isa);
#endif
  return &kernel::s8(isa, model.packing());
#endif
}

// How many layers stand before this one, the halves of a bidirectional one counted as one: they
// take turns in the two buffers between layers.
size_t turn_of(const Model& model, size_t layer) noexcept {
  size_t turn = 0;
  for (size_t i = 0; i < layer; ++i) turn += model.record(i).direction != Direction::forward;
  return turn;
}

}  // namespace

Status Stream::bind(const Model& model, Arena& arena) noexcept {
  return bind(model, arena, isa_best());
}

Status Stream::bind(const Model& model, Arena& arena, Isa isa) noexcept {
  if (!model.loaded()) return Status::not_loaded;
  if (!isa_available(isa)) return Status::isa_not_available;
  const size_t before = arena.used();
  const size_t bytes = model.arena_bytes().scratch;
  uint8_t* const scratch = static_cast<uint8_t*>(arena.take(bytes));
  if (scratch == nullptr) return Status::arena_too_small;
  const Status status = bind(model, arena, isa, {scratch, bytes});
  if (status != Status::ok) arena.rewind(before);
  return status;
}

Status Stream::bind(const Model& model, Arena& state, Isa isa, View<uint8_t> scratch) noexcept {
  if (!model.loaded()) return Status::not_loaded;
  if (!isa_available(isa)) return Status::isa_not_available;
  const ArenaBytes bytes = model.arena_bytes();
  const bool aligned = reinterpret_cast<uintptr_t>(scratch.data()) % k_arena_align == 0;
  if (scratch.size() < bytes.scratch || !aligned) return Status::arena_too_small;
  uint8_t* const memory = static_cast<uint8_t*>(state.take(bytes.state));
  if (memory == nullptr) return Status::arena_too_small;
  model_ = &model;
  state_ = memory;
  state_bytes_ = bytes.state;
  scratch_ = scratch.data();
  input_ = scratch.data() + bytes.scratch - bytes.input;
  between_[1] = input_ - bytes.between[1];
  between_[0] = between_[1] - bytes.between[0];
  isa_ = isa;
  kernels_ = table_of(model, isa);
  recurrent_ = 0;
  for (size_t i = 0; i < model.layers(); ++i) {
    // A bidirectional model knows its scores when the sequence ends, and keeps nothing else of it.
    if (model.max_steps() != 0 || model.cell(i).output != nullptr) {
      recurrent_ = static_cast<uint8_t>(i + 1);
    }
  }
  reset();
  return Status::ok;
}

void Stream::reset() noexcept {
  memset(state_, 0, state_bytes_);
  for (size_t i = 0; i < recurrent_; ++i) {
    if (model_->record(i).initial != 0) model_->cell(i).reset(args_of(i));
  }
  if (model_->max_steps() == 0) return;
  uint8_t* const scores = between_[turn_of(*model_, model_->layers() - 1) & 1U];
  memset(scores, 0, size_t{4} * model_->outputs());
  last_ = scores;
}

LayerArgs Stream::args_of(size_t layer) const noexcept {
  LayerArgs args = {};
  args.image = model_->image();
  args.packing = model_->packing();
  args.kernels = kernels_;
  args.scratch = scratch_;
  args.watch = watch_;
  enter(layer, args);
  return args;
}

// What of the arguments differs from layer to layer.
void Stream::enter(size_t layer, LayerArgs& args) const noexcept {
  args.record = &model_->record(layer);
  args.layer = static_cast<uint32_t>(layer);
  args.state = state_ + args.record->state;
}

// Layers first .. last - 1. `all`: the outputs of every step are wanted, not only the state.
// Returns the outputs; none where they stay in the state of the last layer.
Stream::Group Stream::through(size_t first, size_t last, const Group& group, bool all) noexcept {
  if (first == last) return group;
  LayerArgs args = args_of(first);
  args.steps = group.steps;
  args.tokens = group.tokens;
  args.x = group.x;
  args.x_stride = group.stride;
  args.input = model_input_;
  args.input_stride = model_stride_;
  for (size_t i = first, turn = turn_of(*model_, first);; ++turn) {
    const LayerRecord& record = *args.record;
    const Cell& cell = model_->cell(i);
    const size_t halves = halves_of(record);
    const bool is_last = i + halves == last;
    const bool in_state = args.steps == 1 && halves == 1 && cell.output != nullptr;
    const bool wanted = all || !is_last || cell.output == nullptr;
    args.y = in_state || !wanted ? nullptr : between_[turn & 1U];
    args.y_stride = stride_of(halves * record.outputs, record.output, k_arena_align);
    const void* y = args.y;
    cell.run(args);
    if (halves > 1) {
      args.y = static_cast<uint8_t*>(args.y) + record.outputs * size_of(record.output);
      enter(i + 1, args);
      cell.run(args);
    }
    if (in_state && wanted) y = cell.output(args);
    if (is_last) return {nullptr, y, args.y_stride, args.steps};
    args.tokens = nullptr;
    args.x = y;
    args.x_stride = args.y_stride;
    i += halves;
    enter(i, args);
  }
}

void Stream::advance(const Group& group) noexcept {
  Sink none = {nullptr, nullptr, 0};
  advance(group, none);
}

void Stream::advance(const Group& group, Sink& sink) noexcept {
  model_input_ = group.x;
  model_stride_ = group.stride;
  const bool all = sink.to != nullptr || model_->max_steps() != 0;
  const Group out = through(0, all ? model_->layers() : recurrent_, group, all);
  if (!all) return;
  last_ = row_of(out.x, out.stride, group.steps - 1);
  for (uint32_t s = 0; sink.to != nullptr && s < group.steps; ++s, sink.to += sink.stride) {
    sink.put(*model_, row_of(out.x, out.stride, s), sink.to);
  }
}

const void* Stream::finish() noexcept {
  if (model_->max_steps() != 0) return last_;
  const size_t from = recurrent_ - 1U;
  const void* const h = model_->cell(from).output(args_of(from));
  return through(recurrent_, model_->layers(), {nullptr, h, 0, 1}, true).x;
}

const int32_t* Stream::scores_s32() noexcept {
  return static_cast<const int32_t*>(finish());
}

const float* Stream::scores_f32() noexcept {
  return static_cast<const float*>(finish());
}

uint32_t Stream::argmax() noexcept {
  const uint8_t* const scores = static_cast<const uint8_t*>(finish());
  const bool is_float = model_->type() == Type::f32;
  uint32_t best = 0;
  for (uint32_t i = 1; i < model_->outputs(); ++i) {
    if (ordered(scores + 4 * i, is_float) > ordered(scores + 4 * best, is_float)) best = i;
  }
  return best;
}

void Stream::step(uint32_t token) noexcept {
  if (model_->max_steps() != 0) reset();
  advance({&token, nullptr, 0, 1});
}

const void* Stream::hidden(size_t layer, Format format) const noexcept {
  LayerRecord record = model_->record(layer);
  if (model_->cell(layer).output == nullptr) return nullptr;
  if (record.output != format) {
    if (record.recurrent != format) return nullptr;
    record.recurrent = record.output;  // the layer keeps both still, in the same places
    record.output = format;
  }
  LayerArgs args = args_of(layer);
  args.record = &record;
  return model_->cell(layer).output(args);
}

const int8_t* Stream::hidden_s8(size_t layer) const noexcept {
  return static_cast<const int8_t*>(hidden(layer, Format::s8));
}

const int16_t* Stream::hidden_s16(size_t layer) const noexcept {
  return static_cast<const int16_t*>(hidden(layer, Format::s16));
}

const float* Stream::hidden_f32(size_t layer) const noexcept {
  return static_cast<const float*>(hidden(layer, Format::f32));
}

}  // namespace rondo
