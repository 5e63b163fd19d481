// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What else a Stream does: real inputs as integers, the greatest score, shares, watching a network.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <rondo/numeric.hpp>

#include "inputs.hpp"
#include "random_model.hpp"

using namespace rondo;
using namespace rondo::test;

TEST_CASE("a real input is quantized as documented") {
  const float inf = std::numeric_limits<float>::infinity();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const Format format : {Format::s16, Format::s8}) {
    const tool::ImageContent content = random_model({Type::s8, format, 4, {8}, 3}, 4);
    const int most = format == Format::s16 ? 32767 : 127;
    const auto x_of = [&](std::size_t i, float q) {
      return content.mean[i] + q / content.inv_step[i];
    };
    using Steps = std::vector<std::int16_t>;
    const auto top = static_cast<std::int16_t>(most), bottom = static_cast<std::int16_t>(-most);
    const std::vector<std::pair<std::vector<float>, Steps>> cases = {
        {{inf, -inf, nan, x_of(3, 0)}, {top, bottom, 0, 0}},
        {{x_of(0, 100.25F), x_of(1, -100.25F), x_of(2, 1e9F), x_of(3, -1e9F)},
         {100, -100, top, bottom}},
        {{x_of(0, 0.75F), x_of(1, -0.75F), 3.4e38F, -3.4e38F}, {1, -1, top, bottom}},
        {{-nan, x_of(1, 0.25F), 1e-45F, x_of(3, -0.25F)}, {0, 0, 0, 0}}};
    for (const Packing packing : k_every_packing) {
      Runner floats(content, packing), steps(content, packing);
      for (auto [x, q] : cases) {
        if (x[2] == 1e-45F) {  // a denormal is as good as 0
          q[2] = static_cast<std::int16_t>(
              std::floor((0.0F - content.mean[2]) * content.inv_step[2] + 0.5F));
        }
        floats.stream.step_f32(x.data());
        steps.stream.step_s16(q.data());
        CHECK(scores_of(floats.stream) == scores_of(steps.stream));
      }
    }
  }
}

TEST_CASE("integer steps beyond the range of the input saturate") {
  for (const Format format : {Format::s16, Format::s8}) {
    const tool::ImageContent content = random_model({Type::s8, format, 2, {8}, 3}, 4);
    const auto most = static_cast<std::int16_t>(format == Format::s16 ? 32767 : 127);
    const std::int16_t beyond[] = {INT16_MIN, INT16_MAX};
    const std::int16_t most_of_all[] = {static_cast<std::int16_t>(-most), most};
    Runner one(content), other(content);
    one.stream.step_s16(beyond);
    other.stream.step_s16(most_of_all);
    CHECK(scores_of(one.stream) == scores_of(other.stream));
  }
}

TEST_CASE("argmax is the greatest score, of equals the lowest index") {
  tool::ImageContent content = random_model({Type::s8, Format::token, 4, {4}, 4}, 4);
  for (auto& w : content.layers.back().w.s8) w = 0;
  const std::vector<std::pair<std::vector<std::int32_t>, std::uint32_t>> integers = {
      {{5, 9, 9, 8}, 1}, {{-3, -2, -2, -9}, 1}, {{7, 7, 7, 7}, 0}, {{-9, -8, -8, 0}, 3}};
  for (const auto& [scores, best] : integers) {
    content.layers.back().bias_s32 = scores;
    Runner runner(content);
    runner.stream.step(1);
    CHECK(runner.stream.argmax() == best);
  }
  tool::ImageContent real = random_model({Type::f32, Format::token, 4, {4}, 4}, 4);
  for (auto& w : real.layers.back().w.f32) w = 0;
  const std::vector<std::pair<std::vector<float>, std::uint32_t>> floats = {
      {{0.5F, 0.75F, 0.75F, -1}, 1}, {{-3, -2, -2.5F, -2}, 1}, {{-1e-30F, -1, 1e-30F, -3}, 2}};
  for (const auto& [scores, best] : floats) {
    real.layers.back().bias_f32 = scores;
    Runner runner(real);
    runner.stream.step(1);
    CHECK(runner.stream.argmax() == best);
  }
}

TEST_CASE(
    "softmax gives shares of one in the order of the scores; a view too short is left alone") {
  for (const Type type : {Type::s8, Type::f32}) {
    const tool::ImageContent content = random_model({type, Format::token, 4, {9}, 6}, 4);
    Runner runner(content);
    runner.stream.step(1);
    float scores[6], shares[6];
    runner.stream.scores(scores);
    runner.stream.softmax(shares);
    double sum = 0;
    for (const float score : scores) sum += std::exp(static_cast<double>(score));
    for (std::size_t i = 0; i < 6; ++i) {
      CHECK(std::abs(shares[i] - std::exp(static_cast<double>(scores[i])) / sum) < 1e-6);
    }
    float untouched[5] = {1, 2, 3, 4, 5};
    runner.stream.scores({untouched, 5});
    runner.stream.softmax({untouched, 5});
    CHECK(untouched[0] == 1);
    CHECK(untouched[4] == 5);
  }
}

namespace {

// Follows a network by what a Watch sees of it.
struct Follower {
  Kind kind;
  std::vector<std::int32_t> state[2];  // of each layer, as it must be
  std::size_t units[2] = {};           // seen
  int wrong = 0;

  void see(std::size_t layer, std::size_t first, std::size_t count, const std::int32_t* t,
           const std::int32_t* t_h, const std::int32_t* after) {
    units[layer] += count;
    wrong += (t_h != nullptr) == (kind == Kind::gru) ? 0 : 1;
    wrong += (after != nullptr) == (kind != Kind::rnn) ? 0 : 1;
    for (std::size_t k = 0; k < count; ++k) {
      std::int32_t& mine = state[layer][first + k];
      const auto at = [&](std::size_t gate) { return t[gate * count + k]; };
      const auto sum = [&](std::size_t gate) { return at(gate) + t_h[gate * count + k]; };
      if (kind == Kind::lstm) {
        mine = lstm_c(mine, sigmoid_gate(at(0)), sigmoid_gate(at(1)), tanh_gate(at(2)));
      } else if (kind == Kind::gru) {
        const std::int16_t n = gru_n(at(2), t_h[2 * count + k], sigmoid_gate(sum(0)));
        mine = gru_h(mine, sigmoid_gate(sum(1)), n);
      } else {
        mine = tanh_gate(at(0));
      }
      if (after != nullptr) wrong += mine == after[k] ? 0 : 1;
    }
  }
};

}  // namespace

TEST_CASE("a watched cell shows what its next state is made of, and changes nothing") {
  const std::pair<Kind, const Cell*> cells[] = {{Kind::lstm, &cell::lstm_s8_watched},
                                                {Kind::gru, &cell::gru_s8_watched},
                                                {Kind::rnn, &cell::rnn_s8_watched}};
  for (const auto& [kind, watched_cell] : cells) {
    const tool::ImageContent content =
        random_model({Type::s8, Format::token, 28, {33, 5}, 7, {.kinds = {kind}}}, 8);
    const Inputs inputs = random_inputs(content, 20, 9);
    const Cell* const list[] = {watched_cell, &cell::linear_s8};
    for (const Packing packing : k_every_packing) {
      for (const Isa isa : available_sets()) {
        Runner plain(content, packing, isa), watched(content, packing, isa, list);
        Follower follower{kind, {std::vector<std::int32_t>(36), std::vector<std::int32_t>(8)}};
        const Watch watch = {
            [](void* user, size_t layer, size_t first, size_t units, const std::int32_t* t,
               const std::int32_t* t_h, const std::int32_t* state) {
              static_cast<Follower*>(user)->see(layer, first, units, t, t_h, state);
            },
            &follower};
        run(watched.stream, inputs, 0, 2);  // nobody watches yet
        watched.stream.reset();
        watched.stream.watch(&watch);
        for (std::size_t s = 0; s < 5; ++s) {
          step(plain.stream, inputs, s);
          step(watched.stream, inputs, s);
        }
        CHECK(run_with_scores(watched.stream, inputs, 5, 15) ==
              run_with_scores(plain.stream, inputs, 5, 15));
        CHECK(follower.wrong == 0);
        CHECK(follower.units[0] == 20 * 36);
        CHECK(follower.units[1] == 20 * 8);
        for (std::uint32_t k = 0; kind == Kind::rnn && k < 5; ++k) {
          CHECK(follower.state[1][k] == watched.stream.hidden_s16(1)[k]);
        }
      }
    }
  }
}
