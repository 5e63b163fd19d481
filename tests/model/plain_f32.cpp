// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float cells in double, from their textbook formulas.
#include <cmath>

#include "plain.hpp"

namespace rondo::test {
namespace {

using tool::ImageLayer;
using tool::ImageMatrix;
using Vector = std::vector<double>;

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

double product(const ImageMatrix& m, std::size_t row, const Vector& x) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += m.f32[row * x.size() + i] * x[i];
  return sum;
}

// bias + W x; a token is the one element of x.
double input_part(const ImageLayer& layer, std::size_t row, const Vector& x) {
  const double bias = layer.bias_f32[row];
  if (layer.input != Format::token) return bias + product(layer.w, row, x);
  if (x[0] >= layer.inputs) return bias;
  return bias + layer.w.f32[row * layer.inputs + static_cast<std::size_t>(x[0])];
}

// W x + b and U h of one gate.
struct Gate {
  double x, h;
  double t() const { return x + h; }
};
Gate gate_of(const ImageLayer& layer, std::uint32_t gate, std::uint32_t unit, const Vector& x,
             const Vector& h) {
  const std::size_t row = std::size_t{gate} * layer.outputs + unit;
  return {input_part(layer, row, x), product(layer.u, row, h)};
}

void lstm(const ImageLayer& layer, Vector& c, Vector& h, const Vector& x) {
  const Vector last = h;
  for (std::uint32_t k = 0; k < layer.outputs; ++k) {
    const auto t = [&](std::uint32_t gate) { return gate_of(layer, gate, k, x, last).t(); };
    c[k] = sigmoid(t(1)) * c[k] + sigmoid(t(0)) * std::tanh(t(2));
    h[k] = sigmoid(t(3)) * std::tanh(c[k]);
  }
}

void gru(const ImageLayer& layer, Vector& h, const Vector& x) {
  const Vector last = h;
  for (std::uint32_t k = 0; k < layer.outputs; ++k) {
    const double r = sigmoid(gate_of(layer, 0, k, x, last).t());
    const double z = sigmoid(gate_of(layer, 1, k, x, last).t());
    const Gate n = gate_of(layer, 2, k, x, last);
    const double inside = n.h + layer.bias_f32[std::size_t{3} * layer.outputs + k];
    h[k] = (1 - z) * std::tanh(n.x + r * inside) + z * last[k];
  }
}

void gru_before(const ImageLayer& layer, Vector& h, const Vector& x) {
  const Vector last = h;
  Vector rh(layer.outputs);
  for (std::uint32_t k = 0; k < layer.outputs; ++k) {
    rh[k] = sigmoid(gate_of(layer, 0, k, x, last).t()) * last[k];
  }
  for (std::uint32_t k = 0; k < layer.outputs; ++k) {
    const double z = sigmoid(gate_of(layer, 1, k, x, last).t());
    h[k] = (1 - z) * std::tanh(gate_of(layer, 2, k, x, rh).t()) + z * last[k];
  }
}

double activate(Activation activation, double t) {
  switch (activation) {
    case Activation::tanh:
      return std::tanh(t);
    case Activation::sigmoid:
      return sigmoid(t);
    case Activation::relu:
      return t < 0 ? 0 : t;
    default:
      return t;
  }
}

void rnn(const ImageLayer& layer, Vector& h, const Vector& x) {
  const Vector last = h;
  for (std::uint32_t k = 0; k < layer.outputs; ++k) {
    h[k] = activate(static_cast<Activation>(layer.mode), gate_of(layer, 0, k, x, last).t());
  }
}

}  // namespace

template <>
PlainF32::State PlainF32::start(const ImageLayer& layer) {
  const auto units = static_cast<std::ptrdiff_t>(layer.outputs);
  State state = {Vector(layer.outputs), Vector(layer.outputs)};
  if (layer.initial_f32.empty()) return state;
  const auto from = layer.initial_f32.begin();
  if (layer.kind == Kind::lstm) state.main.assign(from, from + units);
  state.h.assign(layer.initial_f32.end() - units, layer.initial_f32.end());
  return state;
}

template <>
Vector PlainF32::step(const ImageLayer& layer, State& state, const Vector& x) {
  switch (layer.kind) {
    case Kind::lstm:
      lstm(layer, state.main, state.h, x);
      return state.h;
    case Kind::gru:
      gru(layer, state.h, x);
      return state.h;
    case Kind::gru_before:
      gru_before(layer, state.h, x);
      return state.h;
    case Kind::rnn:
      rnn(layer, state.h, x);
      return state.h;
    default:
      break;
  }
  Vector scores(layer.outputs);
  for (std::uint32_t k = 0; k < layer.outputs; ++k) scores[k] = input_part(layer, k, x);
  return scores;
}

}  // namespace rondo::test
