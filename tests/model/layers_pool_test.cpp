// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Pooling at the edges of its numbers: rounding, NaN, no step yet, and restored states that no step
// could have made.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "layers_cases.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

constexpr std::size_t k_blob_header = 16;

// A pool as the first layer: hidden shows its output. Behind it what a model must have.
tool::ImageContent first_pool(Format format, std::uint32_t units, Pool mode) {
  const bool is_float = format == Format::f32;
  const Format h = is_float ? Format::f32 : Format::s8;
  const ChainSpec spec = {"pool",
                          format,
                          units,
                          {{Kind::pool, format, units, mode_of(mode)},
                           {Kind::lstm, h, 4, 0, h},
                           {Kind::linear, is_float ? Format::f32 : Format::s32, 2}}};
  tool::ImageContent content = random_chain(spec, is_float ? Type::f32 : Type::s8, 1);
  for (auto& w : content.layers[1].w.s8) w = 0;  // any number of inputs is allowed then
  return content;
}

// The first bytes of a number in a blob.
template <class T>
void put(std::vector<std::uint8_t>& blob, std::size_t at, T value) {
  std::memcpy(blob.data() + k_blob_header + at, &value, sizeof value);
}

}  // namespace

TEST_CASE("the mean rounds to the nearest, halves up, below zero too") {
  // Each unit is one sequence of three: all of -5 .. 5.
  constexpr std::int32_t values = 11, units = values * values * values;
  const auto value = [](std::int32_t unit, int t) {
    for (int i = 0; i < t; ++i) unit /= values;
    return unit % values - values / 2;
  };
  for (const Format format : {Format::s16, Format::s8}) {
    Rig rig(first_pool(format, units, Pool::mean));
    std::vector<std::int32_t> sum(units);
    for (int t = 0; t < 3; ++t) {
      std::vector<std::int16_t> x;
      for (std::int32_t k = 0; k < units; ++k) {
        x.push_back(static_cast<std::int16_t>(value(k, t)));
        sum[static_cast<std::size_t>(k)] += value(k, t);
      }
      rig.stream.step_s16(x.data());
      for (std::size_t k = 0; k < units; ++k) {
        // (2 sum + n) / 2n rounded down: 100 n more keeps the dividend positive
        const std::int32_t n = t + 1, want = (2 * sum[k] + n + 200 * n) / (2 * n) - 100;
        REQUIRE((format == Format::s16 ? rig.stream.hidden_s16(0)[k]
                                       : rig.stream.hidden_s8(0)[k]) == want);
      }
    }
  }
}

TEST_CASE("a mean of the extremes does not overflow") {
  Rig rig(first_pool(Format::s16, 2, Pool::mean));
  const std::vector<std::int16_t> x = {INT16_MIN, INT16_MAX};
  for (int t = 0; t < 70000; ++t) rig.stream.step_s16(x.data());  // 2^31 lies at 65,538 steps
  CHECK(rig.stream.hidden_s16(0)[0] == -32767);                   // as step_s16 takes them
  CHECK(rig.stream.hidden_s16(0)[1] == 32767);
}

TEST_CASE("the maximum of floats: a NaN wins and stays, of zeros the first") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float inf = std::numeric_limits<float>::infinity();
  const float rows[][5] = {
      {1, nan, -inf, 0.0F, -0.0F}, {nan, 5, -3, -0.0F, 0.0F}, {inf, inf, -4, -0.0F, 0.0F}};
  Rig rig(first_pool(Format::f32, 5, Pool::max));
  for (const auto& row : rows) rig.stream.step_f32(row);
  const float* const y = rig.stream.hidden_f32(0);
  CHECK(std::isnan(y[0]));
  CHECK(std::isnan(y[1]));
  CHECK(y[2] == -3);
  CHECK((y[3] == 0 && !std::signbit(y[3])));
  CHECK((y[4] == 0 && std::signbit(y[4])));
}

TEST_CASE("before any step, and after a reset, a pool holds zeros") {
  for (const Pool mode : {Pool::last, Pool::mean, Pool::max}) {
    Rig ints(first_pool(Format::s16, 3, mode)), floats(first_pool(Format::f32, 3, mode));
    const std::int16_t x[] = {-7, -8, -9};
    const float r[] = {-7, -8, -9};
    for (int round = 0; round < 2; ++round) {
      for (int k = 0; k < 3; ++k) {
        CHECK(ints.stream.hidden_s16(0)[k] == 0);
        CHECK(floats.stream.hidden_f32(0)[k] == 0);
      }
      ints.stream.step_s16(x);
      floats.stream.step_f32(r);
      CHECK(ints.stream.hidden_s16(0)[2] == -9);
      CHECK(floats.stream.hidden_f32(0)[2] == -9);
      CHECK(ints.stream.hidden_s8(0) == nullptr);
      ints.stream.reset();
      floats.stream.reset();
    }
  }
}

TEST_CASE("a restored mean may have any count and any sums") {
  const std::uint64_t most = std::uint64_t{1} << 47;  // steps are counted so far
  struct Case {
    std::uint64_t count;
    std::int64_t sum;
    std::int32_t mean;
  };
  const std::vector<Case> cases = {{0, INT64_MAX, 0},
                                   {1, INT64_MIN, -32768},
                                   {1, INT64_MAX, 32767},
                                   {2, -7, -3},
                                   {most, INT64_MIN, -32768},
                                   {most, -1, 0},
                                   {UINT64_MAX, INT64_MAX, 32767},
                                   {UINT64_MAX, std::int64_t{5} << 47, 5},
                                   {std::uint64_t{1} << 63, INT64_MIN, -32768}};
  const std::int16_t x[] = {-30000};
  for (const Case& of : cases) {
    Rig rig(first_pool(Format::s16, 1, Pool::mean));
    std::vector<std::uint8_t> blob = rig.save();
    put(blob, 0, of.count);
    put(blob, 8, of.sum);
    REQUIRE(rig.stream.restore({blob.data(), blob.size()}) == Status::ok);
    CHECK(rig.stream.hidden_s16(0)[0] == of.mean);
    CHECK(rig.save() == blob);
    rig.stream.step_s16(x);
    rig.stream.step_s16(x);
    const std::vector<std::uint8_t> after = rig.save();
    std::uint64_t count;
    std::memcpy(&count, after.data() + k_blob_header, sizeof count);
    CHECK(count == (of.count < most ? of.count + 2 : most));
    const std::int16_t mean = rig.stream.hidden_s16(0)[0];
    if (of.count == 2) CHECK(mean == -15002);  // -60007 / 4 = -15001.75
  }
}

TEST_CASE("a restored maximum without steps starts with the next one") {
  Rig ints(first_pool(Format::s8, 2, Pool::max)), floats(first_pool(Format::f32, 2, Pool::mean));
  std::vector<std::uint8_t> blob = ints.save();
  put(blob, 0, std::int8_t{100});
  REQUIRE(ints.stream.restore({blob.data(), blob.size()}) == Status::ok);
  const std::int16_t x[] = {-5, 6};
  ints.stream.step_s16(x);
  CHECK(ints.stream.hidden_s8(0)[0] == -5);
  CHECK(ints.stream.hidden_s8(0)[1] == 6);
  blob = ints.save();
  put(blob, 2, UINT64_MAX);
  REQUIRE(ints.stream.restore({blob.data(), blob.size()}) == Status::ok);
  const std::int16_t lower[] = {-6, 7};
  ints.stream.step_s16(lower);
  CHECK(ints.stream.hidden_s8(0)[0] == -5);
  CHECK(ints.stream.hidden_s8(0)[1] == 7);

  blob = floats.save();
  put(blob, 8, std::numeric_limits<float>::quiet_NaN());
  REQUIRE(floats.stream.restore({blob.data(), blob.size()}) == Status::ok);
  CHECK(floats.stream.hidden_f32(0)[0] == 0);  // no step yet
}
