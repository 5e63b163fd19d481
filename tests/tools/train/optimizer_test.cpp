// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Optimizers, clipping, schedules and first values against numbers worked out by hand.
#include "train/optimizer.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "help.hpp"
#include "train/initialize.hpp"
#include "train/named_tensors.hpp"
#include "train/schedule.hpp"

namespace rondo::tool {
namespace {

doctest::Approx near(double value) {
  return doctest::Approx(value).epsilon(1e-6);
}

TEST_CASE("clipping: as clip_grad_norm_, and off at 0") {
  CHECK(clip_scale(4.0, 1.0) == near(1.0 / (4.0 + 1e-6)));
  CHECK(clip_scale(0.5, 1.0) == 1.0);
  CHECK(clip_scale(0.0, 1.0) == 1.0);
  CHECK(clip_scale(1.0, 1.0) < 1.0);
  CHECK(clip_scale(1e9, 0.0) == 1.0);
}

// The first matrix value and the first bias of a block in which all else stays zero.
struct TwoValues {
  Layout layout{token_shape(2, 3, 2)};
  Floats parameters = Floats(layout.size);
  Floats gradients = Floats(layout.size);
  float& matrix = parameters[layout.cells[0].w];
  float& bias = parameters[layout.head_b];

  TwoValues() {
    matrix = bias = 2.0F;
    gradients[layout.cells[0].w] = gradients[layout.head_b] = 0.5F;
  }
  void update(Optimizer& optimizer) {
    optimizer.update(0, layout.size / 2, gradients.data(), parameters.data());
    optimizer.update(layout.size / 2, layout.size, gradients.data(), parameters.data());
  }
};

TEST_CASE("sgd: rate times clipped gradient, and decay on matrices only") {
  TwoValues values;
  Optimizer optimizer({OptimizerKind::sgd, 0.01, 0}, values.layout);
  optimizer.begin(0.1, 0.5);
  values.update(optimizer);
  CHECK(values.matrix == near(2.0 * (1 - 0.1 * 0.01) - 0.1 * 0.5 * 0.5));
  CHECK(values.bias == near(2.0 - 0.1 * 0.5 * 0.5));
  CHECK(optimizer.updates() == 1);
}

TEST_CASE("adam: two updates with bias correction, and decoupled decay on matrices only") {
  TwoValues values;
  Optimizer optimizer({OptimizerKind::adam, 0.01, 0}, values.layout);
  optimizer.begin(0.1, 1.0);
  values.update(optimizer);
  // After one update mean / correction = g and square / correction = g^2: a step of the rate.
  CHECK(values.bias == near(2.0 - 0.1));
  CHECK(values.matrix == near(2.0 * (1 - 0.001) - 0.1));
  values.gradients[values.layout.head_b] = -1.0F;
  optimizer.begin(0.1, 1.0);
  values.update(optimizer);
  const double mean = (0.9 * 0.1 * 0.5 - 0.1) / (1 - 0.81);
  const double square = (0.999 * 0.001 * 0.25 + 0.001) / (1 - 0.998001);
  CHECK(values.bias == near(1.9 - 0.1 * mean / (std::sqrt(square) + 1e-8)));
}

TEST_CASE("schedules: constant, step and cosine") {
  CHECK(scheduled_rate(Schedule::constant, 0.3, 7, 9) == 0.3);
  CHECK(scheduled_rate(Schedule::step, 1, 0, 9) == near(1));
  CHECK(scheduled_rate(Schedule::step, 1, 2, 9) == near(1));
  CHECK(scheduled_rate(Schedule::step, 1, 3, 9) == near(0.1));
  CHECK(scheduled_rate(Schedule::step, 1, 8, 9) == near(0.01));
  CHECK(scheduled_rate(Schedule::cosine, 2, 0, 8) == near(2));
  CHECK(scheduled_rate(Schedule::cosine, 2, 4, 8) == near(1));
  CHECK(scheduled_rate(Schedule::cosine, 2, 2, 8) == near(1 + std::sqrt(0.5)));
}

// OneCycleLR(max_lr=1, total_steps=100): 0.04 at 0, 1 at 0.3 * 100 - 1 = 29, 4e-6 at 99; halfway up
// at 14.5, halfway down at 64.
TEST_CASE("schedules: one cycle as PyTorch has it") {
  CHECK(scheduled_rate(Schedule::one_cycle, 1, 0, 100) == near(0.04));
  CHECK(scheduled_rate(Schedule::one_cycle, 1, 29, 100) == near(1));
  CHECK(scheduled_rate(Schedule::one_cycle, 1, 64, 100) == near((1 + 4e-6) / 2));
  CHECK(scheduled_rate(Schedule::one_cycle, 1, 99, 100) == near(4e-6));
  const double at_10 = 1 + (0.04 - 1) / 2 * (1 + std::cos(3.14159265358979 * 10 / 29));
  CHECK(scheduled_rate(Schedule::one_cycle, 1, 10, 100) == near(at_10));
  for (std::uint64_t total = 1; total < 5; ++total) {
    for (std::uint64_t step = 0; step < total; ++step) {
      const double rate = scheduled_rate(Schedule::one_cycle, 1, step, total);
      CHECK(rate >= 3.9e-6);
      CHECK(rate <= 1);
    }
  }
}

struct Spread {
  double low = 1e9, high = -1e9, mean = 0, deviation = 0;
};

Spread spread_of(const Floats& block, const Parameter& p) {
  Spread spread;
  const std::size_t count = p.outputs * p.inputs;
  double squares = 0;
  for (std::size_t i = p.offset; i < p.offset + count; ++i) {
    const auto value = static_cast<double>(block[i]);
    spread.low = std::min(spread.low, value);
    spread.high = std::max(spread.high, value);
    spread.mean += value / static_cast<double>(count);
    squares += value * value / static_cast<double>(count);
  }
  spread.deviation = std::sqrt(squares);
  return spread;
}

TEST_CASE("first values: every way keeps its range, fills it, and leaves biases as it says") {
  const Network net(token_shape(57, 128, 18));
  for (const Initialization how : {Initialization::uniform, Initialization::normal,
                                   Initialization::xavier, Initialization::kaiming}) {
    CAPTURE(static_cast<int>(how));
    Floats block(net.layout.size);
    initialize(net, how, 3, block.data());
    for (const Parameter& p : parameters_of(net.shape, net.layout)) {
      CAPTURE(p.name);
      const Spread spread = spread_of(block, p);
      const auto in = static_cast<double>(p.inputs);
      const auto out = static_cast<double>(p.outputs);
      double bound = 1 / std::sqrt(128.0);
      if (how == Initialization::xavier) bound = std::sqrt(6 / (in + out));
      if (how == Initialization::kaiming) bound = std::sqrt(6 / in);
      if (how != Initialization::uniform && p.bias) bound = 0;
      if (how == Initialization::normal && !p.bias) {
        // 2,304 values at least: a deviation is known to 1.5 %, a mean to 0.02 of it.
        CHECK(spread.deviation == doctest::Approx(0.01).epsilon(0.06));
        CHECK(std::abs(spread.mean) < 0.01 * 0.08);
        continue;
      }
      CHECK(spread.low >= -bound * (1 + 1e-6));
      CHECK(spread.high <= bound * (1 + 1e-6));
      if (p.outputs < 100) continue;  // too few to say more of
      CHECK(spread.deviation == doctest::Approx(bound / std::sqrt(3.0)).epsilon(0.1));
      CHECK(spread.high >= 0.95 * bound);
    }
  }
}

TEST_CASE("first values: drawn in the order of the checkpoint, row by row") {
  const Network net(token_shape(3, 4, 2));
  Floats block(net.layout.size);
  initialize(net, Initialization::uniform, 6, block.data());
  Random random(6);
  for (const Tensor& tensor : tensors_of(net, block.data())) {
    CAPTURE(tensor.name);
    for (const float value : std::get<Floats>(tensor.values)) {
      CHECK(value == static_cast<float>(random.uniform(-0.5, 0.5)));
    }
  }
}

TEST_CASE("first values: the seed decides, and gaps between parameters stay zero") {
  const Network net(token_shape(3, 5, 2));
  Floats one(net.layout.size, 7.0F), same(net.layout.size), other(net.layout.size);
  initialize(net, Initialization::uniform, 1, one.data());
  initialize(net, Initialization::uniform, 1, same.data());
  initialize(net, Initialization::uniform, 2, other.data());
  CHECK(one == same);
  CHECK(one != other);
  std::size_t zeros = 0, values = 0;
  for (const float value : one) zeros += value == 0.0F;
  for (const Parameter& p : parameters_of(net.shape, net.layout)) values += p.outputs * p.inputs;
  CHECK(zeros == net.layout.size - values);
}

TEST_CASE("shape: sizes out of range are refused by name") {
  const auto refuse = [](NetShape shape, const char* name) {
    CHECK_THROWS_WITH_AS(Network{shape}, doctest::Contains(name), Error);
  };
  NetShape shape = token_shape(57, 128, 18);
  CHECK_NOTHROW(Network{shape});
  shape.hidden = 0;
  refuse(shape, "hidden units: is 0, expected 1 to 16384");
  shape = token_shape(0, 128, 18);
  refuse(shape, "inputs");
  shape = token_shape(57, 128, 0);
  refuse(shape, "outputs");
  shape = token_shape(57, 128, 18);
  shape.layers = 65;
  refuse(shape, "layers");
  shape.layers = 1;
  shape.dropout = 1.0;
  refuse(shape, "dropout");
  shape.dropout = std::nan("");
  refuse(shape, "dropout");
}

}  // namespace
}  // namespace rondo::tool
