// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Float models agree with the plain implementation in double, in every packing, on every kernel
// set.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include "plain.hpp"
#include "random_model.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

constexpr Kind k_every_kind[] = {Kind::lstm, Kind::gru, Kind::gru_before, Kind::rnn};
constexpr Activation k_every_activation[] = {Activation::none, Activation::tanh,
                                             Activation::sigmoid, Activation::relu};

// A sum of n products of floats, added one after the other, is off by at most n 2^-24 times the sum
// of their magnitudes, and the pointwise functions by about 2^-22. Here n is 258 at most, and terms
// of random sign err far less than that bound: sqrt(n) 2^-24 of a pre-activation of some units,
// 16 * 6e-8 * 3 = 3e-6. Recurrent weights of random_model let an error fade within a few steps.
// Scores grow in sum with their row, hence relative to the greatest of a step.
constexpr double k_bound = 4e-6;

struct Difference {
  double worst = 0;
  int runs = 0;
};

void compare_with_plain(const tool::ImageContent& content, const std::string& text,
                        std::size_t steps, Difference& difference) {
  const Inputs inputs = random_inputs(content, steps, 6);
  const Vectors<double> want = PlainF32(content).run(inputs, 0, steps);
  for (const Packing packing : k_every_packing) {
    for (const Isa isa : available_sets()) {
      const std::string name = text + " on " + name_of(isa);
      INFO(name << ", packing " << static_cast<int>(packing));
      Runner runner(content, packing, isa);
      double worst = 0;
      for (std::size_t s = 0; s < steps; ++s) {
        step(runner.stream, inputs, s);
        const float* const got = runner.stream.scores_f32();
        double size = 1, error = 0;
        for (std::uint32_t i = 0; i < content.outputs; ++i) {
          size = std::max(size, std::abs(want[s][i]));
          const double off = std::abs(got[i] - want[s][i]);
          error = off <= error ? error : off;  // a NaN is taken over
        }
        worst = error / size <= worst ? worst : error / size;
        const auto best = std::max_element(got, got + content.outputs) - got;
        REQUIRE(runner.stream.argmax() == best);
      }
      CHECK(worst < k_bound);
      difference.worst = std::max(difference.worst, worst);
      ++difference.runs;
    }
  }
}

void compare_with_plain(const ModelShape& shape, std::size_t steps, Difference& difference) {
  compare_with_plain(random_model(shape, 3), text_of(shape), steps, difference);
}

}  // namespace

TEST_CASE("a float model agrees with double precision in every packing and kernel set") {
  Difference difference;
  for (const Kind kind : k_every_kind) {
    const LayerShapes plain = {.kinds = {kind}}, initial = {.kinds = {kind}, .initial = true};
    for (const ModelShape& shape :
         std::vector<ModelShape>{{Type::f32, Format::token, 57, {128}, 18, plain},
                                 {Type::f32, Format::token, 28, {33, 7}, 28, initial},
                                 {Type::f32, Format::f32, 3, {20, 33}, 5, initial},
                                 {Type::f32, Format::f32, 1, {1}, 1, plain},
                                 {Type::f32, Format::f32, 258, {16, 17, 68}, 70, plain}}) {
      compare_with_plain(shape, 40, difference);
    }
  }
  const int sets = static_cast<int>(available_sets().size());
  const int packings = static_cast<int>(std::size(k_every_packing));
  MESSAGE(difference.runs << " runs, " << sets << " kernel sets, worst " << difference.worst);
  CHECK(difference.runs == 4 * 5 * packings * sets);
}

TEST_CASE("float RNNs with every activation agree with double precision") {
  Difference difference;
  for (const Activation activation : k_every_activation) {
    const LayerShapes layers = {.kinds = {Kind::rnn}, .activation = activation, .initial = true};
    for (const ModelShape& shape :
         std::vector<ModelShape>{{Type::f32, Format::token, 28, {33, 18}, 6, layers},
                                 {Type::f32, Format::f32, 9, {65, 4}, 6, layers}}) {
      compare_with_plain(shape, 40, difference);
    }
  }
  CHECK(difference.runs > 0);
}

TEST_CASE("kinds of cells may be mixed in one float model") {
  const std::vector<Kind> kinds = {Kind::gru, Kind::lstm, Kind::rnn, Kind::gru_before};
  Difference difference;
  compare_with_plain({Type::f32, Format::token, 28, {9, 18, 27, 36}, 6, {.kinds = kinds}}, 20,
                     difference);
  CHECK(difference.runs > 0);
}

TEST_CASE("a float model may end with a recurrent layer, whose outputs are the scores") {
  Difference difference;
  for (const Kind kind : k_every_kind) {
    tool::ImageContent content =
        random_model({Type::f32, Format::f32, 3, {5, 21}, 2, {.kinds = {kind}}}, 3);
    content.layers.pop_back();
    content.outputs = 21;
    compare_with_plain(content, "no linear layer", 20, difference);
  }
  CHECK(difference.runs > 0);
}

TEST_CASE("the sets with fused multiply-add give the same sums, float for float") {
  // The order of additions is part of the interface of the kernels: what is left to a set are exp
  // and tanh, which a linear network does not have.
  const LayerShapes layers = {.kinds = {Kind::rnn}, .activation = Activation::none};
  const tool::ImageContent content =
      random_model({Type::f32, Format::f32, 37, {65, 20}, 9, layers}, 5);
  const Inputs inputs = random_inputs(content, 30, 4);
  std::vector<Scores> results;
  for (const Packing packing : k_every_packing) {
    for (const Isa isa : available_sets()) {
      if (isa == Isa::scalar) continue;
      Runner runner(content, packing, isa);
      results.push_back(run_with_scores(runner.stream, inputs, 0, 30));
      CHECK(results.back() == results.front());
    }
  }
}
