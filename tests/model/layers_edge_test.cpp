// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// dense and skip at the edges of their numbers: rounding, saturation, no step yet.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "layers_cases.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

// Outputs of a dense layer with no weights, whose pre-activations are these.
std::vector<std::int32_t> dense_of(const std::vector<std::int32_t>& t, Activation f,
                                   Format output) {
  const auto units = static_cast<std::uint32_t>(t.size());
  const std::uint8_t last = mode_of(Pool::last);
  const ChainSpec spec = {"dense",
                          Format::s8,
                          3,
                          {{Kind::dense, output, units, mode_of(f)},
                           {Kind::pool, output, units, last},
                           {Kind::lstm, Format::s16, 4, 0, Format::s8},
                           {Kind::linear, Format::s32, 2}}};
  tool::ImageContent content = random_chain(spec, Type::s8, 2);
  for (auto& w : content.layers[0].w.s8) w = 0;
  content.layers[0].bias_s32 = t;
  std::vector<std::int32_t> y;
  for (const Isa isa : isas()) {
    Rig rig(content, Packing::host, isa);
    rig.stream.step_s16(std::vector<std::int16_t>{1, 2, 3}.data());
    std::vector<std::int32_t> of_isa;
    for (std::size_t k = 0; k < units; ++k) {
      of_isa.push_back(output == Format::s8 ? rig.stream.hidden_s8(1)[k]
                                            : rig.stream.hidden_s16(1)[k]);
    }
    if (y.empty()) y = of_isa;
    CHECK(y == of_isa);
  }
  return y;
}

}  // namespace

TEST_CASE("dense without gates rounds to the nearest step, halves up, and saturates") {
  // load leaves room for rounding up, and for 1 that no weights still count as.
  const std::int32_t most = INT32_MAX - 129;
  const std::vector<std::int32_t> t = {
      -385,        -384, -129, -128, -127, 0, 127, 128, 383, 384, most, -most, 32767 * 256 + 127,
      -32767 * 256};
  CHECK(dense_of(t, Activation::none, Format::s16) ==
        std::vector<std::int32_t>{-2, -1, -1, 0, 0, 0, 0, 1, 1, 2, 32767, -32767, 32767, -32767});
  CHECK(dense_of(t, Activation::relu, Format::s16) ==
        std::vector<std::int32_t>{0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 32767, 0, 32767, 0});
  const std::vector<std::int32_t> small = {
      126 * 256 + 128, 127 * 256 + 128, -128 * 256, -129 * 256, most, -most};
  CHECK(dense_of(small, Activation::none, Format::s8) ==
        std::vector<std::int32_t>{127, 127, -128, -128, 127, -128});
  CHECK(dense_of(small, Activation::relu, Format::s8) ==
        std::vector<std::int32_t>{127, 127, 0, 0, 127, 0});
}

TEST_CASE("dense with tanh and sigmoid stays within four steps of the truth") {
  std::vector<std::int32_t> t;
  for (std::int32_t i = -40; i <= 40; ++i) t.push_back(i * (1 << 17));  // -10 .. 10
  const auto near = [&](const std::vector<std::int32_t>& y, double one, double error, auto f) {
    for (std::size_t k = 0; k < t.size(); ++k) {
      CHECK(std::abs(y[k] - one * f(t[k] / 524288.0)) <= error);
    }
  };
  const auto tanh = [](double x) { return std::tanh(x); };
  const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  near(dense_of(t, Activation::tanh, Format::s16), 32768, 4, tanh);
  near(dense_of(t, Activation::sigmoid, Format::s16), 32768, 4, sigmoid);
  near(dense_of(t, Activation::tanh, Format::s8), 128, 1, tanh);
  near(dense_of(t, Activation::sigmoid, Format::s8), 128, 1, sigmoid);

  const auto units = static_cast<std::uint32_t>(t.size());
  tool::ImageContent content =
      random_chain({"scores",
                    Format::s8,
                    3,
                    {{Kind::lstm, Format::s8, 4, 0, Format::s8},
                     {Kind::dense, Format::s32, units, mode_of(Activation::sigmoid)}}},
                   Type::s8, 3);
  for (auto& w : content.layers[1].w.s8) w = 0;
  content.layers[1].bias_s32 = t;
  Rig rig(content);
  const std::int32_t* const scores = rig.stream.scores_s32();
  near({scores, scores + units}, 65536, 8, sigmoid);
}

TEST_CASE("before any step, and after a reset, a skip gives zeros") {
  Rig skip(random_chain({"skip",
                         Format::s16,
                         3,
                         {{Kind::lstm, Format::s8, 4, 0, Format::s8},
                          {Kind::linear, Format::s32, 2},
                          {Kind::skip, Format::s32, 2, 0, Format::s16}}},
                        Type::s8, 4));
  CHECK(skip.stream.scores_s32()[0] == 0);
  CHECK(skip.stream.hidden_s16(2) == nullptr);  // scores are no activations
  skip.stream.step(0);
  CHECK(skip.stream.scores_s32()[0] != 0);
  skip.stream.reset();
  CHECK(skip.stream.scores_s32()[0] == 0);
}

TEST_CASE("a skip saturates instead of wrapping") {
  tool::ImageContent content = random_chain({"skip",
                                             Format::s16,
                                             4,
                                             {{Kind::lstm, Format::s8, 4, 0, Format::s8},
                                              {Kind::linear, Format::s32, 4},
                                              {Kind::skip, Format::s32, 4, 0, Format::s16}}},
                                            Type::s8, 5);
  tool::ImageLayer &head = content.layers[1], &skip = content.layers[2];
  for (auto& w : head.w.s8) w = 0;
  const std::int32_t most = INT32_MAX - 129;
  head.bias_s32 = {most, -most, most, -most};
  skip.bias_s32 = {INT32_MAX, INT32_MIN, INT32_MIN, INT32_MAX};
  skip.w.scale.assign(4, INT32_MAX);
  skip.w.shift = 14;
  const std::int32_t part = 32767 << 14;  // times 1 - 2^-31: a quarter less, rounded
  Rig rig(content);
  rig.stream.step_s16(std::vector<std::int16_t>{32767, -32767, 32767, -32767}.data());
  const std::int32_t* const y = rig.stream.scores_s32();
  CHECK(std::vector<std::int32_t>(y, y + 4) ==
        std::vector<std::int32_t>{INT32_MAX, INT32_MIN, part - 130, 129 - part});
}
