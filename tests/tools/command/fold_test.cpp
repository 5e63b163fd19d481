// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A network with the normalization folded in says of raw numbers what it said of normalized ones.
#include "command/fold.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/random.hpp"
#include "train/trainer.hpp"

using namespace rondo::tool;

namespace {

// The largest difference of the folded network's outputs, as a share of a target's deviation.
double error_of_folding(CellKind cell, bool bidirectional, const Scaling& targets) {
  const Scaling features{{1000, -0.5, 7}, {20, 0.01, 0}};
  TrainerOptions options;
  options.shape.cell = cell;
  options.shape.input = InputKind::reals;
  options.shape.inputs = 3;
  options.shape.hidden = 6;
  options.shape.layers = cell == CellKind::classroom ? 1 : 2;
  options.shape.outputs = 2;
  options.shape.bidirectional = bidirectional;
  Trainer trainer(options);
  Random random(3);
  std::vector<float> raw, normalized;
  for (std::size_t i = 0; i < 15; ++i) {
    const double x = random.normal();
    const std::size_t k = i % 3;
    normalized.push_back(features.deviation[k] > 0 ? static_cast<float>(x) : 0.0F);
    raw.push_back(static_cast<float>(features.mean[k] + features.deviation[k] * x));
  }
  raw[2] += 100;  // what never changed in training is not listened to
  const auto outputs = [&](const std::vector<float>& numbers) {
    const Sequence sequence{.tokens = {}, .reals = numbers, .targets = {}};
    std::vector<float> y;
    trainer.predict(Batch(&sequence, 1), y);
    return y;
  };
  const std::vector<float> before = outputs(normalized);
  fold(trainer.network(), features, targets, trainer.parameters());
  const std::vector<float> after = outputs(raw);
  double worst = 0;
  for (std::size_t o = 0; o < 2; ++o) {
    const double mean = targets.mean.empty() ? 0 : targets.mean[o];
    const double deviation = targets.mean.empty() ? 1 : targets.deviation[o];
    worst = std::max(worst, std::abs((after[o] - mean) / deviation - before[o]));
  }
  CHECK(std::abs(before[0]) > 1e-3);
  return worst;
}

}  // namespace

// A mean of 50 deviations costs 6 of the 24 bits of a float: 2^-18, in sums of a few terms.
TEST_CASE("folding keeps what a network says, of every cell and both ways") {
  for (const CellKind cell :
       {CellKind::lstm, CellKind::gru, CellKind::rnn, CellKind::relu, CellKind::classroom}) {
    CHECK(error_of_folding(cell, false, {}) < 1e-4);
  }
  const Scaling targets{{-30, 500}, {4, 100}};
  CHECK(error_of_folding(CellKind::lstm, false, targets) < 1e-4);
  CHECK(error_of_folding(CellKind::gru, true, targets) < 1e-4);
}
