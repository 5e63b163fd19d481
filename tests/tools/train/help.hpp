// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the tests of the trainer share: golden files, comparisons, small random batches.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "formats/safetensors.hpp"
#include "train/trainer.hpp"

namespace rondo::tool {

using Floats = std::vector<float>;
using Sizes = std::vector<std::size_t>;

inline TensorFile golden_file(const std::string& name) {
  return read_safetensors(std::string(RONDO_DATA_DIR "/golden/") + name + ".safetensors");
}

inline const Floats& values_of(const TensorFile& file, const std::string& name) {
  return std::get<Floats>(find_tensor(file, name, "golden").values);
}

// The largest difference; infinite where a value is not a number or the sizes differ.
template <class A, class B>
double error_of(const A& got, const B& expected) {
  constexpr double k_infinity = std::numeric_limits<double>::infinity();
  if (got.size() != expected.size()) return k_infinity;
  double worst = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double off = std::abs(static_cast<double>(got[i]) - static_cast<double>(expected[i]));
    if (!(off < k_infinity)) return k_infinity;
    worst = std::max(worst, off);
  }
  return worst;
}

// The same as a share of the largest expected value.
template <class A, class B>
double relative_error_of(const A& got, const B& expected) {
  double largest = 0;
  for (const auto value : expected)
    largest = std::max(largest, std::abs(static_cast<double>(value)));
  return error_of(got, expected) / largest;
}

// Owns random sequences that fit a shape; targets too.
struct RandomBatch {
  std::vector<std::vector<std::uint32_t>> tokens, targets;
  std::vector<Floats> reals, numbers;
  std::vector<Sequence> sequences;

  RandomBatch(const NetShape& shape, const std::vector<std::size_t>& lengths, std::uint64_t seed) {
    Random random(seed);
    const auto draw = [&](std::size_t count, std::size_t below) {
      std::vector<std::uint32_t> values(count);
      for (auto& value : values) value = static_cast<std::uint32_t>(random.below(below));
      return values;
    };
    for (const std::size_t steps : lengths) {
      const bool real = shape.input == InputKind::reals;
      tokens.push_back(draw(real ? 0 : steps, shape.inputs));
      reals.emplace_back(real ? steps * shape.inputs : 0);
      for (float& value : reals.back()) value = static_cast<float>(random.normal());
      const std::size_t answers = shape.head == Head::last_step ? 1 : steps;
      const bool squared = shape.loss == Loss::squared;
      targets.push_back(draw(squared ? 0 : answers, shape.outputs));
      numbers.emplace_back(squared ? answers * shape.outputs : 0);
      for (float& value : numbers.back()) value = static_cast<float>(random.normal());
    }
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      sequences.push_back({tokens[i], reals[i], targets[i], 0, numbers[i]});
    }
  }
};

inline NetShape token_shape(std::size_t vocabulary, std::size_t hidden, std::size_t outputs,
                            Head head = Head::last_step) {
  NetShape shape;
  shape.inputs = vocabulary;
  shape.hidden = hidden;
  shape.outputs = outputs;
  shape.head = head;
  return shape;
}

inline TrainerOptions options_for(const NetShape& shape,
                                  OptimizerKind optimizer = OptimizerKind::adam,
                                  std::size_t threads = 1) {
  TrainerOptions options;
  options.shape = shape;
  options.optimizer.kind = optimizer;
  options.optimizer.clip = 1;
  options.threads = threads;
  return options;
}

inline Floats parameters_of(Trainer& trainer) {
  return {trainer.parameters().begin(), trainer.parameters().end()};
}

inline const Sizes k_lengths = {7, 3, 12, 5, 7, 1, 9, 4};

}  // namespace rondo::tool
