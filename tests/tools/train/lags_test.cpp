// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Gradients against lag: as central differences with a state moved by hand, as the product that one
// unit is, and as means over sequences of different lengths.
#include "train/lags.hpp"

#include <numeric>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "help.hpp"

namespace rondo::tool {
namespace {

using Doubles = std::vector<double>;

Network net_of(CellKind cell, std::size_t hidden) {
  NetShape shape = token_shape(6, hidden, 4);
  shape.cell = cell;
  return Network(shape);
}

Doubles random_parameters(const Network& net) {
  Random random(5);
  Doubles block(net.layout.size);
  for (double& p : block) p = random.uniform(-0.9, 0.9);
  return block;
}

// The loss of one sequence from `state` on; the state after it replaces that.
double run(const Network& net, const Doubles& parameters, const Sequence& sequence,
           State<double>& state) {
  Pass<double> pass;
  const std::vector<std::uint32_t> order = {0};
  pack(net.shape, Batch(&sequence, 1), order, pass.packed);
  layers_forward(net, parameters.data(), &state, nullptr, pass);
  keep_state(net, pass, 1, state);
  logits_forward(net, parameters.data(), pass);
  return loss_of(net, 1.0, pass);
}

// The loss of h_T itself, for lag 0.
double loss_of_h(const Network& net, const Doubles& parameters, const Doubles& h,
                 std::uint32_t target) {
  const NetShape& shape = net.shape;
  Doubles logits(shape.outputs);
  double sum = 0;
  for (std::size_t o = 0; o < shape.outputs; ++o) {
    logits[o] = parameters[net.layout.head_b + o];
    for (std::size_t j = 0; j < shape.hidden; ++j) {
      logits[o] += h[j] * parameters[net.layout.head_w + j * shape.outputs + o];
    }
    sum += std::exp(logits[o]);
  }
  return std::log(sum) - logits[target];
}

// By central differences: moves h_(T-k), leaves c_(T-k), and runs the last k steps again.
double norm_by_differences(const Network& net, const Doubles& parameters, const Sequence& sequence,
                           std::size_t lag) {
  constexpr double k_step = 1e-5;
  const std::size_t hidden = net.shape.hidden;
  const std::size_t before = sequence.tokens.size() - lag;
  State<double> start{Doubles(hidden), Doubles(hidden)};
  if (before > 0) {
    run(net, parameters, {sequence.tokens.first(before), {}, sequence.targets}, start);
  }
  const auto loss = [&](std::size_t unit, double step) {
    State<double> state = start;
    state.h[unit] += step;
    if (lag == 0) return loss_of_h(net, parameters, state.h, sequence.targets[0]);
    return run(net, parameters, {sequence.tokens.last(lag), {}, sequence.targets}, state);
  };
  double squares = 0;
  for (std::size_t unit = 0; unit < hidden; ++unit) {
    const double slope = (loss(unit, k_step) - loss(unit, -k_step)) / (2 * k_step);
    squares += slope * slope;
  }
  return std::sqrt(squares);
}

// The step of 1e-5 leaves an error of some 1e-10, and the slopes here are above 1e-4.
TEST_CASE("lags: central differences of every state, every cell, from lag 0 to T") {
  for (const CellKind cell : {CellKind::rnn, CellKind::relu, CellKind::lstm, CellKind::gru}) {
    const Network net = net_of(cell, 5);
    Doubles parameters = random_parameters(net);
    if (cell == CellKind::relu) {  // positive, so that units live, and small, so that h stays small
      for (double& p : parameters) p = 0.4 * std::abs(p);
    }
    const RandomBatch batch(net.shape, {7}, 3);
    const Lags lags = lags_of(net, parameters.data(), batch.sequences, 100);
    REQUIRE(lags.norms.size() == 8);
    for (std::size_t k = 0; k <= 7; ++k) {
      CAPTURE(static_cast<int>(cell));
      CAPTURE(k);
      const double expected = norm_by_differences(net, parameters, batch.sequences[0], k);
      CHECK(expected > 1e-4);
      CHECK(lags.norms[k] == doctest::Approx(expected).epsilon(1e-5).scale(0));
    }
  }
}

// d loss / d h_T = sum over o of (p_o - [o = target]) v_o, and each step back is u (1 - h^2).
TEST_CASE("lags: of an RNN of one unit they are a product") {
  const Network net = net_of(CellKind::rnn, 1);
  const Layout& layout = net.layout;
  const Doubles p = random_parameters(net);
  const RandomBatch batch(net.shape, {60}, 4);
  const Sequence& sequence = batch.sequences[0];
  Doubles h = {0};
  for (const std::uint32_t token : sequence.tokens) {
    const double bias = p[layout.cells[0].b_ih] + p[layout.cells[0].b_hh];
    h.push_back(std::tanh(p[layout.cells[0].w + token] + bias + p[layout.cells[0].u] * h.back()));
  }
  Doubles scores(4);
  for (std::size_t o = 0; o < 4; ++o) {
    scores[o] = std::exp(p[layout.head_b + o] + p[layout.head_w + o] * h.back());
  }
  const double sum = std::accumulate(scores.begin(), scores.end(), 0.0);
  double slope = 0;
  for (std::size_t o = 0; o < 4; ++o) {
    slope += (scores[o] / sum - (o == sequence.targets[0] ? 1 : 0)) * p[layout.head_w + o];
  }
  const Lags lags = lags_of(net, p.data(), batch.sequences, 60);
  REQUIRE(lags.norms.size() == 61);
  for (std::size_t k = 0; k <= 60; ++k) {
    CAPTURE(k);
    // 60 products in another order, and tanh of the kernels within a few units of the last place.
    CHECK(lags.norms[k] == doctest::Approx(std::abs(slope)).epsilon(1e-11).scale(0));
    slope *= p[layout.cells[0].u] * (1 - h[60 - k] * h[60 - k]);
  }
  CHECK(lags.loss == doctest::Approx(-std::log(scores[sequence.targets[0]] / sum)));
}

// More sequences than one pass takes: 40 of 1,000 steps are five passes.
TEST_CASE("lags: a mean over the sequences that are long enough, however they are grouped") {
  const Network net = net_of(CellKind::lstm, 3);
  const Doubles parameters = random_parameters(net);
  std::vector<std::size_t> lengths = {1, 4, 2, 4, 9};
  lengths.insert(lengths.end(), 40, 1000);
  const RandomBatch batch(net.shape, lengths, 6);
  const Lags lags = lags_of(net, parameters.data(), batch.sequences, 10);
  REQUIRE(lags.norms.size() == 11);
  Doubles sums(11);
  Sizes counts(11);
  double loss = 0;
  for (const Sequence& sequence : batch.sequences) {
    const Lags one = lags_of(net, parameters.data(), Batch(&sequence, 1), 10);
    loss += one.loss / static_cast<double>(lengths.size());
    for (std::size_t k = 0; k < one.norms.size(); ++k) {
      CHECK(one.sequences[k] == 1);
      sums[k] += one.norms[k];
      ++counts[k];
    }
  }
  CHECK(counts == Sizes{45, 45, 44, 43, 43, 41, 41, 41, 41, 41, 40});
  CHECK(lags.sequences == counts);
  for (std::size_t k = 0; k <= 10; ++k) {
    CHECK(lags.norms[k] ==
          doctest::Approx(sums[k] / static_cast<double>(counts[k])).epsilon(1e-12).scale(0));
  }
  CHECK(lags.loss == doctest::Approx(loss).epsilon(1e-12));
}

TEST_CASE("lags: networks whose states are not one row a step are refused") {
  const auto refuses = [](const NetShape& shape) {
    const Network net(shape);
    const Doubles parameters(net.layout.size);
    const RandomBatch batch(shape, {3}, 7);
    CHECK_THROWS_WITH_AS(lags_of(net, parameters.data(), batch.sequences, 5),
                         doctest::Contains("one layer"), Error);
  };
  NetShape shape = token_shape(6, 5, 4);
  shape.layers = 2;
  refuses(shape);
  shape.layers = 1;
  shape.bidirectional = true;
  refuses(shape);
  shape.bidirectional = false;
  shape.cell = CellKind::classroom;
  refuses(shape);
  refuses(token_shape(6, 5, 4, Head::every_step));
}

}  // namespace
}  // namespace rondo::tool
