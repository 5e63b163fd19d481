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
  Status bind(const Model& model, Arena& arena) noexcept;
  Status bind(const Model& model, Arena& arena, Isa isa) noexcept;
  // The same with scratch of at least arena_bytes().scratch bytes, aligned to k_arena_align, that
  // other Streams may use too, as long as no two run at the same time.
  Status bind(const Model& model, Arena& state, Isa isa, View<uint8_t> scratch) noexcept;

  bool bound() const noexcept { return model_ != nullptr; }
  const Model& model() const noexcept { return *model_; }
  Isa isa() const noexcept { return isa_; }

  // Start of a sequence: all states zero.
  void reset() noexcept;

  // One step. None of these allocates, fails, or branches on data. A step takes the time of the
  // recurrent layers only; the layers after the last one wait until scores are asked for. The wrong
  // kind of step for a model counts as one without input.
  void step(uint32_t token) noexcept;  // models that read tokens; out of the vocabulary: no input
  // x: (I). int8 models: NaN counts as the mean, infinities saturate. f32 models take numbers as
  // they are: a NaN stays in the state until reset.
  void step_f32(const float* x) noexcept;
  // x: (I), already in the steps of an int8 model with real input; where the model takes int8
  // steps, values outside -127 .. 127 saturate.
  void step_s16(const int16_t* x) noexcept;

  // Scores after the last step, (outputs); they stay until the next call of this Stream (or of
  // another on the same scratch). Q15.16 of int8 models, float of f32 models.
  const int32_t* scores_s32() noexcept;
  const float* scores_f32() noexcept;
  // Either kind as float.
  void scores(View<float> out) noexcept;
  // The index of the greatest score, the lowest of equals (of floats, -0 counts as below 0). Like
  // the others it runs the layers after the last recurrent one again.
  uint32_t argmax() noexcept;

  // The state as bytes, without padding: the same on every kernel set, packing and machine.
  size_t save_bytes() const noexcept;
  Status save(View<uint8_t> blob) const noexcept;
  // wrong_model or bad_state leave the state as it was.
  Status restore(View<const uint8_t> blob) noexcept;

  // The outputs of a recurrent layer after the last step: int8 Q0.7 or float, (units). The index
  // must be one of a recurrent layer.
  const int8_t* hidden_s8(size_t layer) const noexcept;
  const float* hidden_f32(size_t layer) const noexcept;

  // Calls `watch` in each step of the layers that run a `_watched` cell. It must outlive the
  // Stream.
  void watch(const Watch* watch) noexcept { watch_ = watch; }

 private:
  StepArgs args_of(size_t layer) const noexcept;
  void advance(const void* x, uint32_t token) noexcept;
  const void* finish() noexcept;

  const Model* model_ = nullptr;
  uint8_t* state_ = nullptr;
  uint8_t* scratch_ = nullptr;
  uint8_t* input_ = nullptr;  // where a real input stands as integers: the end of the scratch
  const Watch* watch_ = nullptr;
  uint8_t recurrent_ = 0;  // layers up to and with the last recurrent one
  Isa isa_ = Isa::scalar;
};

}  // namespace rondo
