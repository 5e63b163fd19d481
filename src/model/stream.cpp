// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Stream: binding memory, stepping through the layers, scores, the state as bytes.
#include <rondo/stream.hpp>

#include <string.h>

namespace rondo {
namespace {

struct BlobHeader {
  uint32_t magic;
  uint32_t version;
  uint32_t model_id;
  uint32_t bytes;
};
constexpr uint32_t k_blob_magic = 0x53444E52;  // "RNDS"

// The order of floats as the order of integers, so that argmax needs no float code.
int32_t ordered(const uint8_t* score, bool is_float) noexcept {
  int32_t bits;
  memcpy(&bits, score, sizeof bits);
  return is_float && bits < 0 ? bits ^ 0x7FFFFFFF : bits;
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
  scratch_ = scratch.data();
  input_ = scratch.data() + bytes.scratch - bytes.input;
  isa_ = isa;
  recurrent_ = 0;
  for (size_t i = 0; i < model.layers(); ++i) {
    if (model.cell(i).saved_bytes != nullptr) recurrent_ = static_cast<uint8_t>(i + 1);
  }
  reset();
  return Status::ok;
}

void Stream::reset() noexcept {
  memset(state_, 0, model_->arena_bytes().state);
}

StepArgs Stream::args_of(size_t layer) const noexcept {
  const LayerRecord& record = model_->record(layer);
  return {model_->image(),
          &record,
          static_cast<uint32_t>(layer),
          model_->packing(),
          isa_,
          state_ + record.state,
          scratch_,
          nullptr,
          0,
          watch_};
}

void Stream::advance(const void* x, uint32_t token) noexcept {
  for (size_t i = 0; i < recurrent_; ++i) {
    StepArgs args = args_of(i);
    args.x = x;
    args.token = token;
    model_->cell(i).step(args);
    x = model_->cell(i).output(args);
  }
}

const void* Stream::finish() noexcept {
  const void* x = nullptr;
  for (size_t i = recurrent_ - 1U; i < model_->layers(); ++i) {
    StepArgs args = args_of(i);
    args.x = x;
    if (i >= recurrent_) model_->cell(i).step(args);
    x = model_->cell(i).output(args);
  }
  return x;
}

void Stream::step(uint32_t token) noexcept {
  advance(nullptr, token);
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

size_t Stream::save_bytes() const noexcept {
  size_t bytes = sizeof(BlobHeader);
  for (size_t i = 0; i < recurrent_; ++i) bytes += model_->cell(i).saved_bytes(model_->record(i));
  return bytes;
}

Status Stream::save(View<uint8_t> blob) const noexcept {
  if (!bound()) return Status::not_loaded;
  const size_t bytes = save_bytes();
  if (blob.size() < bytes) return Status::bad_state;
  const BlobHeader header = {k_blob_magic, k_format_version, model_->model_id(),
                             static_cast<uint32_t>(bytes)};
  memcpy(blob.data(), &header, sizeof header);
  uint8_t* to = blob.data() + sizeof header;
  for (size_t i = 0; i < recurrent_; ++i) {
    model_->cell(i).save(args_of(i), to);
    to += model_->cell(i).saved_bytes(model_->record(i));
  }
  return Status::ok;
}

Status Stream::restore(View<const uint8_t> blob) noexcept {
  if (!bound()) return Status::not_loaded;
  BlobHeader header;
  if (blob.size() < sizeof header) return Status::bad_state;
  memcpy(&header, blob.data(), sizeof header);
  if (header.magic != k_blob_magic || header.version != k_format_version) return Status::bad_state;
  if (header.model_id != model_->model_id()) return Status::wrong_model;
  if (header.bytes != save_bytes() || header.bytes > blob.size()) return Status::bad_state;
  const uint8_t* from = blob.data() + sizeof header;
  for (size_t i = 0; i < recurrent_; ++i) {
    model_->cell(i).restore(args_of(i), from);
    from += model_->cell(i).saved_bytes(model_->record(i));
  }
  return Status::ok;
}

const int8_t* Stream::hidden_s8(size_t layer) const noexcept {
  LayerRecord record = model_->record(layer);
  record.wide = 0;  // where the 8-bit copy is
  StepArgs args = args_of(layer);
  args.record = &record;
  return static_cast<const int8_t*>(model_->cell(layer).output(args));
}

const float* Stream::hidden_f32(size_t layer) const noexcept {
  return static_cast<const float*>(model_->cell(layer).output(args_of(layer)));
}

}  // namespace rondo
