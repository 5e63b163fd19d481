// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Real-valued inputs. Floats become integers by three separately rounded operations, so that every
// machine makes the same ones: no contraction, no fast math. Its own file: firmware that feeds
// tokens or integer steps links no float.
#include <rondo/stream.hpp>

#include "model/input.hpp"

#ifdef __FAST_MATH__
#error "real_input.cpp must not be compiled with -ffast-math: NaN and rounding matter here"
#endif

namespace rondo {
namespace {

const float* floats_at(const Model& model, uint32_t offset) noexcept {
  return static_cast<const float*>(static_cast<const void*>(model.image() + offset));
}

// floor for |y| < 2^31
int32_t floor_s32(float y) noexcept {
  const int32_t whole = static_cast<int32_t>(y);
  return static_cast<float>(whole) > y ? whole - 1 : whole;
}

// q = clamp(floor((x - mean) * inv_step + 0.5)), NaN gives 0
int32_t quantize(float x, float mean, float inv_step, int32_t largest) noexcept {
  const float centered = x - mean;
  const float steps = centered * inv_step;
  const float y = steps + 0.5F;
  if (y != y) return 0;
  const float limit = static_cast<float>(largest);
  if (y >= limit) return largest;
  if (y <= -limit) return -largest;
  return floor_s32(y);
}

}  // namespace

void Stream::step_f32(const float* x) noexcept {
  const Model& model = *model_;
  if (model.input() == Input::token || model.input() == Input::f32) {
    advance(model.input() == Input::f32 ? x : nullptr, k_no_token);
    return;
  }
  const float* const mean = floats_at(model, model.mean_offset());
  const float* const inv_step = floats_at(model, model.inv_step_offset());
  const int32_t largest = model.input() == Input::s16 ? 32767 : 127;
  advance(put_input(model, input_,
                    [=](uint32_t i) { return quantize(x[i], mean[i], inv_step[i], largest); }),
          k_no_token);
}

void Stream::scores(View<float> out) noexcept {
  const bool is_float = model_->type() == Type::f32;
  const void* const scores = finish();
  for (size_t i = 0; i < out.size() && i < model_->outputs(); ++i) {
    out[i] = is_float ? static_cast<const float*>(scores)[i]
                      : static_cast<float>(static_cast<const int32_t*>(scores)[i]) * 0x1p-16F;
  }
}

}  // namespace rondo
