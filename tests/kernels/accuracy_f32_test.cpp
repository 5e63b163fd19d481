// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// exp, sigmoid and tanh of every float kernel set against libm in double precision, over all kinds
// of floats: the errors that base/float_math.hpp promises, and what becomes of special numbers.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/sets_f32.hpp"

using namespace rondo;
using rondo::test::bits_of;
using rondo::test::float_of;
using rondo::test::SetF32;

namespace {

constexpr float k_infinity = std::numeric_limits<float>::infinity();
constexpr float k_nan = std::numeric_limits<float>::quiet_NaN();
constexpr float k_least = std::numeric_limits<float>::min();

// The vector sets, the scalar one, and the scalar kernels with and without fused multiply-add.
std::vector<SetF32> all_sets() {
  std::vector<SetF32> sets = test::vector_sets_f32();
  sets.push_back({"scalar", &kernel::f32(Isa::scalar), true});
#ifdef __x86_64__
  sets.push_back({"without fma", &kernel::without_fma.table, true});
#endif
  if (test::specification_f32() != nullptr) {
    sets.push_back({"specification", test::specification_f32(), true});
  }
  return sets;
}

float tanh_of(const SetF32& set, float x) {
  alignas(64) float t[4] = {x, x, x, x}, h[4];
  set.table->tanh_f32({t, 4, h});
  return h[0];
}
float sigmoid_of(const SetF32& set, float x) {
  alignas(64) float t[8] = {x, x, x, x, x, x, x, x};
  float h[4] = {1.0F, 1.0F, 1.0F, 1.0F}, z[4], rh[4];
  set.table->gru_reset_f32({t, 4, h, z, rh});
  CHECK(bits_of(z[0]) == bits_of(rh[0]));
  return z[0];
}

double exact_sigmoid(double x) {
  return x < 0.0 ? std::exp(x) / (1.0 + std::exp(x)) : 1.0 / (1.0 + std::exp(-x));
}

// One unit in the last place of the float next to x.
double ulp(double x) {
  return std::ldexp(1.0, std::max(std::ilogb(static_cast<float>(x)), -126) - 23);
}

struct Errors {
  double absolute = 0.0, ulps = 0.0;
  void add(double got, double right, bool relative) {
    // NaN counts as infinite.
    const double off = std::isnan(got) ? HUGE_VAL : std::abs(got - right);
    absolute = std::max(absolute, off);
    if (relative) ulps = std::max(ulps, off / ulp(right));
  }
};

// Calls use(set, x, tanh, sigmoid) with every 3989th float, NaN left out: a million arguments of
// all exponents, and of denormals.
template <class Use>
void sweep(const SetF32& set, Use use) {
  constexpr std::uint32_t step = 3989;
  alignas(64) float t[32];
  const std::vector<float> ones(16, 1.0F);
  float tanh[32], sigmoid[32];
  for (std::uint64_t first = 0; first < (std::uint64_t{1} << 32); first += step * 32) {
    for (std::uint32_t k = 0; k < 32; ++k) {
      t[k] = float_of(static_cast<std::uint32_t>(first + std::uint64_t{step} * k));
    }
    set.table->tanh_f32({t, 32, tanh});
    set.table->gru_reset_f32({t, 16, ones.data(), sigmoid + 16, sigmoid});
    for (std::uint32_t k = 0; k < 32; ++k) {
      if (!std::isnan(t[k])) use(t[k], tanh[k], sigmoid[k]);
    }
  }
}

}  // namespace

TEST_CASE("tanh and sigmoid are as near to the truth as float_math.hpp says") {
  for (const SetF32& set : all_sets()) {
    CAPTURE(set.name);
    Errors tanh, half_tanh, sigmoid;
    sweep(set, [&](float x, float got_tanh, float got_sigmoid) {
      const double right_tanh = std::tanh(double{x}), right_sigmoid = exact_sigmoid(double{x});
      const bool normal = std::abs(right_tanh) >= double{k_least};
      tanh.add(got_tanh, right_tanh, normal || set.keeps_denormals);
      if (std::abs(right_tanh) >= 0.5) half_tanh.add(got_tanh, right_tanh, true);
      // At the edge, 1 / d may be denormal already, and then 0.
      sigmoid.add(got_sigmoid, right_sigmoid, right_sigmoid >= 1.01 * double{k_least});
    });
    MESSAGE(set.name << ": tanh " << tanh.absolute << ", " << tanh.ulps << " ulp, from 1/2 on "
                     << half_tanh.ulps << "; sigmoid " << sigmoid.absolute << ", " << sigmoid.ulps
                     << " ulp");
    CHECK(tanh.absolute <= 9.0e-8);
    CHECK(tanh.ulps <= 2.6);
    CHECK(half_tanh.ulps <= 1.5);
    CHECK(sigmoid.absolute <= 9.0e-8);
    CHECK(sigmoid.ulps <= 2.5);
  }
}

TEST_CASE("tanh is odd and both stay within their range") {
  for (const SetF32& set : all_sets()) {
    CAPTURE(set.name);
    std::size_t outside = 0, uneven = 0;
    sweep(set, [&](float x, float tanh, float sigmoid) {
      if (!(std::abs(tanh) <= 1.0F && sigmoid >= 0.0F && sigmoid <= 1.0F)) ++outside;
      if (std::signbit(tanh) != std::signbit(x)) ++outside;
    });
    for (float x = 1e-6F; x < 12.0F; x *= 1.001F) {
      if (bits_of(tanh_of(set, -x)) != bits_of(-tanh_of(set, x))) ++uneven;
    }
    CHECK(outside == 0);
    CHECK(uneven == 0);
  }
}

TEST_CASE("small tanh is its argument; zeros keep their sign") {
  for (const SetF32& set : all_sets()) {
    CAPTURE(set.name);
    for (const float x : {0.0F, -0.0F, 2.9e-8F, -2.9e-8F, 1e-20F, -1e-30F, 2e-38F}) {
      CAPTURE(x);
      CHECK(bits_of(tanh_of(set, x)) == bits_of(x));
    }
    for (const float x : {1e-45F, -1e-45F, 1e-39F, -1.1e-38F}) {
      CAPTURE(x);
      const float kept = set.keeps_denormals ? x : std::copysign(0.0F, x);
      CHECK(bits_of(tanh_of(set, x)) == bits_of(kept));
    }
    for (const float x : {0.0F, -0.0F, 1e-45F, -1e-39F, 2e-38F}) CHECK(sigmoid_of(set, x) == 0.5F);
  }
}

TEST_CASE("infinities saturate and NaN stays NaN") {
  for (const SetF32& set : all_sets()) {
    CAPTURE(set.name);
    for (const float x : {9.1F, 10.0F, 100.0F, 3.4e38F, k_infinity}) {
      CAPTURE(x);
      CHECK(tanh_of(set, x) == 1.0F);
      CHECK(tanh_of(set, -x) == -1.0F);
      CHECK(sigmoid_of(set, 2.0F * x) == 1.0F);
    }
    for (const float x : {-88.5F, -89.0F, -100.0F, -3.4e38F, -k_infinity}) {
      CHECK(bits_of(sigmoid_of(set, x)) == 0);
    }
    for (const float x : {k_nan, -k_nan, float_of(0x7FFFFFFF), float_of(0xFF800001)}) {
      CHECK(std::isnan(tanh_of(set, x)));
      CHECK(std::isnan(sigmoid_of(set, x)));
    }
  }
}

// A NaN must not be lost in a cell either: every input of it, alone.
TEST_CASE("a NaN in a unit's inputs comes out of that unit and of no other") {
  for (const SetF32& set : all_sets()) {
    CAPTURE(set.name);
    for (std::uint32_t place = 0; place < 5; ++place) {
      CAPTURE(place);
      alignas(64) float t[4 * 12] = {};
      float c[12] = {}, h[12] = {};
      (place < 4 ? t[place * 12 + 5] : c[5]) = k_nan;
      set.table->lstm_f32({t, 12, c, h});
      for (std::uint32_t k = 0; k < 12; ++k) CHECK(std::isnan(h[k]) == (k == 5));
      CHECK(std::isnan(c[5]) == (place != 3));
      CHECK_FALSE(std::isnan(c[4] + c[6]));
    }
    for (std::uint32_t place = 0; place < 7; ++place) {
      CAPTURE(place);
      alignas(64) float t_x[3 * 12] = {}, t_h[3 * 12] = {};
      float h[12] = {};
      (place < 3 ? t_x[place * 12 + 5] : place < 6 ? t_h[(place - 3) * 12 + 5] : h[5]) = k_nan;
      set.table->gru_f32({t_x, t_h, 12, h});
      for (std::uint32_t k = 0; k < 12; ++k) CHECK(std::isnan(h[k]) == (k == 5));
    }
  }
}

TEST_CASE("exp is as near to the truth as float_math.hpp says") {
  std::vector<const kernel::ScalarF32*> kinds;
#ifdef __x86_64__
  kinds.push_back(&kernel::without_fma);
  if (isa_available(Isa::avx2)) kinds.push_back(&kernel::with_fma);
#else
  kinds.push_back(&kernel::of_core);
#endif
  for (const kernel::ScalarF32* const kind : kinds) {
    double relative = 0.0;
    for (std::int32_t i = -870000; i <= 880000; ++i) {
      const float x = static_cast<float>(i) * 1e-4F;
      const double right = std::exp(std::clamp(double{x}, -87.0, 88.0));
      relative = std::max(relative, std::abs(double{kind->exp(x)} - right) / right);
    }
    CHECK(relative <= 1e-7);
    CHECK(kind->exp(0.0F) == 1.0F);
    CHECK(kind->exp(-200.0F) == kind->exp(-87.0F));
    CHECK(kind->exp(-k_infinity) == kind->exp(-87.0F));
    CHECK(kind->exp(200.0F) == kind->exp(88.0F));
    CHECK(std::isnan(kind->exp(k_nan)));
  }
}
