// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Streams that never end: errors do not pile up over 100,000 steps, and slow states decay to
// nothing instead of standing still on a rounding.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <rondo/numeric.hpp>

#include "base/random.hpp"
#include "plain.hpp"
#include "random_model.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

constexpr std::uint32_t k_inputs = 4, k_hidden = 32;
constexpr float k_input_step = 1.0F / 8192;

// A matrix of weights that int8 holds exactly, as PyTorch starts them, in both types.
void make_matrix(tool::ImageMatrix& floats, tool::ImageMatrix& integers, std::uint32_t rows,
                 std::uint32_t inputs, double input_step, double size, tool::Random& random) {
  std::vector<double> steps;
  for (std::uint32_t row = 0; row < rows; ++row) {
    steps.push_back(size * random.uniform(0.7, 1.0) / 127);
    for (std::uint32_t i = 0; i < inputs; ++i) {
      const int w = static_cast<int>(random.below(255)) - 127;
      integers.s8.push_back(static_cast<std::int8_t>(w));
      floats.f32.push_back(static_cast<float>(w * steps.back()));
    }
  }
  // t = acc * ratio in Q12.19, as rdmulh32(acc << shift, scale)
  double ratio = input_step * std::ldexp(1.0, k_gate_bits);
  const double most = *std::max_element(steps.begin(), steps.end());
  while (most * ratio >= 0.99) {
    ratio /= 2;
    ++integers.shift;
  }
  for (const double step : steps) {
    integers.scale.push_back(static_cast<std::int32_t>(std::lround(step * ratio * 0x1p31)));
  }
}

struct Net {
  tool::ImageContent f32, a8, a16;
};

// One layer of 32 units that forget within 2 to 150 steps, and a linear layer.
Net make_net(Kind kind, std::uint64_t seed) {
  tool::Random random(seed);
  Net net;
  const LayerShapes a8 = {.kinds = {kind}};
  const LayerShapes a16 = {.kinds = {kind}, .recurrent = Format::s16};
  net.f32 = random_model({Type::f32, Format::f32, k_inputs, {k_hidden}, 1, a8}, seed);
  net.a8 = random_model({Type::s8, Format::s16, k_inputs, {k_hidden}, 1, a8}, seed);
  net.a16 = random_model({Type::s8, Format::s16, k_inputs, {k_hidden}, 1, a16}, seed);
  tool::ImageLayer& f = net.f32.layers[0];
  f.w = f.u = {};
  tool::ImageMatrix w, u8, u16;
  const std::uint32_t rows = gates_of(kind) * k_hidden;
  make_matrix(f.w, w, rows, k_inputs, k_input_step, 0.5, random);
  tool::Random again = random;
  make_matrix(f.u, u8, rows, k_hidden, 0x1p-7, 2 / std::sqrt(k_hidden), random);
  tool::ImageMatrix unused;
  make_matrix(unused, u16, rows, k_hidden, 0x1p-15, 2 / std::sqrt(k_hidden), again);
  // The forget gate of an LSTM, the update gate of a GRU: both are row block 1.
  for (std::uint32_t k = 0; k < k_hidden; ++k) {
    f.bias_f32[k_hidden + k] = static_cast<float>(random.uniform(0, 5));
  }
  for (tool::ImageContent* const s8 : {&net.a8, &net.a16}) {
    tool::ImageLayer& layer = s8->layers[0];
    layer.w = w;
    layer.u = s8 == &net.a8 ? u8 : u16;
    for (std::size_t i = 0; i < f.bias_f32.size(); ++i) {
      layer.bias_s32[i] = static_cast<std::int32_t>(std::lround(f.bias_f32[i] * 0x1p19));
    }
    s8->mean.assign(k_inputs, 0.0F);
    s8->inv_step.assign(k_inputs, 1 / k_input_step);
  }
  return net;
}

// A wandering signal in exact steps of the int8 models.
struct Signal {
  tool::Random random{5};
  double at[k_inputs] = {};

  Inputs next(std::size_t steps) {
    Inputs inputs = {Format::f32, k_inputs, steps, {}, {}, {}};
    for (std::size_t i = 0; i < steps * k_inputs; ++i) {
      double& x = at[i % k_inputs];
      x = 0.95 * x + 0.4 * random.normal();
      const double steps_of_x = std::clamp(std::round(x / k_input_step), -32767.0, 32767.0);
      inputs.f32.push_back(static_cast<float>(steps_of_x) * k_input_step);
    }
    return inputs;
  }
};

// The mean of |h - h in double| over the units after a step.
double error_of(const Stream& stream, const std::vector<double>& want) {
  double sum = 0;
  for (std::uint32_t k = 0; k < k_hidden; ++k) {
    const double h = stream.model().type() == Type::f32
                         ? static_cast<double>(stream.hidden_f32(0)[k])
                         : stream.hidden_s16(0)[k] * 0x1p-15;
    sum += std::abs(h - want[k]);
  }
  return sum / k_hidden;
}

// The int32 or float state of a layer with all formats of h behind it: the front of a saved one.
template <class T>
std::vector<T> saved_state(const Stream& stream, std::uint32_t units) {
  std::vector<std::uint8_t> blob(stream.save_bytes());
  REQUIRE(stream.save({blob.data(), blob.size()}) == Status::ok);
  std::vector<T> state(units);
  std::memcpy(state.data(), blob.data() + 16, units * sizeof(T));
  return state;
}

}  // namespace

TEST_CASE("the error after 100,000 steps is that after 1,000") {
  constexpr std::size_t k_steps = 100000, k_window = 1000;
  for (const Kind kind : {Kind::lstm, Kind::gru}) {
    const Net net = make_net(kind, 7);
    const std::pair<const char*, const tool::ImageContent*> nets[] = {
        {"f32", &net.f32}, {"int8, a8", &net.a8}, {"int8, a16", &net.a16}};
    PlainF32 plain(net.f32);
    Signal signal;
    Runner f32(net.f32), a8(net.a8), a16(net.a16);
    Stream* const streams[] = {&f32.stream, &a8.stream, &a16.stream};
    double early[3] = {}, late[3] = {};
    for (std::size_t first = 0; first < k_steps; first += k_window / 2) {
      const Inputs inputs = signal.next(k_window / 2);
      for (std::size_t s = 0; s < k_window / 2; ++s) {
        plain.run(inputs, s, 1);
        // Steps 500 .. 1,499 and the last 1,000.
        const bool is_early = first + s >= k_window / 2 && first + s < 3 * k_window / 2;
        const bool is_late = first + s >= k_steps - k_window;
        for (std::size_t n = 0; n < 3; ++n) {
          streams[n]->step_f32(&inputs.f32[s * k_inputs]);
          if (!is_early && !is_late) continue;
          (is_early ? early : late)[n] += error_of(*streams[n], plain.outputs(0)) / k_window;
        }
      }
    }
    for (std::size_t n = 0; n < 3; ++n) {
      const std::string name = std::string(kind == Kind::lstm ? "LSTM " : "GRU ") + nets[n].first;
      MESSAGE(name << ": mean error of h " << early[n] << " around step 1,000, " << late[n]
                   << " at the end");
      CHECK(late[n] <= 2 * early[n]);
      CHECK(early[n] > 0);
      // Float: some roundings. int8: less than half a step of h in 8 bits; with 16 bits the errors
      // of gates are left, 2^-13.
      CHECK(late[n] < (n == 0 ? 0x1p-22 : n == 1 ? 0x1p-9 : 0x1p-12));
    }
  }
}

TEST_CASE("a slow state decays as in float, down to nearly nothing") {
  const double factors[] = {0.9, 0.99, 0.999};
  for (const Kind kind : {Kind::lstm, Kind::gru, Kind::gru_before}) {
    const LayerShapes layers = {.kinds = {kind}, .initial = true};
    tool::ImageContent content = random_model({Type::s8, Format::token, 2, {3}, 2, layers}, 1);
    tool::ImageLayer& layer = content.layers[0];
    const double one = kind == Kind::lstm ? 1 << k_cell_bits : k_gru_one;
    for (tool::ImageMatrix* const m : {&layer.w, &layer.u}) m->s8.assign(m->s8.size(), 0);
    layer.bias_s32.assign(layer.bias_s32.size(), 0);  // g and n are tanh(0)
    layer.initial_s32.assign(layer.initial_s32.size(), 0);
    for (std::size_t k = 0; k < 3; ++k) {
      const double logit = std::log(factors[k] / (1 - factors[k]));
      layer.bias_s32[3 + k] = static_cast<std::int32_t>(std::lround(logit * (1 << k_gate_bits)));
      layer.initial_s32[k] = static_cast<std::int32_t>(one);
    }
    for (const Isa isa : available_sets()) {
      Runner runner(content, k_every_packing[0], isa);
      double steps_to_e[3] = {};
      std::vector<std::int32_t> state;
      for (int s = 1; s <= 20000; ++s) {
        runner.stream.step(2);  // no such token: no input
        state = saved_state<std::int32_t>(runner.stream, 3);
        for (std::size_t k = 0; k < 3; ++k) {
          // The first step below 1 / e, and the part of a step that was not needed.
          const double level = state[k] / one * std::exp(1.0);
          if (level > 1 || steps_to_e[k] != 0) continue;
          steps_to_e[k] = s - std::log(level) / std::log(factors[k]);
        }
      }
      for (std::size_t k = 0; k < 3; ++k) {
        const double constant = -1 / std::log(factors[k]);
        const double off = steps_to_e[k] / constant - 1;
        const double residue = std::abs(state[k] / one);
        if (isa == Isa::scalar) {
          MESSAGE("kind " << static_cast<int>(kind) << ", f = " << factors[k]
                          << ": time constant off by " << 100 * off << " %, residue " << residue);
        }
        CHECK(std::abs(off) < 0.02);
        CHECK(residue < 4e-4);
      }
    }
  }
}
