// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Streams against a second, plain implementation of the specification that knows no blocks,
// packing, arena or kernels.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "base/random.hpp"
#include "random_model.hpp"

using namespace rondo;
using rondo::test::ModelShape;
using rondo::test::random_model;
using rondo::test::Runner;

namespace {

constexpr double k_cell_steps = 1 << k_cell_bits;

// One sequence through an int8 model, straight from the formulas of numeric.hpp.
class PlainS8 {
 public:
  explicit PlainS8(const tool::ImageContent& content) : content_(content) {
    for (const tool::ImageLayer& layer : content.layers) {
      c_.emplace_back(layer.outputs);
      h_.emplace_back(layer.outputs);
    }
  }
  void step(std::vector<std::int32_t> x, std::uint32_t token) {
    for (std::size_t l = 0; l + 1 < content_.layers.size(); ++l) {
      const tool::ImageLayer& layer = content_.layers[l];
      const std::vector<std::int32_t> h = h_[l];
      h16_.resize(layer.outputs);
      for (std::uint32_t unit = 0; unit < layer.outputs; ++unit) {
        std::int32_t t[4];
        for (std::uint32_t gate = 0; gate < 4; ++gate) {
          const std::uint32_t row = gate * layer.outputs + unit;
          t[gate] = layer.bias_s32[row] + part(layer.u, row, h);
          t[gate] +=
              layer.input == Input::token ? column(layer, row, token) : part(layer.w, row, x);
        }
        std::int32_t& c = c_[l][unit];
        c = lstm_c(c, sigmoid_gate(t[0]), sigmoid_gate(t[1]), tanh_gate(t[2]));
        h_[l][unit] = lstm_h8(sigmoid_gate(t[3]), lstm_tanh_c(c));
        h16_[unit] = lstm_h16(sigmoid_gate(t[3]), lstm_tanh_c(c));
      }
      x = h_[l];
    }
  }
  std::vector<std::int32_t> scores() const {
    const tool::ImageLayer& head = content_.layers.back();
    std::vector<std::int32_t> scores = head.bias_s32;
    for (std::uint32_t row = 0; row < head.outputs; ++row) scores[row] += part(head.w, row, h16_);
    return scores;
  }

 private:
  static std::int32_t part(const tool::ImageMatrix& m, std::uint32_t row,
                           const std::vector<std::int32_t>& x) {
    std::int32_t acc = 0;
    for (std::size_t i = 0; i < x.size(); ++i) acc += m.s8[row * x.size() + i] * x[i];
    return rdmulh32(acc * (1 << m.shift), m.scale[row]);
  }
  static std::int32_t column(const tool::ImageLayer& layer, std::uint32_t row,
                             std::uint32_t token) {
    if (token >= layer.inputs) return 0;
    const std::int32_t w = layer.w.s8[std::size_t{row} * layer.inputs + token];
    return rdmulh32(w * k_token_one * (1 << layer.w.shift), layer.w.scale[row]);
  }
  const tool::ImageContent& content_;
  std::vector<std::vector<std::int32_t>> c_, h_;
  std::vector<std::int32_t> h16_;
};

// The same in double for float models; no rounding to speak of.
class PlainF32 {
 public:
  explicit PlainF32(const tool::ImageContent& content) : content_(content) {
    for (const tool::ImageLayer& layer : content.layers) {
      c_.emplace_back(layer.outputs);
      h_.emplace_back(layer.outputs);
    }
  }
  void step(std::vector<double> x, std::uint32_t token) {
    const auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
    for (std::size_t l = 0; l + 1 < content_.layers.size(); ++l) {
      const tool::ImageLayer& layer = content_.layers[l];
      const std::vector<double> h = h_[l];
      for (std::uint32_t unit = 0; unit < layer.outputs; ++unit) {
        double t[4];
        for (std::uint32_t gate = 0; gate < 4; ++gate) {
          const std::uint32_t row = gate * layer.outputs + unit;
          t[gate] = layer.bias_f32[row] + dot(layer.u, row, h);
          if (layer.input != Input::token) t[gate] += dot(layer.w, row, x);
          if (layer.input == Input::token && token < layer.inputs) {
            t[gate] += layer.w.f32[std::size_t{row} * layer.inputs + token];
          }
        }
        c_[l][unit] = sigmoid(t[1]) * c_[l][unit] + sigmoid(t[0]) * std::tanh(t[2]);
        h_[l][unit] = sigmoid(t[3]) * std::tanh(c_[l][unit]);
      }
      x = h_[l];
    }
    top_ = x;
  }
  std::vector<double> scores() const {
    const tool::ImageLayer& head = content_.layers.back();
    std::vector<double> scores(head.bias_f32.begin(), head.bias_f32.end());
    for (std::uint32_t row = 0; row < head.outputs; ++row) scores[row] += dot(head.w, row, top_);
    return scores;
  }

 private:
  static double dot(const tool::ImageMatrix& m, std::uint32_t row, const std::vector<double>& x) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += m.f32[row * x.size() + i] * x[i];
    return sum;
  }
  const tool::ImageContent& content_;
  std::vector<std::vector<double>> c_, h_;
  std::vector<double> top_;
};

const std::vector<ModelShape> k_s8_shapes = {
    {Type::s8, Input::token, 57, {128}, 18},   {Type::s8, Input::token, 5, {1}, 1},
    {Type::s8, Input::token, 28, {33, 7}, 28}, {Type::s8, Input::s16, 3, {20}, 2},
    {Type::s8, Input::s16, 10, {16, 17}, 70},  {Type::s8, Input::s8, 13, {5, 36, 4}, 5},
};

}  // namespace

TEST_CASE("an int8 model gives the bits of the specification in every packing") {
  for (const ModelShape& shape : k_s8_shapes) {
    for (const Packing packing : {Packing::host, Packing::cortex_m}) {
      const tool::ImageContent content = random_model(shape, 11);
      Runner runner(content, packing);
      PlainS8 plain(content);
      tool::Random random(5);
      for (int step = 0; step < 40; ++step) {
        const auto token = static_cast<std::uint32_t>(random.below(shape.inputs + 1));
        std::vector<std::int16_t> x(shape.inputs);
        const int most = shape.input == Input::s16 ? 32767 : 127;
        for (auto& v : x) v = static_cast<std::int16_t>(random.uniform(-most, most + 1));
        if (shape.input == Input::token) {
          runner.stream.step(token);
        } else {
          runner.stream.step_s16(x.data());
        }
        plain.step({x.begin(), x.end()}, token);
        const std::vector<std::int32_t> want = plain.scores();
        const std::int32_t* const got = runner.stream.scores_s32();
        REQUIRE(std::vector<std::int32_t>(got, got + shape.outputs) == want);
      }
      runner.stream.reset();
      PlainS8 fresh(content);
      fresh.step(std::vector<std::int32_t>(shape.inputs), shape.inputs);
      if (shape.input == Input::token) {
        const float x[64] = {};
        runner.stream.step_f32(x);  // the wrong kind of step: no input
      } else {
        runner.stream.step(0);
      }
      CHECK(runner.stream.scores_s32()[0] == fresh.scores()[0]);
    }
  }
}

TEST_CASE("a float model agrees with double precision in every packing") {
  for (const ModelShape& shape : std::vector<ModelShape>{{Type::f32, Input::token, 57, {128}, 18},
                                                         {Type::f32, Input::f32, 3, {20, 33}, 5},
                                                         {Type::f32, Input::f32, 1, {1}, 1}}) {
    for (const Packing packing : {Packing::host, Packing::cortex_m}) {
      const tool::ImageContent content = random_model(shape, 3);
      Runner runner(content, packing);
      PlainF32 plain(content);
      tool::Random random(6);
      for (int step = 0; step < 40; ++step) {
        const auto token = static_cast<std::uint32_t>(random.below(shape.inputs + 1));
        std::vector<float> x(shape.inputs);
        for (float& v : x) v = static_cast<float>(random.normal());
        if (shape.input == Input::token) {
          runner.stream.step(token);
        } else {
          runner.stream.step_f32(x.data());
        }
        plain.step({x.begin(), x.end()}, token);
        const std::vector<double> want = plain.scores();
        const float* const got = runner.stream.scores_f32();
        std::uint32_t best = 0;
        for (std::uint32_t i = 0; i < shape.outputs; ++i) {
          CHECK(std::abs(got[i] - want[i]) < 1e-5 * (1 + std::abs(want[i])));
          if (got[i] > got[best]) best = i;
        }
        CHECK(runner.stream.argmax() == best);
      }
    }
  }
}

TEST_CASE("a real input is quantized as documented") {
  const tool::ImageContent content = random_model({Type::s8, Input::s16, 4, {8}, 3}, 4);
  Runner floats(content), steps(content);
  const float inf = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const auto x_of = [&](int i, float q) {
    return content.mean[static_cast<std::size_t>(i)] + q / 8000.0F;
  };
  const std::vector<std::pair<std::vector<float>, std::vector<std::int16_t>>> cases = {
      {{inf, -inf, nan, x_of(3, 0)}, {32767, -32767, 0, 0}},
      {{x_of(0, 100.25F), x_of(1, -100.25F), x_of(2, 1e9F), x_of(3, -1e9F)},
       {100, -100, 32767, -32767}},
      {{x_of(0, 0.75F), x_of(1, -0.75F), 3.4e38F, -3.4e38F}, {1, -1, 32767, -32767}}};
  for (const auto& [x, q] : cases) {
    floats.stream.step_f32(x.data());
    steps.stream.step_s16(q.data());
    for (int i = 0; i < 3; ++i) {
      CHECK(floats.stream.scores_s32()[i] == steps.stream.scores_s32()[i]);
    }
  }
  float out[3];
  floats.stream.scores(out);
  CHECK(out[1] == static_cast<float>(floats.stream.scores_s32()[1]) / 65536.0F);
}

TEST_CASE("argmax of equal scores is the lowest index") {
  tool::ImageContent content = random_model({Type::s8, Input::token, 4, {4}, 3}, 4);
  for (auto& w : content.layers.back().w.s8) w = 0;
  content.layers.back().bias_s32 = {5, 9, 9};
  Runner runner(content);
  runner.stream.step(1);
  CHECK(runner.stream.argmax() == 1);
}

TEST_CASE("a saved state continues with the same bits, in another packing too") {
  for (const Type type : {Type::s8, Type::f32}) {
    const tool::ImageContent content = random_model({type, Input::token, 28, {33, 9}, 7}, 8);
    Runner first(content, Packing::host), second(content, Packing::cortex_m);
    for (std::uint32_t token : {1U, 5U, 9U, 27U}) first.stream.step(token);
    std::vector<std::uint8_t> blob(first.stream.save_bytes());
    REQUIRE(first.stream.save({blob.data(), blob.size()}) == Status::ok);
    CHECK(first.stream.save({blob.data(), blob.size() - 1}) == Status::bad_state);
    REQUIRE(second.stream.restore({blob.data(), blob.size()}) == Status::ok);
    for (std::uint32_t token : {2U, 3U}) {
      first.stream.step(token);
      second.stream.step(token);
      for (int i = 0; i < 7; ++i) {
        CHECK(first.stream.scores_s32()[i] == second.stream.scores_s32()[i]);
      }
    }
  }
}

TEST_CASE("a state of another model, cut short, or of another format is refused") {
  const tool::ImageContent content = random_model({Type::s8, Input::token, 28, {9}, 7}, 8);
  Runner one(content), other(random_model({Type::s8, Input::token, 28, {9}, 7}, 9));
  one.stream.step(3);
  std::vector<std::uint8_t> blob(one.stream.save_bytes());
  REQUIRE(one.stream.save({blob.data(), blob.size()}) == Status::ok);
  CHECK(other.stream.restore({blob.data(), blob.size()}) == Status::wrong_model);
  for (std::size_t n = 0; n < blob.size(); ++n) {
    CHECK(one.stream.restore({blob.data(), n}) == Status::bad_state);
  }
  blob[4] ^= 1;
  CHECK(one.stream.restore({blob.data(), blob.size()}) == Status::bad_state);
}

TEST_CASE("a restored state may hold any integers") {
  const tool::ImageContent content = random_model({Type::s8, Input::token, 28, {9}, 7}, 8);
  Runner runner(content);
  std::vector<std::uint8_t> blob(runner.stream.save_bytes());
  REQUIRE(runner.stream.save({blob.data(), blob.size()}) == Status::ok);
  struct Extreme {
    std::int32_t c;
    std::int8_t h8;
    std::int16_t h16;
  };
  for (const Extreme& e : {Extreme{INT32_MIN, -128, INT16_MIN}, Extreme{INT32_MAX, 127, INT16_MAX},
                           Extreme{INT32_MAX, -128, INT16_MIN}}) {
    std::uint8_t* const state = blob.data() + 16;  // behind the header: c, h, h in 16 bits
    for (std::size_t i = 0; i < 9; ++i) {
      std::memcpy(state + 4 * i, &e.c, 4);
      std::memcpy(state + 36 + i, &e.h8, 1);
      std::memcpy(state + 45 + 2 * i, &e.h16, 2);
    }
    REQUIRE(runner.stream.restore({blob.data(), blob.size()}) == Status::ok);
    std::vector<std::uint8_t> again(blob.size());
    REQUIRE(runner.stream.save({again.data(), again.size()}) == Status::ok);
    CHECK(again == blob);
    for (std::uint32_t token = 0; token < 28; ++token) runner.stream.step(token);
    CHECK(runner.stream.argmax() < 7);
  }
}

TEST_CASE("streams share a model and, one after the other, the scratch") {
  const tool::ImageContent content = random_model({Type::s8, Input::token, 28, {33}, 7}, 8);
  Runner runner(content);
  const ArenaBytes bytes = runner.model.arena_bytes();
  test::AlignedBytes memory(2 * bytes.state), scratch(bytes.scratch);
  Arena arena(memory.view());
  Stream a, b;
  REQUIRE(a.bind(runner.model, arena, Isa::scalar, scratch.view()) == Status::ok);
  REQUIRE(b.bind(runner.model, arena, Isa::scalar, scratch.view()) == Status::ok);
  Stream none;
  CHECK(none.bind(runner.model, arena, Isa::scalar, scratch.view()) == Status::arena_too_small);
  CHECK(none.bind(runner.model, arena, Isa::scalar, {scratch.data(), scratch.size() - 1}) ==
        Status::arena_too_small);
  CHECK(none.bind(runner.model, arena, static_cast<Isa>(99)) == Status::isa_not_available);
  CHECK(none.bind(Model(), arena) == Status::not_loaded);
  for (std::uint32_t token : {4U, 2U, 7U}) {
    a.step(token);
    b.step(27 - token);
    runner.stream.step(token);
  }
  const std::int32_t of_a = a.scores_s32()[3], of_b = b.scores_s32()[3];
  CHECK(of_a == runner.stream.scores_s32()[3]);
  CHECK(of_b != of_a);
}

TEST_CASE("a watched cell shows every unit and changes nothing") {
  const tool::ImageContent content = random_model({Type::s8, Input::token, 28, {33, 5}, 7}, 8);
  const Cell* const cells[] = {&cell::lstm_s8_watched, &cell::linear_s8};
  Runner plain(content), watched(content, Packing::host, cells);
  struct Seen {
    std::size_t units[2] = {};
    double largest_c = 0;
  } seen;
  const Watch watch = {
      [](void* user, size_t layer, size_t, size_t units, const int32_t* t, const int32_t* c) {
        auto& s = *static_cast<Seen*>(user);
        s.units[layer] += units;
        for (std::size_t i = 0; i < units; ++i) {
          s.largest_c = std::max(s.largest_c, std::abs(c[i] / k_cell_steps));
          REQUIRE(std::abs(t[i]) < INT32_MAX);
        }
      },
      &seen};
  watched.stream.watch(&watch);
  for (std::uint32_t token : {4U, 2U, 7U}) {
    plain.stream.step(token);
    watched.stream.step(token);
  }
  CHECK(seen.units[0] == 3 * 36);
  CHECK(seen.units[1] == 3 * 8);
  CHECK(seen.largest_c > 0);
  CHECK(plain.stream.scores_s32()[2] == watched.stream.scores_s32()[2]);
}
