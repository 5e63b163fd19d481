// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 cells straight from the formulas of numeric.hpp.
#include <rondo/numeric.hpp>

#include "plain.hpp"

namespace rondo::test {
namespace {

using tool::ImageLayer;
using tool::ImageMatrix;
using Vector = std::vector<std::int32_t>;

std::int32_t product(const ImageMatrix& m, std::size_t row, const Vector& x) {
  std::int32_t acc = 0;
  for (std::size_t i = 0; i < x.size(); ++i) acc += m.s8[row * x.size() + i] * x[i];
  return rdmulh32(acc * (1 << m.shift), m.scale[row]);
}

// bias + W x; a token is the one element of x.
std::int32_t input_part(const ImageLayer& layer, std::size_t row, const Vector& x) {
  const std::int32_t bias = layer.bias_s32[row];
  if (layer.input != Format::token) return bias + product(layer.w, row, x);
  const auto token = static_cast<std::uint32_t>(x[0]);
  if (token >= layer.inputs) return bias;
  const std::int32_t w = layer.w.s8[row * layer.inputs + token];
  return bias + rdmulh32(w * k_token_one * (1 << layer.w.shift), layer.w.scale[row]);
}

// The pre-activations of a unit: from x, from h, and together.
struct Gate {
  std::int32_t x, h, t;
};
Gate gate_of(const ImageLayer& layer, std::uint32_t gate, std::uint32_t unit, const Vector& x,
             const Vector& h) {
  const std::size_t row = std::size_t{gate} * layer.outputs + unit;
  const std::int32_t of_x = input_part(layer, row, x), of_h = product(layer.u, row, h);
  return {of_x, of_h, of_x + of_h};
}

// An activation of 16 bits in another format.
std::int32_t narrow(Format format, std::int16_t h) {
  return format == Format::s8 ? narrow_s8(h) : h;
}
std::int32_t narrow_gru(Format format, std::int32_t h) {
  return format == Format::s8 ? gru_h8(h) : gru_h16(h);
}

struct StateS8 {
  Vector& main;
  Vector& h;
};

Vector lstm(const ImageLayer& layer, StateS8 state, const Vector& x) {
  const Vector last = state.h;
  Vector y(layer.outputs);
  for (std::uint32_t k = 0; k < layer.outputs; ++k) {
    const std::int16_t i = sigmoid_gate(gate_of(layer, 0, k, x, last).t);
    const std::int16_t f = sigmoid_gate(gate_of(layer, 1, k, x, last).t);
    const std::int16_t g = tanh_gate(gate_of(layer, 2, k, x, last).t);
    const std::int16_t o = sigmoid_gate(gate_of(layer, 3, k, x, last).t);
    state.main[k] = lstm_c(state.main[k], i, f, g);
    const auto h = [&](Format format) -> std::int32_t {
      const std::int16_t t = lstm_tanh_c(state.main[k]);
      return format == Format::s8 ? std::int32_t{lstm_h8(o, t)} : lstm_h16(o, t);
    };
    state.h[k] = h(layer.recurrent);
    y[k] = h(layer.output);
  }
  return y;
}

Vector gru_outputs(const ImageLayer& layer, StateS8 state) {
  Vector y(layer.outputs);
  for (std::uint32_t k = 0; k < layer.outputs; ++k) {
    state.h[k] = narrow_gru(layer.recurrent, state.main[k]);
    y[k] = narrow_gru(layer.output, state.main[k]);
  }
  return y;
}

Vector gru(const ImageLayer& layer, StateS8 state, const Vector& x) {
  for (std::uint32_t k = 0; k < layer.outputs; ++k) {
    const std::int16_t r = sigmoid_gate(gate_of(layer, 0, k, x, state.h).t);
    const std::int16_t z = sigmoid_gate(gate_of(layer, 1, k, x, state.h).t);
    const Gate n = gate_of(layer, 2, k, x, state.h);
    const std::int32_t inside = layer.bias_s32[std::size_t{3} * layer.outputs + k];
    state.main[k] = gru_h(state.main[k], z, gru_n(n.x, n.h + inside, r));
  }
  return gru_outputs(layer, state);
}

Vector gru_before(const ImageLayer& layer, StateS8 state, const Vector& x) {
  Vector rh(layer.outputs);
  for (std::uint32_t k = 0; k < layer.outputs; ++k) {
    const std::int16_t r = sigmoid_gate(gate_of(layer, 0, k, x, state.h).t);
    rh[k] = narrow_gru(layer.recurrent, rdmulh32(state.main[k], r * 65536));
  }
  for (std::uint32_t k = 0; k < layer.outputs; ++k) {
    const std::int16_t z = sigmoid_gate(gate_of(layer, 1, k, x, state.h).t);
    state.main[k] = gru_h(state.main[k], z, tanh_gate(gate_of(layer, 2, k, x, rh).t));
  }
  return gru_outputs(layer, state);
}

Vector rnn(const ImageLayer& layer, StateS8 state, const Vector& x) {
  const Vector last = state.h;
  Vector y(layer.outputs);
  for (std::uint32_t k = 0; k < layer.outputs; ++k) {
    const std::int16_t h = tanh_gate(gate_of(layer, 0, k, x, last).t);
    state.h[k] = narrow(layer.recurrent, h);
    y[k] = narrow(layer.output, h);
  }
  return y;
}

}  // namespace

template <>
PlainS8::State PlainS8::start(const ImageLayer& layer) {
  const std::uint32_t units = layer.outputs;
  State state = {Vector(units), Vector(units)};
  if (layer.initial_s32.empty()) return state;
  const bool gru = layer.kind == Kind::gru || layer.kind == Kind::gru_before;
  const std::size_t h_from = layer.kind == Kind::lstm ? units : 0;
  for (std::uint32_t k = 0; k < units; ++k) {
    const std::int32_t h = layer.initial_s32[h_from + k];
    state.main[k] = layer.initial_s32[k];
    state.h[k] = gru ? narrow_gru(layer.recurrent, h)
                     : narrow(layer.recurrent, static_cast<std::int16_t>(h));
  }
  return state;
}

template <>
Vector PlainS8::step(const ImageLayer& layer, State& state, const Vector& x) {
  const StateS8 both = {state.main, state.h};
  switch (layer.kind) {
    case Kind::lstm:
      return lstm(layer, both, x);
    case Kind::gru:
      return gru(layer, both, x);
    case Kind::gru_before:
      return gru_before(layer, both, x);
    case Kind::rnn:
      return rnn(layer, both, x);
    default:
      break;
  }
  Vector scores(layer.outputs);
  for (std::uint32_t k = 0; k < layer.outputs; ++k) scores[k] = input_part(layer, k, x);
  return scores;
}

}  // namespace rondo::test
