// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Training that knows of int8: the rounded numbers are those of the quantizer, the gradient goes
// straight through the roundings, and what training moves is not rounded.
#include <doctest/doctest.h>

#include <cmath>

#include "formats/checkpoint.hpp"
#include "help.hpp"
#include "quantize/quantize.hpp"
#include "train/fake_quantize.hpp"
#include "train/trainer.hpp"

namespace rondo::tool {
namespace {

NetShape shape_of(CellKind cell, std::size_t hidden, std::size_t layers) {
  NetShape shape;
  shape.cell = cell;
  shape.inputs = 5;
  shape.hidden = hidden;
  shape.layers = layers;
  shape.outputs = 3;
  return shape;
}

double rounded(double h) {
  return std::floor(h * 128 + 0.5) / 128;
}

// Of one unit, the input one number: every parameter is one number, by its PyTorch name.
struct OneUnit {
  Network net;
  std::vector<double> parameters;
  Pass<double> pass;

  explicit OneUnit(std::size_t layers) : net(shape(layers)), parameters(net.layout.size) {
    pass.rounded = true;
  }
  static NetShape shape(std::size_t layers) {
    NetShape shape = shape_of(CellKind::rnn, 1, layers);
    shape.input = InputKind::reals;
    shape.inputs = shape.outputs = 1;
    shape.loss = Loss::squared;
    return shape;
  }
  std::size_t place(const std::string& name) const {
    for (const Parameter& p : parameters_of(net.shape, net.layout)) {
      if (p.name == name) return p.place(0, 0);
    }
    FAIL("no parameter " << name);
    return 0;
  }
  void set(const std::string& name, double value) { parameters[place(name)] = value; }
  double forward(const std::vector<float>& x, float target) {
    const Sequence sequence = {
        .tokens = {}, .reals = x, .targets = {}, .label = 0, .values = {&target, 1}};
    const std::uint32_t order = 0;
    pack<double>(net.shape, {&sequence, 1}, {&order, 1}, pass.packed);
    layers_forward<double>(net, parameters.data(), nullptr, nullptr, pass);
    logits_forward(net, parameters.data(), pass);
    return loss_of(net, 1.0, pass);
  }
};

}  // namespace

TEST_CASE("rounded weights are those of the quantizer, row by row") {
  for (const CellKind cell : {CellKind::lstm, CellKind::gru, CellKind::rnn}) {
    Trainer trainer({.shape = shape_of(cell, 6, 2), .optimizer = {}});
    Checkpoint checkpoint;
    checkpoint.shape = trainer.shape();
    checkpoint.tensors = trainer.save();
    const Quantized quantized = quantize(checkpoint, {}, 8);
    const Network& net = trainer.network();
    std::vector<float> block(net.layout.size);
    round_weights(net, trainer.parameters().data(), block.data());
    std::size_t compared = 0;
    for (const Parameter& p : parameters_of(net.shape, net.layout)) {
      const bool of_h = p.name.find("weight_hh_l") == 0;
      const std::size_t layer = of_h ? static_cast<std::size_t>(p.name.back() - '0') : 0;
      for (std::size_t o = 0; o < p.outputs; ++o) {
        float largest = 0;
        for (std::size_t i = 0; i < p.inputs; ++i) {
          largest = std::max(largest, std::abs(trainer.parameters()[p.place(o, i)]));
        }
        for (std::size_t i = 0; i < p.inputs; ++i) {
          const float now = block[p.place(o, i)], before = trainer.parameters()[p.place(o, i)];
          if (p.bias) CHECK(now == before);
          CHECK(std::abs(now - before) <= largest / 254 * 1.0001F);
          if (!of_h) continue;
          const int steps = quantized.content.layers[layer].u.s8[o * p.inputs + i];
          CHECK(now == doctest::Approx(static_cast<float>(steps) * largest / 127).epsilon(1e-6));
          ++compared;
        }
      }
    }
    CHECK(compared == 2 * 6 * net.shape.gates() * 6);
  }
}

TEST_CASE("h is rounded to the steps of 8-bit activations") {
  const float h[] = {0, 0.0038F, 0.004F, -0.0040F, 0.5F, 0.999F, 1.0F, -0.999F, -1.0F};
  float q[9];
  round_state(9, h, q);
  const float expected[] = {0, 0, 1, -1, 64, 127, 127, -128, -128};
  for (std::size_t i = 0; i < 9; ++i) CHECK(q[i] == expected[i] / 128);
}

TEST_CASE("a step reads h rounded, and the gradient goes straight through") {
  OneUnit unit(1);
  const double w = 0.61, u = 0.83, b = 0.07, v = 1.3, c = -0.2;
  unit.set("weight_ih_l0", w);
  unit.set("weight_hh_l0", u);
  unit.set("bias_ih_l0", b);
  unit.set("linear.weight", v);
  unit.set("linear.bias", c);
  const std::vector<float> x = {0.75F, -0.5F};
  const double h1 = std::tanh(w * 0.75 + b);
  const double h2 = std::tanh(w * -0.5 + u * rounded(h1) + b);
  const double off = v * h2 + c - 0.25;
  CHECK(unit.forward(x, 0.25F) == doctest::Approx(off * off).epsilon(1e-12));

  std::vector<double> gradients(unit.net.layout.size);
  logits_backward(unit.net, unit.parameters.data(), gradients.data(), unit.pass);
  layers_backward(unit.net, unit.parameters.data(), gradients.data(), unit.pass);
  const double dz2 = 2 * off * v * (1 - h2 * h2);
  const double dz1 = dz2 * u * (1 - h1 * h1);
  const auto gradient = [&](const char* name) { return gradients[unit.place(name)]; };
  CHECK(gradient("linear.weight") == doctest::Approx(2 * off * h2).epsilon(1e-12));
  CHECK(gradient("weight_hh_l0") == doctest::Approx(dz2 * rounded(h1)).epsilon(1e-12));
  CHECK(gradient("weight_ih_l0") == doctest::Approx(dz2 * -0.5 + dz1 * 0.75).epsilon(1e-12));
  CHECK(gradient("bias_ih_l0") == doctest::Approx(dz2 + dz1).epsilon(1e-12));
}

TEST_CASE("the next layer reads h rounded, the head does not") {
  OneUnit unit(2);
  for (const char* const name : {"weight_ih_l0", "weight_ih_l1", "linear.weight"}) {
    unit.set(name, 0.9);
  }
  const double h1 = std::tanh(0.9 * 0.3);
  const double h2 = std::tanh(0.9 * rounded(h1));
  CHECK(rounded(h1) != h1);
  const double off = 0.9 * h2 - 1;
  CHECK(unit.forward({0.3F}, 1.0F) == doctest::Approx(off * off).epsilon(1e-7));  // 0.3F
}

TEST_CASE("an update moves unrounded weights by the gradient at the rounded ones") {
  for (const CellKind cell : {CellKind::lstm, CellKind::gru}) {
    const TrainerOptions options = {.shape = shape_of(cell, 7, 1),
                                    .optimizer = {.kind = OptimizerKind::sgd}};
    Trainer aware(options), plain(options);
    aware.set_quantize_aware(true);
    const std::vector<float> before(aware.parameters().begin(), aware.parameters().end());
    std::vector<float> at(before.size());
    round_weights(aware.network(), before.data(), at.data());
    std::copy(at.begin(), at.end(), plain.parameters().begin());
    // One step: no h is read but by the head.
    const std::uint32_t token = 2, target = 1;
    const Sequence sequence = {.tokens = {&token, 1}, .reals = {}, .targets = {&target, 1}};
    const double loss = aware.train_batch({&sequence, 1}, 1.0);
    CHECK(loss == doctest::Approx(plain.train_batch({&sequence, 1}, 1.0)).epsilon(1e-6));
    double moved = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
      const float step = aware.parameters()[i] - before[i];
      CHECK(std::abs(step - (plain.parameters()[i] - at[i])) < 1e-6F);  // float rounding
      moved += std::abs(step);
    }
    CHECK(moved > 0.1);
    // Measuring is unaware: what a checkpoint of these parameters says.
    Trainer same(options);
    std::copy(aware.parameters().begin(), aware.parameters().end(), same.parameters().begin());
    CHECK(aware.evaluate({&sequence, 1}) == same.evaluate({&sequence, 1}));
  }
}

TEST_CASE("the last fifth of the updates is rounded") {
  CHECK(!is_rounded_part(79, 100));
  CHECK(is_rounded_part(80, 100));
  CHECK(!is_rounded_part(3, 4));
}

}  // namespace rondo::tool
