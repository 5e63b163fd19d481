// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The plain implementation of layers_chain.hpp: int8 to the bit, f32 in double.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "layers_chain.hpp"

namespace rondo::test {
namespace {

using tool::ImageLayer;
using tool::ImageMatrix;

// Rows times vectors, cells and activations, in the arithmetic of one type of model. V: a number.
struct Int8 {
  using V = std::int32_t;
  static constexpr V zero = 0;

  static V part(const ImageMatrix& m, std::size_t row, const std::vector<V>& x) {
    V acc = 0;
    for (std::size_t i = 0; i < x.size(); ++i) acc += m.s8[row * x.size() + i] * x[i];
    return rdmulh32(acc * (1 << m.shift), m.scale[row]);
  }
  static V column(const ImageLayer& layer, std::size_t row, std::uint32_t token) {
    const V w = layer.w.s8[row * layer.inputs + token];
    return rdmulh32(w * 4096 * (1 << layer.w.shift), layer.w.scale[row]);
  }
  static V bias(const ImageLayer& layer, std::size_t row) { return layer.bias_s32[row]; }
  static V activation(Format format, std::int16_t h) {
    return format == Format::s8 ? narrow_s8(h) : h;
  }

  struct Unit {
    V main = 0, h8 = 0, h16 = 0;
    V h(Format format) const { return format == Format::s8 ? h8 : h16; }
  };
  // t: bias + both parts of each gate; gru: n of the input, and then n of h.
  static void step(Kind kind, std::uint8_t, const V* t, Unit& unit) {
    if (kind == Kind::lstm) {
      unit.main = lstm_c(unit.main, sigmoid_gate(t[0]), sigmoid_gate(t[1]), tanh_gate(t[2]));
      unit.h8 = lstm_h8(sigmoid_gate(t[3]), lstm_tanh_c(unit.main));
      unit.h16 = lstm_h16(sigmoid_gate(t[3]), lstm_tanh_c(unit.main));
    } else if (kind == Kind::gru) {
      unit.main = gru_h(unit.main, sigmoid_gate(t[1]), gru_n(t[2], t[3], sigmoid_gate(t[0])));
      unit.h8 = gru_h8(unit.main);
      unit.h16 = gru_h16(unit.main);
    } else {
      unit.h16 = tanh_gate(t[0]);
      unit.h8 = narrow_s8(tanh_gate(t[0]));
    }
  }
  static V dense(std::uint8_t mode, Format output, V t) {
    const auto f = static_cast<Activation>(mode);
    if (f == Activation::tanh || f == Activation::sigmoid) {
      const std::int16_t gate = f == Activation::tanh ? tanh_gate(t) : sigmoid_gate(t);
      return output == Format::s32 ? 2 * gate : activation(output, gate);
    }
    if (f == Activation::relu) t = std::max(t, 0);
    if (output == Format::s32) return t;
    const double steps = std::floor(t / 256.0 + 0.5);
    const double low = output == Format::s16 ? -32767 : -128,
                 high = output == Format::s16 ? 32767 : 127;
    return static_cast<V>(std::clamp(steps, low, high));
  }
  // A quarter of a million steps of 16 bits stay within the 53 bits of a double.
  static V mean(const std::vector<V>& values) {
    double sum = 0;
    for (const V v : values) sum += v;
    return static_cast<V>(std::floor(sum / static_cast<double>(values.size()) + 0.5));
  }
  static V greater(V a, V b) { return std::max(a, b); }
  static V skip(const ImageLayer& layer, std::size_t j, V score, V x) {
    const std::int64_t sum = std::int64_t{score} + layer.bias_s32[j] +
                             rdmulh32(x * (1 << layer.w.shift), layer.w.scale[j]);
    return static_cast<V>(std::clamp<std::int64_t>(sum, INT32_MIN, INT32_MAX));
  }
};

struct Float {
  using V = double;
  static constexpr V zero = 0;

  static V part(const ImageMatrix& m, std::size_t row, const std::vector<V>& x) {
    V sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += m.f32[row * x.size() + i] * x[i];
    return sum;
  }
  static V column(const ImageLayer& layer, std::size_t row, std::uint32_t token) {
    return layer.w.f32[row * layer.inputs + token];
  }
  static V bias(const ImageLayer& layer, std::size_t row) { return layer.bias_f32[row]; }
  static V sigmoid(V t) { return 1 / (1 + std::exp(-t)); }

  struct Unit {
    V main = 0, value = 0;
    V h(Format) const { return value; }
  };
  static void step(Kind kind, std::uint8_t mode, const V* t, Unit& unit) {
    if (kind == Kind::lstm) {
      unit.main = sigmoid(t[1]) * unit.main + sigmoid(t[0]) * std::tanh(t[2]);
      unit.value = sigmoid(t[3]) * std::tanh(unit.main);
    } else if (kind == Kind::gru) {
      const V n = std::tanh(t[2] + sigmoid(t[0]) * t[3]);
      unit.value = n + sigmoid(t[1]) * (unit.value - n);
    } else {
      unit.value = dense(mode, Format::f32, t[0]);
    }
  }
  static V dense(std::uint8_t mode, Format, V t) {
    switch (static_cast<Activation>(mode)) {
      case Activation::tanh:
        return std::tanh(t);
      case Activation::sigmoid:
        return sigmoid(t);
      case Activation::relu:
        return std::max(t, 0.0);
      default:
        return t;
    }
  }
  static V mean(const std::vector<V>& values) {
    V sum = 0;
    for (const V v : values) sum += v;
    return sum / static_cast<V>(values.size());
  }
  static V greater(V a, V b) { return std::max(a, b); }
  static V skip(const ImageLayer&, std::size_t, V score, V x) { return score + x; }
};

template <class N>
class Plain {
 public:
  using V = typename N::V;
  using Vector = std::vector<V>;
  using Sequence = std::vector<Vector>;

  Plain(const tool::ImageContent& content, const Steps<V>& steps)
      : content_(content), steps_(steps) {}

  Sequence scores() const {
    Sequence x = steps_.x;
    x.resize(std::max(steps_.x.size(), steps_.tokens.size()));
    for (std::size_t l = 0; l < content_.layers.size(); ++l) {
      const ImageLayer& layer = content_.layers[l];
      if (layer.direction == Direction::only) {
        x = through(layer, x);
        continue;
      }
      Sequence forward = through(layer, x), reversed(x.rbegin(), x.rend());
      const Sequence backward = through(content_.layers[++l], reversed);
      for (std::size_t t = 0; t < x.size(); ++t) {
        const Vector& other = backward[x.size() - 1 - t];
        forward[t].insert(forward[t].end(), other.begin(), other.end());
      }
      x = forward;
    }
    return x;
  }

 private:
  V input_part(const ImageLayer& layer, std::size_t row, const Vector& x, std::size_t t) const {
    if (layer.input != Format::token) return N::part(layer.w, row, x);
    if (t >= steps_.tokens.size() || steps_.tokens[t] >= layer.inputs) return N::zero;
    return N::column(layer, row, steps_.tokens[t]);
  }

  Sequence through(const ImageLayer& layer, const Sequence& x) const {
    switch (layer.kind) {
      case Kind::pool:
        return pool(layer, x);
      case Kind::skip:
        return skip(layer, x);
      case Kind::linear:
      case Kind::dense:
        return rows(layer, x);
      default:
        return recurrent(layer, x);
    }
  }

  Sequence rows(const ImageLayer& layer, const Sequence& x) const {
    Sequence y(x.size());
    for (std::size_t t = 0; t < x.size(); ++t) {
      for (std::size_t row = 0; row < layer.outputs; ++row) {
        const V value = N::bias(layer, row) + input_part(layer, row, x[t], t);
        y[t].push_back(layer.kind == Kind::dense ? N::dense(layer.mode, layer.output, value)
                                                 : value);
      }
    }
    return y;
  }

  Sequence recurrent(const ImageLayer& layer, const Sequence& x) const {
    std::vector<typename N::Unit> units(layer.outputs);
    const std::size_t gates = gates_of(layer.kind), n = layer.outputs;
    Sequence y(x.size());
    for (std::size_t t = 0; t < x.size(); ++t) {
      Vector h;
      for (const auto& unit : units) h.push_back(unit.h(layer.recurrent));
      for (std::size_t k = 0; k < n; ++k) {
        V sums[4] = {};
        for (std::size_t gate = 0; gate < gates; ++gate) {
          const std::size_t row = gate * n + k;
          const V of_x = N::bias(layer, row) + input_part(layer, row, x[t], t);
          const V of_h = N::part(layer.u, row, h);
          const bool apart = layer.kind == Kind::gru && gate == 2;
          sums[gate] = apart ? of_x : of_x + of_h;
          if (apart) sums[3] = N::bias(layer, row + n) + of_h;
        }
        N::step(layer.kind, layer.mode, sums, units[k]);
        y[t].push_back(units[k].h(layer.output));
      }
    }
    return y;
  }

  Sequence pool(const ImageLayer& layer, const Sequence& x) const {
    Sequence y(x.size(), Vector(layer.outputs));
    for (std::size_t k = 0; k < layer.outputs; ++k) {
      Vector seen;
      for (std::size_t t = 0; t < x.size(); ++t) {
        seen.push_back(x[t].empty() ? N::zero : x[t][k]);
        V value = seen.back();
        if (layer.mode == mode_of(Pool::mean)) value = N::mean(seen);
        for (const V v : seen) {
          if (layer.mode == mode_of(Pool::max)) value = N::greater(value, v);
        }
        y[t][k] = value;
      }
    }
    return y;
  }

  Sequence skip(const ImageLayer& layer, const Sequence& x) const {
    Sequence y = x;
    for (std::size_t t = 0; t < x.size(); ++t) {
      for (std::size_t j = 0; j < layer.outputs; ++j) {
        const bool given = t < steps_.x.size() && !steps_.x[t].empty();
        y[t][j] = N::skip(layer, j, x[t][j], given ? steps_.x[t][j] : N::zero);
      }
    }
    return y;
  }

  const tool::ImageContent& content_;
  const Steps<V>& steps_;
};

}  // namespace

std::vector<std::vector<std::int32_t>> plain_s8(const tool::ImageContent& content,
                                                const Steps<std::int32_t>& steps) {
  return Plain<Int8>(content, steps).scores();
}

std::vector<std::vector<double>> plain_f32(const tool::ImageContent& content,
                                           const Steps<double>& steps) {
  return Plain<Float>(content, steps).scores();
}

}  // namespace rondo::test
