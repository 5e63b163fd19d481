// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// exp, sigmoid and tanh of floats without libm or double: one text for a single float (below) and
// for vectors (kernel/vector_f32.hpp), so that every kernel set with fused multiply-add gives the
// same bits. Each operation is rounded by itself: the runtime is built without contraction.
//
// Error against double, with and without fused multiply-add (every fifth float; tests/kernels):
//   tanh     absolute 9.0e-8; 2.6 ULP everywhere, 1.5 ULP from 1/2 on
//   sigmoid  absolute 9.0e-8; 2.5 ULP where it is a normal float, 2.0 ULP above -16
//   exp      relative 9.0e-8 in -87 .. 88
// NaN gives NaN. Infinities saturate: tanh to -1 and 1, sigmoid to 0 (from -88.4 down) and 1.
// tanh is odd, never beyond 1, and x to the bit below 2^-25; -0 and denormals are kept.
#pragma once
#include <stdint.h>
#include <string.h>

#ifdef __FAST_MATH__
#error "rondo's float functions need IEEE arithmetic: build without -ffast-math"
#endif

namespace rondo::base {

// A test links both kinds into one program, so they have names of their own.
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__FP_FAST_FMAF)
inline namespace with_fma {
#define RONDO_FUSED(a, b, c) __builtin_fmaf(a, b, c)  // one instruction
#else
inline namespace without_fma {
#define RONDO_FUSED(a, b, c) ((a) * (b) + (c))
#endif

// What the functions below ask of a number. at_most, at_least: x where it is NaN.
struct Float {
  using Value = float;

  static uint32_t bits(float x) noexcept {
    uint32_t b;
    memcpy(&b, &x, sizeof b);
    return b;
  }
  static float from_bits(uint32_t b) noexcept {
    float x;
    memcpy(&x, &b, sizeof x);
    return x;
  }
  static float fused(float a, float b, float c) noexcept { return RONDO_FUSED(a, b, c); }
  static float at_most(float limit, float x) noexcept { return x > limit ? limit : x; }
  static float at_least(float limit, float x) noexcept { return x < limit ? limit : x; }
  static float divide(float a, float b) noexcept { return a / b; }
  static float sign_of(float x) noexcept { return from_bits(bits(x) & 0x80000000U); }
  static float without(float sign, float x) noexcept { return from_bits(bits(x) ^ bits(sign)); }
  static float with(float sign, float x) noexcept { return from_bits(bits(x) | bits(sign)); }
  static float shifted_to_exponent(float x) noexcept { return from_bits(bits(x) << 23); }
};
#undef RONDO_FUSED

// exp(k x) = scale (1 + k part)
template <class Value>
struct ExpParts {
  Value scale, part;
};

// k x = n ln 2 + k r with abs(k r) <= ln(2) / 2 (Cody and Waite, 1980), n in -126 .. 128, where the
// scale is infinite. exp(r) - 1 = r + r^2 q(r), q from tools/golden/exp_polynomial.py, relative
// error 1.4e-8. k is a power of two or -1, so the constants can take it over without rounding.
// exact: ln 2 in two parts. In one it is 2e-9 off, n times; tanh, flat where n > 1, takes no
// notice.
template <class Ops, int k, bool exact>
[[gnu::always_inline]] inline ExpParts<typename Ops::Value> exp_parts(
    typename Ops::Value x) noexcept {
  using V = typename Ops::Value;
  constexpr float c2 = 0.49999997F, c3 = 0.16666539F, c4 = 0.041667756F, c5 = 0.008367124F,
                  c6 = 0.0013835642F;
  constexpr float log2_e = 1.44269504F, ln_2 = 0.693147181F;
  constexpr float ln_2_high = 0.693359375F, ln_2_low = -2.12194440e-4F;  // high: 10 bits
  // Adding 1.5 2^23 rounds to an integer, which then stands in the lowest bits: with the bias of
  // the exponent, 127, the shift makes them 2^n.
  constexpr float rounder = 12582912.0F + 127.0F;
  constexpr float s = k;

  const V rounded = Ops::fused(x, V(s * log2_e), V(rounder));
  const V n = rounded - V(rounder);
  V r = Ops::fused(n, V(-(exact ? ln_2_high : ln_2) / s), x);
  if (exact) r = Ops::fused(n, V(-ln_2_low / s), r);
  const V r2 = r * r;
  const V q_low = Ops::fused(r, V(s * s * c3), V(s * c2));
  const V q_high = Ops::fused(r2, V(s * s * s * s * s * c6),
                              Ops::fused(r, V(s * s * s * s * c5), V(s * s * s * c4)));
  return {Ops::shifted_to_exponent(rounded), Ops::fused(r2, Ops::fused(r2, q_high, q_low), r)};
}

// 1 + exp(-x). Beyond 17.4 it rounds to 1; at -89 the scale is infinite, and so is this.
template <class Ops>
[[gnu::always_inline]] inline typename Ops::Value one_plus_exp_of_minus(
    typename Ops::Value x) noexcept {
  using V = typename Ops::Value;
  const auto e = exp_parts<Ops, -1, true>(Ops::at_least(V(-89.0F), Ops::at_most(V(30.0F), x)));
  return Ops::fused(e.scale, V(1.0F) - e.part, V(1.0F));
}

// tanh(x) = t / (t + 1) with the sign of x
template <class Value>
struct TanhParts {
  Value sign, t;
};

// t = (exp(2 abs(x)) - 1) / 2. Beyond 9.02 tanh rounds to 1.
template <class Ops>
[[gnu::always_inline]] inline TanhParts<typename Ops::Value> tanh_parts(
    typename Ops::Value x) noexcept {
  using V = typename Ops::Value;
  const V sign = Ops::sign_of(x);
  const auto e = exp_parts<Ops, 2, false>(Ops::at_most(V(10.0F), Ops::without(sign, x)));
  return {sign, Ops::fused(e.scale, e.part, Ops::fused(e.scale, V(0.5F), V(-0.5F)))};
}

template <class Ops>
[[gnu::always_inline]] inline typename Ops::Value sigmoid_of(typename Ops::Value x) noexcept {
  return Ops::divide(typename Ops::Value(1.0F), one_plus_exp_of_minus<Ops>(x));
}

template <class Ops>
[[gnu::always_inline]] inline typename Ops::Value tanh_of(typename Ops::Value x) noexcept {
  const auto p = tanh_parts<Ops>(x);
  return Ops::with(p.sign, Ops::divide(p.t, p.t + typename Ops::Value(1.0F)));
}

// sigmoid(gate) tanh(x), by one division
template <class Ops>
[[gnu::always_inline]] inline typename Ops::Value gated_tanh_of(typename Ops::Value gate,
                                                                typename Ops::Value x) noexcept {
  const auto p = tanh_parts<Ops>(x);
  const auto divisor = one_plus_exp_of_minus<Ops>(gate) * (p.t + typename Ops::Value(1.0F));
  return Ops::with(p.sign, Ops::divide(p.t, divisor));
}

// exp(x) for x in -87 .. 88, clamped outside.
inline float exp_f32(float x) noexcept {
  const float inside = Float::at_least(-87.0F, Float::at_most(88.0F, x));
  const auto e = exp_parts<Float, 1, true>(inside);
  return Float::fused(e.scale, e.part, e.scale);
}
inline float sigmoid_f32(float x) noexcept {
  return sigmoid_of<Float>(x);
}

}  // namespace with_fma or without_fma
}  // namespace rondo::base
