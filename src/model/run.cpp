// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Many steps at once: tokens, and vectors that are already in integer steps. No float.
#include <rondo/stream.hpp>

#include <string.h>

#include <rondo/numeric.hpp>
#include "model/input.hpp"

namespace rondo {

void Stream::put_s32(const Model& model, const void* scores, void* to) noexcept {
  if (model.type() == Type::s8) memcpy(to, scores, size_t{4} * model.outputs());
}

void Stream::run_tokens(const uint32_t* tokens, size_t steps, Sink sink) noexcept {
  in_groups(steps, [&](size_t first, uint32_t count) {
    Group group = {tokens + first, nullptr, 0, count, false};
    advance(group, sink);
  });
}

void Stream::run(const uint32_t* tokens, size_t steps, int32_t* scores) noexcept {
  run_tokens(tokens, steps,
             {put_s32, reinterpret_cast<uint8_t*>(scores), size_t{4} * model_->outputs()});
}

namespace {

// One vector, within the range of the model's input.
void put_steps(const Model& model, const int16_t* x, uint8_t* place) noexcept {
  // All in 16 bits, which compilers turn into vectors of them.
  const int16_t most = model.input() == Format::s16 ? 32767 : 127;
  const int16_t least = static_cast<int16_t>(-most);
  put_input(model, place, [=](uint32_t i) {
    return x[i] < least ? least : x[i] > most ? most : x[i];
  });
}

}  // namespace

void Stream::run_s16(const int16_t* x, size_t steps, int32_t* scores) noexcept {
  const Model& model = *model_;
  const bool integers = in_steps(model.input());
  const size_t stride = input_stride(model);
  uint8_t* const input = input_place();
  Sink sink = {put_s32, reinterpret_cast<uint8_t*>(scores), size_t{4} * model.outputs()};
  in_groups(steps, [&](size_t first, uint32_t count) {
    for (uint32_t s = 0; integers && s < count; ++s) {
      put_steps(model, x + (first + s) * model.inputs(), input + s * stride);
    }
    Group group = {nullptr, integers ? input : nullptr, stride, count, false};
    advance(group, sink);
  });
}

void Stream::step_s16(const int16_t* x) noexcept {
  uint8_t* const input = in_steps(model_->input()) ? input_place() : nullptr;
  if (input != nullptr) put_steps(*model_, x, input);
  Group group = {nullptr, input, 0, 1, false};
  take_step(group);
}

}  // namespace rondo
