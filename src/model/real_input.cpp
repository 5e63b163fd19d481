// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Real-valued inputs. Floats become integers by three separately rounded operations, so that every
// machine makes the same ones: no contraction, no fast math. Its own file: firmware that feeds
// tokens or integer steps links no float.
#include "base/no_contraction.hpp"

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

// One vector in steps.
void put_floats(const Model& model, const float* x, uint8_t* place) noexcept {
  const float* const mean = floats_at(model, model.mean_offset());
  const float* const inv_step = floats_at(model, model.inv_step_offset());
  const int32_t largest = model.input() == Format::s16 ? 32767 : 127;
  put_input(model, place,
            [=](uint32_t i) { return quantize(x[i], mean[i], inv_step[i], largest); });
}

}  // namespace

void Stream::run_f32(const float* x, size_t steps, float* scores) noexcept {
  const Model& model = *model_;
  Sink sink = {put_f32, reinterpret_cast<uint8_t*>(scores), sizeof(float) * model.outputs()};
  const bool integers = in_steps(model.input());
  if (!integers) {
    const size_t stride = sizeof(float) * model.inputs();
    in_groups(steps, [&](size_t first, uint32_t count) {
      const float* const from = model.input() == Format::f32 ? x + first * model.inputs() : nullptr;
      Group group = {nullptr, from, stride, count, false};
      advance(group, sink);
    });
    return;
  }
  const size_t stride = input_stride(model);
  uint8_t* const input = input_place();
  in_groups(steps, [&](size_t first, uint32_t count) {
    for (uint32_t s = 0; s < count; ++s) {
      put_floats(model, x + (first + s) * model.inputs(), input + s * stride);
    }
    Group group = {nullptr, input, stride, count, false};
    advance(group, sink);
  });
}

void Stream::step_f32(const float* x) noexcept {
  const void* input = model_->input() == Format::f32 ? x : nullptr;
  if (in_steps(model_->input())) {
    put_floats(*model_, x, input_place());
    input = input_place();
  }
  Group group = {nullptr, input, 0, 1, false};
  take_step(group);
}

void Stream::run(const uint32_t* tokens, size_t steps, float* scores) noexcept {
  run_tokens(tokens, steps,
             {put_f32, reinterpret_cast<uint8_t*>(scores), sizeof(float) * model_->outputs()});
}

// Scores of either kind as floats.
void Stream::put_f32(const Model& model, const void* scores, void* to) noexcept {
  const bool is_float = model.type() == Type::f32;
  for (uint32_t i = 0; i < model.outputs(); ++i) {
    static_cast<float*>(to)[i] =
        is_float ? static_cast<const float*>(scores)[i]
                 : static_cast<float>(static_cast<const int32_t*>(scores)[i]) * 0x1p-16F;
  }
}

void Stream::scores(View<float> out) noexcept {
  if (out.size() >= model_->outputs()) put_f32(*model_, finish(), out.data());
}

}  // namespace rondo
