// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "layers_cases.hpp"

#include <cmath>

#include "base/random.hpp"

namespace rondo::test {

const std::vector<ChainSpec>& every_chain() {
  // Unit counts around the blocks of 32 and 64 rows.
  static const std::vector<ChainSpec> chains = {
      {"lstm, dense relu, linear",
       k_token,
       11,
       {lstm(k_s8, 9), dense(k_s16, 70, Activation::relu), linear(7)}},
      {"embedding, gru, linear",
       k_token,
       23,
       {dense(k_s8, 33, Activation::none), gru(k_s16, 10), linear(5)}},
      {"dense tanh, lstm, dense sigmoid",
       k_s16,
       9,
       {dense(k_s16, 65, Activation::tanh), lstm(k_s16, 7, k_s16),
        dense(k_s32, 66, Activation::sigmoid)}},
      {"lstm, mean, linear", k_s16, 3, {lstm(k_s16, 13), pool(k_s16, 13, Pool::mean), linear(4)}},
      {"gru, maximum, dense tanh, linear",
       k_s8,
       5,
       {gru(k_s8, 17), pool(k_s8, 17, Pool::max), dense(k_s8, 34, Activation::tanh), linear(3)}},
      {"lstm, last, dense none",
       k_s16,
       3,
       {lstm(k_s16, 8), pool(k_s16, 8, Pool::last), dense(k_s32, 5, Activation::none)}},
      {"lstm, linear, skip", k_s16, 9, {lstm(k_s16, 6), linear(7), skip(7, k_s16)}},
      {"dense relu, lstm, dense sigmoid, dense tanh, skip",
       k_s8,
       6,
       {dense(k_s8, 12, Activation::relu), lstm(k_s8, 10), dense(k_s8, 36, Activation::sigmoid),
        dense(k_s32, 6, Activation::tanh), skip(6, k_s8)}},
      {"mean, lstm, dense relu",
       k_s16,
       6,
       {pool(k_s16, 6, Pool::mean), lstm(k_s16, 5), dense(k_s32, 33, Activation::relu)}},
      {"embedding sigmoid, maximum, rnn, mean, linear",
       k_token,
       8,
       {dense(k_s16, 31, Activation::sigmoid),
        pool(k_s16, 31, Pool::max),
        {Kind::rnn, k_s8, 14, mode_of(Activation::tanh), k_s16},
        pool(k_s8, 14, Pool::mean),
        linear(6)}}};
  return chains;
}

ChainSpec in_float(ChainSpec spec) {
  if (spec.input != k_token) spec.input = Format::f32;
  for (LayerSpec& layer : spec.layers) {
    layer.output = Format::f32;
    if (layer.recurrent != k_token) layer.recurrent = Format::f32;
  }
  return spec;
}

Steps<std::int32_t> random_steps(const ChainSpec& spec, std::uint64_t seed) {
  tool::Random random(seed);
  Steps<std::int32_t> steps;
  for (std::uint32_t t = 0; t < k_steps; ++t) {
    if (spec.input == k_token) {  // now and then one out of the vocabulary
      steps.tokens.push_back(static_cast<std::uint32_t>(random.below(spec.inputs + 1)));
      continue;
    }
    const double most = spec.input == k_s16 ? 32767 : 127;
    std::vector<std::int32_t> x(spec.inputs);
    for (auto& v : x) v = static_cast<std::int32_t>(std::floor(random.uniform(-most, most + 1)));
    steps.x.push_back(x);
  }
  return steps;
}

Steps<double> random_floats(const ChainSpec& spec, std::uint64_t seed) {
  if (spec.input == k_token) return {random_steps(spec, seed).tokens, {}};
  tool::Random random(seed);
  Steps<double> steps;
  for (std::uint32_t t = 0; t < k_steps; ++t) {
    std::vector<double> x(spec.inputs);
    for (double& v : x) v = static_cast<float>(random.normal());
    steps.x.push_back(x);
  }
  return steps;
}

}  // namespace rondo::test
