// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Real inputs that are already in the model's integer steps: no float.
#include <rondo/numeric.hpp>
#include <rondo/stream.hpp>

#include "model/input.hpp"

namespace rondo {

void Stream::step_s16(const int16_t* x) noexcept {
  const bool in_steps = model_->input() == Input::s16 || model_->input() == Input::s8;
  if (!in_steps) {
    advance(nullptr, k_no_token);
    return;
  }
  const int32_t largest = model_->input() == Input::s16 ? 32767 : 127;
  advance(put_input(*model_, input_, [=](uint32_t i) { return clamp(x[i], -largest, largest); }),
          k_no_token);
}

}  // namespace rondo
