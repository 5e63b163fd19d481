// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The gradients of whole networks in double precision: against central differences, against the sum
// over single sequences, and with dropout.
#include <doctest/doctest.h>

#include "help.hpp"
#include "train/head.hpp"
#include "train/network.hpp"

namespace rondo::tool {
namespace {

using Doubles = std::vector<double>;

// All numbers of a parameter, in the order in which they stand in the block.
Sizes places_of(const Parameter& p) {
  Sizes places;
  for (std::size_t in = 0; in < p.inputs; ++in) {
    for (std::size_t out = 0; out < p.outputs; ++out) places.push_back(p.place(out, in));
  }
  return places;
}

Doubles random_parameters(const Network& net) {
  Random random(5);
  Doubles block(net.layout.size);
  for (const Parameter& p : parameters_of(net.shape, net.layout)) {
    for (const std::size_t i : places_of(p)) block[i] = random.uniform(-0.7, 0.7);
  }
  return block;
}

struct Result {
  double loss = 0;  // sum over the targets
  Doubles gradients;
};

Result run(const Network& net, const Doubles& parameters, Batch batch,
           const State<double>* state = nullptr, const DropoutKey* dropout = nullptr) {
  require_fit(net.shape, batch, true);
  Pass<double> pass;
  std::vector<std::uint32_t> order;
  Result result;
  result.gradients.resize(net.layout.size);
  sort_by_length(net.shape, batch, order);
  pack(net.shape, batch, order, pass.packed);
  layers_forward(net, parameters.data(), state, dropout, pass);
  logits_forward(net, parameters.data(), pass);
  result.loss = loss_of(net, 1.0, pass);
  logits_backward(net, parameters.data(), result.gradients.data(), pass);
  layers_backward(net, parameters.data(), result.gradients.data(), pass);
  return result;
}

// A step of 1e-5 leaves an error of about 1e-10 of the third derivative and 1e-11 of rounding.
void check_differences(const Network& net, Batch batch, const State<double>* state = nullptr,
                       const DropoutKey* dropout = nullptr) {
  constexpr double k_step = 1e-5;
  Doubles parameters = random_parameters(net);
  const Result result = run(net, parameters, batch, state, dropout);
  double largest = 0;
  for (const Parameter& p : parameters_of(net.shape, net.layout)) {
    CAPTURE(p.name);
    double worst = 0;
    for (const std::size_t i : places_of(p)) {
      const double at = parameters[i];
      parameters[i] = at + k_step;
      const double above = run(net, parameters, batch, state, dropout).loss;
      parameters[i] = at - k_step;
      const double below = run(net, parameters, batch, state, dropout).loss;
      parameters[i] = at;
      const double expected = (above - below) / (2 * k_step);
      const double off = std::abs(result.gradients[i] - expected);
      worst = std::max(worst, off / std::max(std::abs(expected), 1e-3));
      largest = std::max(largest, std::abs(expected));
    }
    CHECK(worst < 1e-6);
  }
  CHECK(largest > 0.1);
}

NetShape two_layers(InputKind input, Head head) {
  NetShape shape = token_shape(6, 5, 3, head);
  shape.input = input;
  shape.layers = 2;
  return shape;
}

NetShape both_ways(CellKind cell, InputKind input, Head head) {
  NetShape shape = two_layers(input, head);
  shape.cell = cell;
  shape.bidirectional = true;
  return shape;
}

TEST_CASE("gradients: central differences, tokens, unequal lengths, loss at the last step") {
  const Network net(two_layers(InputKind::tokens, Head::last_step));
  const RandomBatch batch(net.shape, {3, 6, 1, 6, 4}, 1);
  check_differences(net, batch.sequences);
}

TEST_CASE("gradients: central differences, tokens, loss at every step, state carried in") {
  const Network net(two_layers(InputKind::tokens, Head::every_step));
  const RandomBatch batch(net.shape, {4, 2, 4}, 2);
  State<double> state{Doubles(2 * 3 * 5), Doubles(2 * 3 * 5)};
  Random random(3);
  for (double& h : state.h) h = random.uniform(-0.5, 0.5);
  for (double& c : state.c) c = random.uniform(-1, 1);
  check_differences(net, batch.sequences, &state);
}

TEST_CASE("gradients: central differences, real inputs, one sequence") {
  const Network net(two_layers(InputKind::reals, Head::last_step));
  const RandomBatch batch(net.shape, {5}, 4);
  check_differences(net, batch.sequences);
}

TEST_CASE("gradients: central differences, real inputs, unequal lengths, every step") {
  const Network net(two_layers(InputKind::reals, Head::every_step));
  const RandomBatch batch(net.shape, {2, 5, 3}, 5);
  check_differences(net, batch.sequences);
}

TEST_CASE("gradients: central differences of the squared error, last step and every step") {
  for (const Head head : {Head::last_step, Head::every_step}) {
    NetShape shape = two_layers(InputKind::reals, head);
    shape.loss = Loss::squared;
    const Network net(shape);
    const RandomBatch batch(net.shape, {4, 2, 5}, 7);
    check_differences(net, batch.sequences);
  }
}

TEST_CASE("the squared error is a mean over the outputs and a sum over the rows") {
  const Doubles x = {1, 2, 3, 4}, targets = {1, 4, 0, 4};
  Doubles dx(4);
  CHECK(squared_error<double>(2, x.data(), targets, 0.5, dx.data()) == (4 + 9) / 2.0);
  CHECK(dx == Doubles{0, -1, 1.5, 0});
}

TEST_CASE("gradients: central differences with dropout, whose mask depends on its key alone") {
  NetShape shape = two_layers(InputKind::tokens, Head::last_step);
  shape.dropout = 0.4;
  const Network net(shape);
  const RandomBatch batch(net.shape, {3, 5, 4}, 6);
  const DropoutKey key{1, 2};
  check_differences(net, batch.sequences, nullptr, &key);
  const Doubles parameters = random_parameters(net);
  const DropoutKey next{1, 3};
  const double loss = run(net, parameters, batch.sequences, nullptr, &key).loss;
  CHECK(loss == run(net, parameters, batch.sequences, nullptr, &key).loss);
  CHECK(loss != run(net, parameters, batch.sequences, nullptr, &next).loss);
}

TEST_CASE("gradients: central differences both ways, every cell, unequal lengths, dropout") {
  const DropoutKey key{3, 4};
  for (const CellKind cell : {CellKind::lstm, CellKind::gru, CellKind::rnn}) {
    for (const Head head : {Head::last_step, Head::every_step}) {
      NetShape shape = both_ways(cell, InputKind::tokens, head);
      const RandomBatch tokens(shape, {3, 6, 1, 6, 4}, 11);
      check_differences(Network(shape), tokens.sequences);
      shape.input = InputKind::reals;
      shape.dropout = 0.3;
      const RandomBatch reals(shape, {3, 6, 1, 6, 4}, 12);
      check_differences(Network(shape), reals.sequences, nullptr, &key);
    }
  }
}

NetShape generator_shape() {
  NetShape shape = token_shape(6, 5, 6, Head::every_step);
  shape.cell = CellKind::generator;
  shape.classes = 3;
  return shape;
}

TEST_CASE("gradients: central differences of the classroom RNN, with and without a state") {
  State<double> state{Doubles(5 * 5, 0.3), Doubles(5 * 5)};
  state.h[7] = -0.4;
  for (const InputKind input : {InputKind::tokens, InputKind::reals}) {
    for (const Head head : {Head::last_step, Head::every_step}) {
      NetShape shape = token_shape(6, 5, 3, head);
      shape.cell = CellKind::classroom;
      shape.input = input;
      const Network net(shape);
      const RandomBatch batch(shape, {3, 6, 1, 6, 4}, 13);
      check_differences(net, batch.sequences);
      check_differences(net, batch.sequences, &state);
    }
  }
}

TEST_CASE("gradients: central differences of the generator, with dropout on its scores") {
  NetShape shape = generator_shape();
  const DropoutKey key{5, 6};
  RandomBatch batch(shape, {3, 6, 1, 6, 4}, 14);
  for (std::size_t b = 0; b < 5; ++b) batch.sequences[b].label = static_cast<std::uint32_t>(b % 3);
  check_differences(Network(shape), batch.sequences);
  shape.dropout = 0.4;
  check_differences(Network(shape), batch.sequences, nullptr, &key);
  check_differences(Network(shape), Batch(batch.sequences).first(1), nullptr, &key);
}

// Sums of a few hundred doubles, in another order.
TEST_CASE("gradients: a batch of unequal lengths gives the sum of its sequences") {
  for (const InputKind input : {InputKind::tokens, InputKind::reals}) {
    for (const Head head : {Head::last_step, Head::every_step}) {
      for (const bool bidirectional : {false, true}) {
        NetShape shape = two_layers(input, head);
        shape.bidirectional = bidirectional;
        const Network net(shape);
        const Doubles parameters = random_parameters(net);
        const RandomBatch batch(net.shape, {7, 1, 12, 7, 3, 20, 2, 1, 9}, 7);
        const Result whole = run(net, parameters, batch.sequences);
        Result sum;
        sum.gradients.resize(net.layout.size);
        for (const Sequence& sequence : batch.sequences) {
          const Result one = run(net, parameters, Batch(&sequence, 1));
          sum.loss += one.loss;
          for (std::size_t i = 0; i < net.layout.size; ++i) sum.gradients[i] += one.gradients[i];
        }
        CHECK(whole.loss == doctest::Approx(sum.loss).epsilon(1e-13));
        CHECK(relative_error_of(whole.gradients, sum.gradients) < 1e-12);
      }
    }
  }
}

TEST_CASE("gradients: a token outside the vocabulary is the zero input") {
  const Network net(two_layers(InputKind::tokens, Head::last_step));
  NetShape wider = net.shape;
  wider.inputs += 1;
  const Network with_zero_row(wider);
  const Doubles parameters = random_parameters(net);
  Doubles padded(with_zero_row.layout.size);
  const auto to = parameters_of(wider, with_zero_row.layout);
  const auto from = parameters_of(net.shape, net.layout);
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::copy_n(parameters.begin() + static_cast<std::ptrdiff_t>(from[i].offset),
                from[i].outputs * from[i].inputs,
                padded.begin() + static_cast<std::ptrdiff_t>(to[i].offset));
  }
  const std::vector<std::uint32_t> tokens = {1, 6, 3};
  const std::vector<std::uint32_t> target = {2};
  const Sequence sequence{tokens, {}, target};
  const Result outside = run(net, parameters, Batch(&sequence, 1));
  const Result zero_row = run(with_zero_row, padded, Batch(&sequence, 1));
  CHECK(outside.loss == zero_row.loss);
  for (std::size_t i = 0; i < from.size(); ++i) {
    for (std::size_t j = 0; j < from[i].outputs * from[i].inputs; ++j) {
      CHECK(outside.gradients[from[i].offset + j] == zero_row.gradients[to[i].offset + j]);
    }
  }
}

TEST_CASE("dropout: a generator's scores are dropped in their share and grow by the rest") {
  NetShape shape = generator_shape();
  shape.dropout = 0.1;
  const Network net(shape);
  const Doubles parameters = random_parameters(net);
  const RandomBatch batch(shape, {400, 400}, 15);
  Pass<double> pass;
  const std::vector<std::uint32_t> order = {0, 1};
  pack(shape, batch.sequences, order, pass.packed);
  layers_forward<double>(net, parameters.data(), nullptr, nullptr, pass);
  logits_forward(net, parameters.data(), pass);
  const std::size_t numbers = pass.packed.rows() * shape.outputs;
  const Doubles plain(pass.logits.data(), pass.logits.data() + numbers);
  std::size_t dropped = 0;
  for (std::uint64_t update = 0; update < 20; ++update) {
    const DropoutKey key{9, update};
    layers_forward<double>(net, parameters.data(), nullptr, &key, pass);
    logits_forward(net, parameters.data(), pass);
    for (std::size_t i = 0; i < numbers; ++i) {
      if (pass.logits.data()[i] == 0) {
        ++dropped;
      } else {
        CHECK(pass.logits.data()[i] == doctest::Approx(plain[i] / 0.9));
      }
    }
  }
  // 96,000 draws: the standard error of the share is sqrt(0.1 * 0.9 / 96,000) = 0.001.
  CHECK(std::abs(static_cast<double>(dropped) / static_cast<double>(20 * numbers) - 0.1) < 0.005);
}

TEST_CASE("dropout: drops its share, keeps the expectation, and nothing without a key") {
  NetShape shape = token_shape(4, 50, 2, Head::every_step);
  shape.dropout = 0.3;
  const Network net(shape);
  const Doubles parameters = random_parameters(net);
  const RandomBatch batch(shape, {40, 40}, 8);
  Pass<double> pass;
  std::vector<std::uint32_t> order = {0, 1};
  pack(shape, batch.sequences, order, pass.packed);
  layers_forward<double>(net, parameters.data(), nullptr, nullptr, pass);
  const std::size_t numbers = pass.packed.rows() * shape.hidden;
  const Doubles plain(pass.outputs[0], pass.outputs[0] + numbers);

  constexpr std::uint64_t k_keys = 200;
  Doubles mean(numbers);
  std::size_t dropped = 0;
  for (std::uint64_t update = 0; update < k_keys; ++update) {
    const DropoutKey key{9, update};
    layers_forward<double>(net, parameters.data(), nullptr, &key, pass);
    for (std::size_t i = 0; i < numbers; ++i) {
      const double value = pass.outputs[0][i];
      if (value == 0) {
        ++dropped;
      } else {
        CHECK(value == doctest::Approx(plain[i] / 0.7));
      }
      mean[i] += value / static_cast<double>(k_keys);
    }
  }
  // 800,000 draws: the standard error of the share is 0.0005; of a unit's mean over 200 keys it is
  // sqrt(0.3 / 0.7 / 200) = 0.046 of its value, and the worst of 4,000 units is within 5 of those.
  const double share = static_cast<double>(dropped) / static_cast<double>(numbers * k_keys);
  CHECK(share == doctest::Approx(0.3).epsilon(0.0025 / 0.3));
  std::size_t far = 0;
  for (std::size_t i = 0; i < numbers; ++i) {
    if (std::abs(mean[i] - plain[i]) > 5 * 0.0463 * std::abs(plain[i])) ++far;
  }
  CHECK(far == 0);
}

}  // namespace
}  // namespace rondo::tool
