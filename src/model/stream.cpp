// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Stream: binding memory, the way through the layers, scores.
#include <rondo/stream.hpp>

#include <string.h>

#include <rondo/features.hpp>

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

// Of what a layer gives, both halves of a bidirectional one side by side.
size_t output_stride(const LayerRecord& record) noexcept {
  return stride_of(halves_of(record) * record.outputs, record.output, k_arena_align);
}

const void* table_of(const Model& model, Isa isa) noexcept {
#ifdef RONDO_FIXED_ISA
  return (void)model, (void)isa, nullptr;  // the one set is known where it is called
#else
#if RONDO_FLOAT_KERNELS
  if (model.type() == Type::f32) return &kernel::f32(isa);
#endif
  return &kernel::s8(isa, model.packing());
#endif
}

// How many layers stand before this one, the halves of a bidirectional one counted as one: they
// take turns in the two buffers between layers.
uint32_t turn_of(const Model& model, size_t layer) noexcept {
  if (model.max_steps() == 0) return static_cast<uint32_t>(layer);
  uint32_t turn = 0;
  for (size_t i = 0; i < layer; ++i) turn += model.record(i).direction != Direction::forward;
  return turn;
}

}  // namespace

Status Stream::bind(const Model& model, Arena& arena, Isa isa) noexcept {
  const size_t before = arena.used();
  const size_t bytes = model.arena_bytes().scratch;  // of a model that is not loaded: 0
  uint8_t* const scratch = static_cast<uint8_t*>(arena.take(bytes));
  const Status status = bind(model, arena, isa, {scratch, scratch == nullptr ? 0 : bytes});
  if (status != Status::ok) arena.rewind(before);
  return status;
}

Status Stream::bind(const Model& model, Arena& state, Isa isa, View<uint8_t> scratch) noexcept {
  if (!model.loaded()) return Status::not_loaded;
  if (!isa_available(isa)) return Status::isa_not_available;
  const bool aligned = reinterpret_cast<uintptr_t>(scratch.data()) % k_arena_align == 0;
  if (scratch.size() < model.arena_bytes().scratch || !aligned) return Status::arena_too_small;
  void* const memory = state.take(model.arena_bytes().state);
  if (memory == nullptr) return Status::arena_too_small;
  model_ = &model;
  state_ = static_cast<uint8_t*>(memory);
  scratch_ = scratch.data();
  isa_ = isa;
  kernels_ = table_of(model, isa);
  reset();
  return Status::ok;
}

// The parts at the end of the scratch: vectors between layers, then a real input as integers.
uint8_t* Stream::input_place() const noexcept {
  const ArenaBytes& bytes = model_->arena_bytes();
  return scratch_ + bytes.scratch - bytes.input;
}
uint8_t* Stream::between(uint32_t turn) const noexcept {
  const ArenaBytes& bytes = model_->arena_bytes();
  return input_place() - bytes.between[1] - (turn % 2 == 0 ? bytes.between[0] : 0);
}

void Stream::reset() noexcept {
  memset(state_, 0, model_->arena_bytes().state);
  for (size_t i = 0; k_has_initial && i < model_->recurrent_layers(); ++i) {
    if (model_->record(i).initial != 0) model_->cell(i).reset(args_of(i, k_no_steps));
  }
  if (model_->max_steps() == 0) return;
  uint8_t* const scores = between(turn_of(*model_, model_->layers() - 1));
  memset(scores, 0, size_t{4} * model_->outputs());
  last_ = scores;
}

LayerArgs Stream::args_of(size_t layer, const Group& group) const noexcept {
  const LayerRecord& record = model_->record(layer);
  return {model_->image(),
          &record,
          static_cast<uint32_t>(layer),
          model_->packing(),
          kernels_,
          state_ + record.state,
          scratch_,
          group.steps,
          group.tokens,
          group.x,
          group.stride,
          nullptr,
          0,
          k_has_skip ? model_input_ : nullptr,
          k_has_skip ? model_stride_ : 0,
          watch_};
}

// What of the arguments differs from layer to layer.
void Stream::enter(size_t layer, LayerArgs& args) const noexcept {
  args.record = &model_->record(layer);
  args.layer = static_cast<uint32_t>(layer);
  args.state = state_ + args.record->state;
}

// Layers first .. last - 1. Returns the outputs; none where they stay in the state of the last
// layer. Of a step of one layer that is all, most of the time: hosts go straight to it.
const void* Stream::through(size_t first, size_t last, const Group& group) noexcept {
#ifndef RONDO_FIXED_ISA
  if (last - first == 1 && !group.all) {
    const Cell& cell = model_->cell(first);
    if (cell.output != nullptr && model_->record(first).direction == Direction::only) {
      cell.run(args_of(first, group));
      return nullptr;
    }
  }
#endif
  return through_all(first, last, group);
}

const void* Stream::through_all(size_t first, size_t last, const Group& group) noexcept {
  if (first == last) return group.x;
  LayerArgs args = args_of(first, group);
  for (uint32_t i = static_cast<uint32_t>(first), turn = turn_of(*model_, first);; ++turn) {
    const LayerRecord& record = *args.record;
    const Cell& cell = model_->cell(i);
    const uint32_t halves = halves_of(record);
    i += halves;
    const bool has_state = halves == 1 && cell.output != nullptr;
    const bool wanted = group.all || i != last || cell.output == nullptr;
    const bool in_state = (k_one_step || args.steps == 1) && has_state;
    args.y = in_state || !wanted ? nullptr : between(turn);
    if (!k_one_step && args.y != nullptr) args.y_stride = output_stride(record);
    const void* y = args.y;
    cell.run(args);
    if (halves > 1) {
      args.y = static_cast<uint8_t*>(args.y) + record.outputs * size_of(record.output);
      enter(i - 1, args);
      cell.run(args);
    }
    if (in_state && wanted) y = cell.output(args);
    if (i == last) return y;
    args.tokens = nullptr;
    args.x = y;
    if (!k_one_step) args.x_stride = args.y_stride;
    enter(i, args);
  }
}

void Stream::advance(Group& group, Sink& sink) noexcept {
  model_input_ = group.x;
  model_stride_ = group.stride;
  group.all = sink.to != nullptr || model_->max_steps() != 0;
  if (group.all) {
    put_scores(group, sink);
  } else {
    through(0, model_->recurrent_layers(), group);
  }
}

// Through all layers; the scores of each step go where they are wanted.
void Stream::put_scores(Group& group, Sink& sink) noexcept {
  const size_t layers = model_->layers();
  const uint8_t* y = static_cast<const uint8_t*>(through(0, layers, group));
  const size_t stride = output_stride(model_->record(layers - 1));
  for (uint32_t s = 0; s < group.steps; ++s, y += stride) {
    last_ = y;
    if (sink.to == nullptr) continue;
    sink.put(*model_, y, sink.to);
    sink.to += sink.stride;
  }
}

const void* Stream::finish() noexcept {
  if (model_->max_steps() != 0) return last_;
  const size_t from = model_->recurrent_layers();
  const void* const h = model_->cell(from - 1).output(args_of(from - 1, k_no_steps));
  return through(from, model_->layers(), {nullptr, h, 0, 1, true});
}

const int32_t* Stream::scores_s32() noexcept {
  return static_cast<const int32_t*>(finish());
}

const float* Stream::scores_f32() noexcept {
  return static_cast<const float*>(finish());
}

uint32_t Stream::argmax() noexcept {
  const uint8_t* const scores = static_cast<const uint8_t*>(finish());
  const bool is_float = k_has_floats && model_->type() == Type::f32;
  uint32_t best = 0;
  for (uint32_t i = 1; i < model_->outputs(); ++i) {
    if (ordered(scores + 4 * i, is_float) > ordered(scores + 4 * best, is_float)) best = i;
  }
  return best;
}

void Stream::step(uint32_t token) noexcept {
  Group group = {&token, nullptr, 0, 1, false};
  take_step(group);
}

const void* Stream::hidden(size_t layer, Format format) const noexcept {
  LayerRecord record = model_->record(layer);
  if (model_->cell(layer).output == nullptr) return nullptr;
  if (record.output != format) {
    if (record.recurrent != format) return nullptr;
    record.recurrent = record.output;  // the layer keeps both still, in the same places
    record.output = format;
  }
  LayerArgs args = args_of(layer, k_no_steps);
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
