// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo.h: start, steps without float, integer scores.
#include "model/c_stream.hpp"

using rondo::Status;
using rondo::View;

namespace {

// Both lists are kept in the same order; the last value would be another if one were longer.
static_assert(static_cast<RondoStatus>(Status::not_loaded) == rondo_not_loaded, "see rondo.h");

RondoStatus c_status(Status status) noexcept {
  return static_cast<RondoStatus>(status);
}
View<const uint8_t> image_of(const RondoModel& model) noexcept {
  return {static_cast<const uint8_t*>(model.image), model.image_bytes};
}
rondo::CellList cells_of(const RondoModel& model) noexcept {
  return {model.cells, model.cells_count};
}

// proofs: as Model::load has them, so that each program links the checks that it asks for.
RondoStatus start(const RondoModel& model, void* arena, size_t arena_bytes, RondoStream** stream,
                  const rondo::Proofs* proofs) noexcept {
  rondo::Arena memory({static_cast<uint8_t*>(arena), arena_bytes});
  void* const place = memory.take(sizeof(RondoStream));
  if (place == nullptr) return rondo_arena_too_small;
  RondoStream* const made = new (place) RondoStream;
  Status status = made->model.load(image_of(model), cells_of(model), memory, proofs);
  if (status == Status::ok) status = made->stream.bind(made->model, memory);
  if (status == Status::ok) *stream = made;
  return c_status(status);
}

}  // namespace

uint32_t rondo_version(void) {
  return (uint32_t{rondo_version_major} << 16) + (rondo_version_minor << 8) + rondo_version_patch;
}

const char* rondo_status_text(RondoStatus status) {
  return name_of(static_cast<Status>(status));
}

RondoStatus rondo_arena_bytes(const RondoModel* model, size_t* bytes) {
  rondo::ArenaBytes needed = {};
  const Status status = rondo::Model::measure(image_of(*model), cells_of(*model), needed);
  if (status == Status::ok) {
    *bytes = rondo::round_up(sizeof(RondoStream), rondo::k_arena_align) + needed.total();
  }
  return c_status(status);
}

RondoStatus rondo_init(const RondoModel* model, void* arena, size_t arena_bytes,
                       RondoStream** stream) {
  return start(*model, arena, arena_bytes, stream, &rondo::k_proofs);
}

RondoStatus rondo_init_verified(const RondoModel* model, void* arena, size_t arena_bytes,
                                RondoStream** stream) {
  return start(*model, arena, arena_bytes, stream, nullptr);
}

void rondo_reset(RondoStream* stream) {
  stream->stream.reset();
}

void rondo_step_token(RondoStream* stream, uint32_t token) {
  stream->stream.step(token);
}

void rondo_step_s16(RondoStream* stream, const int16_t* x) {
  stream->stream.step_s16(x);
}

void rondo_run_tokens(RondoStream* stream, const uint32_t* tokens, size_t steps, int32_t* scores) {
  stream->stream.run(tokens, steps, scores);
}

void rondo_run_s16(RondoStream* stream, const int16_t* x, size_t steps, int32_t* scores) {
  stream->stream.run_s16(x, steps, scores);
}

uint32_t rondo_inputs(const RondoStream* stream) {
  return stream->model.inputs();
}

uint32_t rondo_outputs(const RondoStream* stream) {
  return stream->model.outputs();
}

const int32_t* rondo_scores_s32(RondoStream* stream) {
  return stream->model.type() == rondo::Type::s8 ? stream->stream.scores_s32() : nullptr;
}

const float* rondo_scores_f32(RondoStream* stream) {
  return stream->model.type() == rondo::Type::f32 ? stream->stream.scores_f32() : nullptr;
}

uint32_t rondo_argmax(RondoStream* stream) {
  return stream->stream.argmax();
}
