// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Floats that are no ordinary numbers: a NaN stays in its stream until reset, infinities do no
// harm beyond it, denormals change nothing that rounding would not.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "inputs.hpp"
#include "random_model.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

constexpr std::uint32_t k_inputs = 6, k_outputs = 5;
constexpr float k_nan = std::numeric_limits<float>::quiet_NaN();
constexpr float k_inf = std::numeric_limits<float>::infinity();

// Every cell, RNNs with every activation, a stack of all.
std::vector<ModelShape> every_shape() {
  std::vector<ModelShape> shapes;
  const auto add = [&](const LayerShapes& layers) {
    shapes.push_back({Type::f32, Format::f32, k_inputs, {21, 9}, k_outputs, layers});
  };
  for (const Kind kind : {Kind::lstm, Kind::gru, Kind::gru_before}) add({.kinds = {kind}});
  for (const Activation activation :
       {Activation::none, Activation::tanh, Activation::sigmoid, Activation::relu}) {
    add({.kinds = {Kind::rnn}, .activation = activation});
  }
  add({.kinds = {Kind::gru, Kind::rnn, Kind::lstm}});
  return shapes;
}

// Calls check(content, packing, isa) for all of them.
template <class Check>
void in_every_way(Check check) {
  for (const ModelShape& shape : every_shape()) {
    const tool::ImageContent content = random_model(shape, 41);
    for (const Packing packing : k_every_packing) {
      for (const Isa isa : available_sets()) {
        const std::string name = text_of(shape) + " on " + name_of(isa);
        INFO(name << ", packing " << static_cast<int>(packing));
        check(content, packing, isa);
      }
    }
  }
}

std::size_t nans_of(const Scores& scores) {
  return static_cast<std::size_t>(std::count_if(scores.begin(), scores.end(), [](auto bits) {
    return std::isnan(std::bit_cast<float>(bits));
  }));
}

}  // namespace

TEST_CASE("a NaN stays in its stream until reset, and no other stream sees it") {
  in_every_way([](const tool::ImageContent& content, Packing packing, Isa isa) {
    const Inputs good = random_inputs(content, 20, 42);
    for (const float nan : {k_nan, -k_nan}) {
      Inputs bad = good;
      bad.f32[3 * k_inputs + 2] = nan;
      Runner runner(content, packing, isa), untouched(content, packing, isa);
      const ArenaBytes bytes = runner.model.arena_bytes();
      const AlignedBytes memory(2 * bytes.state), scratch(bytes.scratch);
      Arena arena(memory.view());
      Stream sick, healthy;
      REQUIRE(sick.bind(runner.model, arena, isa, scratch.view()) == Status::ok);
      REQUIRE(healthy.bind(runner.model, arena, isa, scratch.view()) == Status::ok);
      for (std::size_t s = 0; s < 12; ++s) {
        step(sick, bad, s);
        CHECK(nans_of(scores_of(sick)) == (s < 3 ? 0 : k_outputs));
        step(healthy, good, s);
        step(untouched.stream, good, s);
        REQUIRE(scores_of(healthy) == scores_of(untouched.stream));
      }
      // The same in a run: steps before the NaN are clean, all after it are not.
      sick.reset();
      const Scores run = run_with_scores(sick, bad, 0, 20);
      const Scores want = run_with_scores(runner.stream, good, 0, 20);
      CHECK(std::equal(want.begin(), want.begin() + 3 * k_outputs, run.begin()));
      CHECK(nans_of(run) == 17 * k_outputs);
      sick.reset();
      CHECK(run_with_scores(sick, good, 0, 20) == want);
    }
  });
}

TEST_CASE("infinities and the greatest floats give numbers or NaN, and reset heals") {
  in_every_way([](const tool::ImageContent& content, Packing packing, Isa isa) {
    const Inputs good = random_inputs(content, 12, 42);
    Runner runner(content, packing, isa);
    const Scores want = run_with_scores(runner.stream, good, 0, 12);
    const float most = std::numeric_limits<float>::max();
    for (const float value : {k_inf, -k_inf, most, -most, 1e30F}) {
      for (const std::size_t places : {std::size_t{1}, std::size_t{k_inputs}}) {
        Inputs bad = good;
        for (std::size_t i = 0; i < places; ++i) bad.f32[2 * k_inputs + i] = value;
        runner.stream.reset();
        const Scores got = run_with_scores(runner.stream, bad, 0, 12);
        CHECK(std::equal(want.begin(), want.begin() + 2 * k_outputs, got.begin()));
        CHECK(runner.stream.argmax() < k_outputs);
        runner.stream.reset();
        CHECK(run_with_scores(runner.stream, good, 0, 12) == want);
      }
    }
  });
}

TEST_CASE("one infinite input opens or closes gates: bounded cells stay finite") {
  // Only one input counts, so no pre-activation is inf - inf.
  for (const Kind kind : {Kind::lstm, Kind::gru, Kind::gru_before, Kind::rnn}) {
    const tool::ImageContent content =
        random_model({Type::f32, Format::f32, 1, {21}, k_outputs, {.kinds = {kind}}}, 43);
    for (const Isa isa : available_sets()) {
      INFO("kind " << static_cast<int>(kind) << " on " << std::string(name_of(isa)));
      for (const float value : {k_inf, -k_inf, 3e38F}) {
        Runner runner(content, k_every_packing[0], isa);
        const float large = value > 0 ? 1e6F : -1e6F;
        Runner other(content, k_every_packing[0], isa);
        runner.stream.step_f32(&value);
        other.stream.step_f32(&large);
        for (std::uint32_t i = 0; i < k_outputs; ++i) {
          const float got = runner.stream.scores_f32()[i], want = other.stream.scores_f32()[i];
          CHECK(std::abs(got - want) < 1e-5F);  // gates are at their ends with either
        }
      }
    }
  }
}

TEST_CASE("denormal inputs, weights and states count as what they are: next to nothing") {
  in_every_way([](const tool::ImageContent& content, Packing packing, Isa isa) {
    Inputs tiny = random_inputs(content, 12, 44), zero = tiny;
    for (float& x : tiny.f32) x = x < 0 ? -1e-42F : 3e-40F;
    for (float& x : zero.f32) x = 0;
    Runner one(content, packing, isa), other(content, packing, isa);
    const Scores got = run_with_scores(one.stream, tiny, 0, 12);
    const Scores want = run_with_scores(other.stream, zero, 0, 12);
    for (std::size_t i = 0; i < got.size(); ++i) {
      CHECK(std::abs(std::bit_cast<float>(got[i]) - std::bit_cast<float>(want[i])) < 1e-35F);
    }
    tool::ImageContent faint = content;
    for (tool::ImageLayer& layer : faint.layers) {
      for (float& w : layer.w.f32) w *= 1e-40F;
      for (float& w : layer.u.f32) w *= 1e-40F;
      for (float& b : layer.bias_f32) b = 0;
    }
    Runner faint_one(faint, packing, isa);
    const Inputs ordinary = random_inputs(content, 12, 44);
    for (const std::uint32_t bits : run_with_scores(faint_one.stream, ordinary, 0, 12)) {
      CHECK(std::abs(std::bit_cast<float>(bits)) < 1e-35F);
    }
  });
}

TEST_CASE("an int8 model has no NaN: it counts as the mean, and the next step is as ever") {
  for (const Kind kind : {Kind::lstm, Kind::gru, Kind::gru_before, Kind::rnn}) {
    const tool::ImageContent content =
        random_model({Type::s8, Format::s16, 2, {9}, k_outputs, {.kinds = {kind}}}, 45);
    Runner one(content), other(content);
    const float bad[] = {k_nan, -k_nan};
    const std::int16_t mean[] = {0, 0}, then[] = {500, -500};
    one.stream.step_f32(bad);
    other.stream.step_s16(mean);
    CHECK(scores_of(one.stream) == scores_of(other.stream));
    one.stream.step_s16(then);
    other.stream.step_s16(then);
    CHECK(scores_of(one.stream) == scores_of(other.stream));
  }
}
