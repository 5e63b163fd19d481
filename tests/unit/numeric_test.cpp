// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// numeric.hpp against the mathematics it stands for, over all arguments where that is possible.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>

#include <rondo/numeric.hpp>

#include "base/random.hpp"

using namespace rondo;

TEST_CASE("rdmulh32 is the product of two fractions, rounded to the nearest, halves up") {
  tool::Random random(1);
  for (int n = 0; n < 100000; ++n) {
    const auto a = static_cast<std::int32_t>(random.engine()());
    const auto b = static_cast<std::int32_t>(random.below(INT32_MAX)) + 1;
    const long double exact = static_cast<long double>(a) * b / 0x1p31L;  // 64 bits hold it
    CHECK(rdmulh32(a, b) == static_cast<std::int32_t>(std::floor(exact + 0.5L)));
  }
  CHECK(rdmulh32(1 << 30, 1) == 1);  // 0.5 goes up
  CHECK(rdmulh32(-(1 << 30), 1) == 0);
  CHECK(rdmulh32(INT32_MIN, INT32_MAX) == -INT32_MAX);
}

TEST_CASE("rdmulh16 and rshr round to the nearest, halves up") {
  for (int a = -32768; a <= 32767; a += 7) {
    for (int b = -32768; b <= 32767; b += 911) {
      const double exact = static_cast<double>(a) * b / 32768;
      CHECK(rdmulh16(a, b) == static_cast<int>(std::floor(exact + 0.5)));
    }
    for (int n = 1; n < 12; ++n) {
      CHECK(rshr(a, n) == static_cast<int>(std::floor(std::ldexp(a, -n) + 0.5)));
    }
  }
}

TEST_CASE("saturation keeps what fits") {
  CHECK(sat16(32768) == 32767);
  CHECK(sat16(-32768) == -32767);
  CHECK(sat16(-5) == -5);
  CHECK(sat8(128) == 127);
  CHECK(sat8(-129) == -128);
  CHECK(sat32(std::int64_t{1} << 40) == INT32_MAX);
  CHECK(sat32(-(std::int64_t{1} << 40)) == INT32_MIN);
}

TEST_CASE("tanh_q is odd, monotone, and as near to tanh as documented") {
  double worst = 0, worst_tail = 0;
  std::int16_t before = INT16_MIN;
  for (std::int32_t raw = -32767; raw <= 32767; ++raw) {
    const std::int16_t got = tanh_q(raw);
    const double error = std::abs(got - std::tanh(raw / 4096.0) * 32768);
    worst = std::max(worst, error);
    if (std::abs(raw) > 4 * 4096) worst_tail = std::max(worst_tail, error);
    REQUIRE(got == -tanh_q(-raw));
    REQUIRE(got >= before);
    before = got;
  }
  std::printf("tanh_q: %.3f steps of 2^-15 at most, %.3f beyond 4\n", worst, worst_tail);
  CHECK(worst < 3.48);
  CHECK(worst_tail < 0.993);
  CHECK(tanh_q(0) == 0);
}

TEST_CASE("sigmoid_q stays within half of tanh's error and one rounding") {
  double worst = 0;
  for (std::int32_t raw = -32767; raw <= 32767; ++raw) {
    const double truth = 32768 / (1 + std::exp(-raw / 2048.0));
    worst = std::max(worst, std::abs(sigmoid_q(raw) - truth));
    REQUIRE(sigmoid_q(raw) >= 1);
  }
  std::printf("sigmoid_q: %.3f steps of 2^-15 at most\n", worst);
  CHECK(worst < 3.48 / 2 + 0.76);
  CHECK(sigmoid_q(0) == 16384);
}

TEST_CASE("a forget gate keeps its time constant") {
  // 1 / (1 - f) steps; a gate is a multiple of 2^-15, so 1 - f can be off by its error and no more.
  for (const double f : {0.9, 0.99, 0.999, 0.9999}) {
    const double x = std::log(f / (1 - f));
    const std::int16_t gate = sigmoid_gate(static_cast<std::int32_t>(std::lround(x * (1 << 19))));
    const double got = 1 / (1 - gate / 32768.0), want = 1 / (1 - f);
    std::printf("f = %.4f: memory of %.1f steps, %.1f in float (%+.1f %%)\n", f, got, want,
                100 * (got / want - 1));
    CHECK(std::abs(1 / got - 1 / want) < 2.5 / 32768);
  }
}

TEST_CASE("lstm_c follows f c + i g, saturates, and does not stall in slow decay") {
  tool::Random random(2);
  for (int n = 0; n < 100000; ++n) {
    const auto c = static_cast<std::int32_t>(random.engine()());
    const auto i = static_cast<std::int16_t>(1 + random.below(32767));
    const auto f = static_cast<std::int16_t>(1 + random.below(32767));
    const auto g = static_cast<std::int16_t>(static_cast<int>(random.below(65535)) - 32767);
    const double exact = c * (f / 32768.0) + i * static_cast<double>(g) / 256;
    const double limited = std::clamp(exact, -2147483648.0, 2147483647.0);
    CHECK(std::abs(lstm_c(c, i, f, g) - limited) <= 1.0);
  }
  std::int32_t c = 1 << k_cell_bits;
  for (int step = 0; step < 20000; ++step) c = lstm_c(c, 1, 32735, 0);  // f = 0.999
  CHECK(std::abs(c) < 4e-4 * (1 << k_cell_bits));
}

TEST_CASE("tanh of the cell and h at the ends of their ranges") {
  CHECK(lstm_tanh_c(INT32_MAX) == 32767);
  CHECK(lstm_tanh_c(INT32_MIN) == -32767);
  CHECK(lstm_tanh_c(0) == 0);
  CHECK(lstm_h8(32767, 32767) == 127);  // 127.99 would be 128
  CHECK(lstm_h8(32767, -32767) == -128);
  CHECK(lstm_h16(32767, 32767) == 32766);
}
