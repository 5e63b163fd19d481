// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A second, plain implementation of the models: whole matrices, one unit after the other, one layer
// after the other; no blocks, packing, arena, kernels. PlainS8 follows numeric.hpp in integers,
// PlainF32 works in double, with no rounding to speak of.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "formats/image.hpp"
#include "inputs.hpp"

namespace rondo::test {

template <class T>
using Vectors = std::vector<std::vector<T>>;  // (steps, width)

// T: int32_t or double.
template <class T>
class PlainModel {
 public:
  // `content` must outlive the model.
  explicit PlainModel(const tool::ImageContent& content) : content_(content) { reset(); }

  void reset() {
    states_.clear();
    outputs_.assign(content_.layers.size(), {});
    for (const tool::ImageLayer& layer : content_.layers) states_.push_back(start(layer));
  }

  // Scores after each of the steps first .. first + steps - 1. A bidirectional model starts anew.
  Vectors<T> run(const Inputs& inputs, std::size_t first, std::size_t steps) {
    if (content_.max_steps != 0) {
      reset();
      steps = std::min<std::size_t>(steps, content_.max_steps);
    }
    Vectors<T> x(steps);
    for (std::size_t s = 0; s < steps; ++s) x[s] = vector_of(inputs, first + s);
    for (std::size_t l = 0; l < content_.layers.size(); ++l) {
      Vectors<T> y = through(l, x);
      if (content_.layers[l].direction == Direction::forward) {
        const Vectors<T> back = through(++l, x);
        for (std::size_t s = 0; s < steps; ++s) {
          y[s].insert(y[s].end(), back[s].begin(), back[s].end());
        }
      }
      x = std::move(y);
    }
    return x;
  }

  // The outputs of a layer after the step that it took last.
  const std::vector<T>& outputs(std::size_t layer) const { return outputs_[layer]; }

 private:
  struct State {
    std::vector<T> main;  // c of an LSTM, h of a GRU
    std::vector<T> h;     // what U reads
  };
  static State start(const tool::ImageLayer& layer);
  // The outputs of one layer after one step.
  static std::vector<T> step(const tool::ImageLayer& layer, State& state, const std::vector<T>& x);

  static std::vector<T> vector_of(const Inputs& inputs, std::size_t at) {
    const auto slice = [&](const auto& values) {
      const auto from = values.begin() + static_cast<std::ptrdiff_t>(at * inputs.width);
      return std::vector<T>(from, from + inputs.width);
    };
    if (inputs.format == Format::token) return {static_cast<T>(inputs.tokens[at])};
    return inputs.format == Format::f32 ? slice(inputs.f32) : slice(inputs.s16);
  }

  Vectors<T> through(std::size_t l, const Vectors<T>& x) {
    const tool::ImageLayer& layer = content_.layers[l];
    Vectors<T> y(x.size());
    for (std::size_t n = 0; n < x.size(); ++n) {
      const std::size_t s = layer.direction == Direction::backward ? x.size() - 1 - n : n;
      y[s] = outputs_[l] = step(layer, states_[l], x[s]);
    }
    return y;
  }

  const tool::ImageContent& content_;
  std::vector<State> states_;
  std::vector<std::vector<T>> outputs_;
};

using PlainS8 = PlainModel<std::int32_t>;
using PlainF32 = PlainModel<double>;

// In plain_s8.cpp and plain_f32.cpp.
template <>
PlainS8::State PlainS8::start(const tool::ImageLayer& layer);
template <>
std::vector<std::int32_t> PlainS8::step(const tool::ImageLayer& layer, State& state,
                                        const std::vector<std::int32_t>& x);
template <>
PlainF32::State PlainF32::start(const tool::ImageLayer& layer);
template <>
std::vector<double> PlainF32::step(const tool::ImageLayer& layer, State& state,
                                   const std::vector<double>& x);

}  // namespace rondo::test
