// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// exp, sigmoid and tanh of one float without libm, for the scalar float kernels. Each operation is
// rounded by itself: the runtime is built without contraction.
#pragma once
#include <stdint.h>
#include <string.h>

namespace rondo::base {

// exp(x) for x in -87 .. 88, clamped outside; relative error below 2e-7.
// x = n ln 2 + r with |r| <= ln(2) / 2 (Cody and Waite, 1980: ln 2 in two parts), exp(r) by its
// Taylor series to r^7, whose rest is below 5e-9 of the result; then the exponent is raised by n.
inline float exp_f32(float x) noexcept {
  const float low = -87.0F, high = 88.0F;
  x = x < low ? low : x > high ? high : x;
  const float scaled = x * 1.44269504F;
  const int32_t n = static_cast<int32_t>(scaled + (scaled < 0.0F ? -0.5F : 0.5F));
  const float turns = static_cast<float>(n);
  const float r = (x - turns * 0.693359375F) - turns * -2.12194440e-4F;
  float p = 1.0F / 5040.0F;
  p = p * r + 1.0F / 720.0F;
  p = p * r + 1.0F / 120.0F;
  p = p * r + 1.0F / 24.0F;
  p = p * r + 1.0F / 6.0F;
  p = p * r + 0.5F;
  p = p * (r * r) + r + 1.0F;
  const uint32_t bits = static_cast<uint32_t>(n + 127) << 23;
  float power;
  memcpy(&power, &bits, sizeof power);
  return p * power;
}

inline float sigmoid_f32(float x) noexcept {
  return 1.0F / (1.0F + exp_f32(-x));
}

// Near 0, where 1 - 2 / (exp(2x) + 1) would lose digits, the odd series of tanh to x^13 (Abramowitz
// and Stegun 4.5.64): its rest at 0.5 is below 1e-7.
inline float tanh_f32(float x) noexcept {
  const float a = x < 0.0F ? -x : x;
  float y;
  if (a < 0.5F) {
    const float s = a * a;
    float p = 21844.0F / 6081075.0F;
    p = p * s - 1382.0F / 155925.0F;
    p = p * s + 62.0F / 2835.0F;
    p = p * s - 17.0F / 315.0F;
    p = p * s + 2.0F / 15.0F;
    p = p * s - 1.0F / 3.0F;
    y = p * s * a + a;
  } else {
    y = 1.0F - 2.0F / (exp_f32(2.0F * a) + 1.0F);
  }
  return x < 0.0F ? -y : y;
}

}  // namespace rondo::base
