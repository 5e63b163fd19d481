// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Sequences of inputs for any model, and the calls of Stream that take them: so a test says `step`
// and `run` for tokens, floats and integers alike.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include <rondo/rondo.hpp>

#include "base/random.hpp"
#include "formats/image.hpp"

namespace rondo::test {

struct Inputs {
  Format format;
  std::uint32_t width;
  std::size_t steps;
  std::vector<std::uint32_t> tokens;  // (steps)
  std::vector<float> f32;             // (steps, width)
  std::vector<std::int16_t> s16;      // (steps, width): s16 and s8
};

// Tokens are out of the vocabulary now and then, integers at the ends of their range.
inline Inputs random_inputs(const tool::ImageContent& content, std::size_t steps,
                            std::uint64_t seed) {
  tool::Random random(seed);
  Inputs inputs = {content.input, content.inputs, steps, {}, {}, {}};
  const std::size_t count = steps * content.inputs;
  const double most = content.input == Format::s16 ? 32767 : 127;
  switch (content.input) {
    case Format::token:
      for (std::size_t i = 0; i < steps; ++i) {
        const auto token = static_cast<std::uint32_t>(random.below(content.inputs + 1));
        inputs.tokens.push_back(random.below(20) == 0 ? UINT32_MAX - token : token);
      }
      break;
    case Format::f32:
      for (std::size_t i = 0; i < count; ++i) {
        inputs.f32.push_back(static_cast<float>(random.normal()));
      }
      break;
    default:
      for (std::size_t i = 0; i < count; ++i) {
        const double sign = random.below(2) == 0 ? 1 : -1;
        const double size = random.below(20) == 0 ? most : random.uniform(0, most + 1);
        inputs.s16.push_back(static_cast<std::int16_t>(sign * size));
      }
      break;
  }
  return inputs;
}

inline void step(Stream& stream, const Inputs& inputs, std::size_t at) {
  switch (inputs.format) {
    case Format::token:
      stream.step(inputs.tokens[at]);
      break;
    case Format::f32:
      stream.step_f32(&inputs.f32[at * inputs.width]);
      break;
    default:
      stream.step_s16(&inputs.s16[at * inputs.width]);
      break;
  }
}

// Scores as bits, so that two of either type are compared exactly.
using Scores = std::vector<std::uint32_t>;  // (steps, outputs)

inline Scores scores_of(Stream& stream) {
  const std::uint32_t count = stream.model().outputs();
  Scores bits(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    bits[i] = stream.model().type() == Type::f32
                  ? std::bit_cast<std::uint32_t>(stream.scores_f32()[i])
                  : std::bit_cast<std::uint32_t>(stream.scores_s32()[i]);
  }
  return bits;
}

// Steps first .. first + steps - 1 without scores.
inline void run(Stream& stream, const Inputs& inputs, std::size_t first, std::size_t steps) {
  switch (inputs.format) {
    case Format::token:
      stream.run(inputs.tokens.data() + first, steps);
      break;
    case Format::f32:
      stream.run_f32(inputs.f32.data() + first * inputs.width, steps);
      break;
    default:
      stream.run_s16(inputs.s16.data() + first * inputs.width, steps);
      break;
  }
}

// The same with the scores after each step; those of steps that were not taken are `untouched`.
constexpr std::uint32_t k_untouched = 0xA5A5A5A5;

template <class Score>
std::vector<Score> run_for(Stream& stream, const Inputs& inputs, std::size_t first,
                           std::size_t steps) {
  std::vector<Score> scores(steps * stream.model().outputs(), std::bit_cast<Score>(k_untouched));
  if (inputs.format == Format::token) {
    stream.run(inputs.tokens.data() + first, steps, scores.data());
  } else if constexpr (std::is_same_v<Score, float>) {
    stream.run_f32(inputs.f32.data() + first * inputs.width, steps, scores.data());
  } else {
    stream.run_s16(inputs.s16.data() + first * inputs.width, steps, scores.data());
  }
  return scores;
}

inline Scores run_with_scores(Stream& stream, const Inputs& inputs, std::size_t first,
                              std::size_t steps) {
  Scores bits;
  if (stream.model().type() == Type::f32) {
    for (const float score : run_for<float>(stream, inputs, first, steps)) {
      bits.push_back(std::bit_cast<std::uint32_t>(score));
    }
  } else {
    for (const std::int32_t score : run_for<std::int32_t>(stream, inputs, first, steps)) {
      bits.push_back(std::bit_cast<std::uint32_t>(score));
    }
  }
  return bits;
}

}  // namespace rondo::test
