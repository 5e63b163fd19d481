// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Stream: the state of one sequence going through a Model, one step at a time. One Stream belongs
// to one task; any number of Streams may share a Model. On cores with an FPU the task needs FP
// context, since a compiler may use its registers for plain copies.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "rondo/arena.hpp"
#include "rondo/isa.hpp"
#include "rondo/model.hpp"
#include "rondo/status.hpp"
#include "rondo/view.hpp"

namespace rondo {

// The Model must outlive its Streams and stay where it is, and must not be loaded again under them.
// Before bind has succeeded only bind, bound and assignment are allowed.
class Stream {
 public:
  // Takes state and scratch of the model from the arena, picks the kernels and resets. The last
  // call that can fail.
  Status bind(const Model& model, Arena& arena, Isa isa = isa_best()) noexcept;
  // The same with scratch of at least arena_bytes().scratch bytes, aligned to k_arena_align, that
  // other Streams may use too, as long as no two run at the same time.
  Status bind(const Model& model, Arena& state, Isa isa, View<uint8_t> scratch) noexcept;

  bool bound() const noexcept { return model_ != nullptr; }
  const Model& model() const noexcept { return *model_; }
  Isa isa() const noexcept { return isa_; }

  // Start of a sequence: all states zero.
  void reset() noexcept;

  // One step. None of these allocates, fails, or branches on data. A step takes the time of the
  // layers up to the last one with a state; the layers after it wait until scores are asked for.
  // The wrong kind of step for a model counts as one without input. Bidirectional models have no
  // steps: here each is a sequence of its own.
  void step(uint32_t token) noexcept;  // models that read tokens; out of the vocabulary: no input
  // x: (I). int8 models: NaN counts as the mean, infinities saturate. f32 models take numbers as
  // they are: infinities open or close gates, inf - inf gives NaN, and a NaN stays in the state
  // until reset.
  void step_f32(const float* x) noexcept;
  // x: (I), already in the steps of an int8 model with real input; where the model takes int8
  // steps, values outside -127 .. 127 saturate.
  void step_s16(const int16_t* x) noexcept;

  // Many steps: the same bits as one by one, in less time on hosts, where the inputs of several
  // steps go through the weights together. tokens: (steps), x: (steps, I). Bidirectional models
  // read a whole sequence, from reset, and its first max_steps() steps at most.
  // scores: (steps, outputs), after each step; int32 of int8 models, else left as they are; float
  // of either kind. Or nullptr.
  void run(const uint32_t* tokens, size_t steps, int32_t* scores = nullptr) noexcept;
  void run(const uint32_t* tokens, size_t steps, float* scores) noexcept;
  void run_f32(const float* x, size_t steps, float* scores = nullptr) noexcept;
  void run_s16(const int16_t* x, size_t steps, int32_t* scores = nullptr) noexcept;

  // Scores after the last step, (outputs); they stay until the next call of this Stream (or of
  // another on the same scratch). Q15.16 of int8 models, float of f32 models.
  const int32_t* scores_s32() noexcept;
  const float* scores_f32() noexcept;
  // Either kind as float.
  void scores(View<float> out) noexcept;
  // The index of the greatest score, the lowest of equals (of floats, -0 counts as below 0). Like
  // the others it runs the layers after the last recurrent one again.
  uint32_t argmax() noexcept;
  // exp(score) / sum of exp(scores), in float: (outputs). Equal scores give equal shares.
  void softmax(View<float> out) noexcept;

  // The state as bytes, without padding: the same on every kernel set, packing and machine.
  size_t save_bytes() const noexcept;
  Status save(View<uint8_t> blob) const noexcept;
  // wrong_model or bad_state leave the state as it was.
  Status restore(View<const uint8_t> blob) noexcept;

  // The outputs of a layer with a state after the last step, (units): int8 Q0.7, int16 Q0.15 or
  // float; nullptr where the layer does not keep them in this format.
  const int8_t* hidden_s8(size_t layer) const noexcept;
  const int16_t* hidden_s16(size_t layer) const noexcept;
  const float* hidden_f32(size_t layer) const noexcept;

  // Calls `watch` in each step of the layers that run a `_watched` cell. It must outlive the
  // Stream.
  void watch(const Watch* watch) noexcept { watch_ = watch; }

 private:
  // A group of steps on its way through the layers: tokens or vectors.
  struct Group {
    const uint32_t* tokens;
    const void* x;
    size_t stride;
    uint32_t steps;
    bool all;  // the outputs of every step are wanted, not only the state
  };
  static constexpr Group k_no_steps = {};
  // Where the scores of each step go in a run.
  struct Sink {
    void (*put)(const Model& model, const void* scores, void* to) noexcept;
    uint8_t* to;
    size_t stride;
  };
  // The steps of a run, in groups: take(first step, steps).
  template <class Take>
  void in_groups(size_t steps, Take take) noexcept {
    const size_t most = model_->steps_at_once();
    if (model_->max_steps() != 0) {
      reset();
      steps = steps < most ? steps : most;
    }
    for (size_t first = 0; first < steps; first += most) {
      const size_t left = steps - first;
      take(first, static_cast<uint32_t>(left < most ? left : most));
    }
  }
  void take_step(Group& group) noexcept {
    if (model_->max_steps() != 0) {
      reset();
      group.all = true;
    }
    if (k_has_skip) {
      model_input_ = group.x;
      model_stride_ = 0;
    }
    last_ = through(0, group.all ? model_->layers() : model_->recurrent_layers(), group);
  }
  void run_tokens(const uint32_t* tokens, size_t steps, Sink sink) noexcept;
  LayerArgs args_of(size_t layer, const Group& group) const noexcept;
  void enter(size_t layer, LayerArgs& args) const noexcept;
  void advance(Group& group, Sink& sink) noexcept;
  void put_scores(Group& group, Sink& sink) noexcept;
  uint8_t* between(uint32_t turn) const noexcept;
  uint8_t* input_place() const noexcept;
  const void* through(size_t first, size_t last, const Group& group) noexcept;
  const void* through_all(size_t first, size_t last, const Group& group) noexcept;
  const void* finish() noexcept;
  const void* hidden(size_t layer, Format format) const noexcept;
  static void put_f32(const Model& model, const void* scores, void* to) noexcept;
  static void put_s32(const Model& model, const void* scores, void* to) noexcept;

  const Model* model_ = nullptr;
  uint8_t* state_ = nullptr;
  uint8_t* scratch_ = nullptr;
  const Watch* watch_ = nullptr;
  const void* last_ = nullptr;  // bidirectional: the scores of the last step
  const void* model_input_ = nullptr;
  size_t model_stride_ = 0;
  const void* kernels_ = nullptr;
  Isa isa_ = Isa::scalar;
};

}  // namespace rondo
