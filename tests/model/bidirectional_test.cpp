// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Bidirectional models: whole sequences against the plain implementation, of any length up to the
// greatest that the image allows.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "plain.hpp"
#include "random_model.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

constexpr Kind k_every_kind[] = {Kind::lstm, Kind::gru, Kind::gru_before, Kind::rnn};
constexpr std::uint32_t k_most = 19;  // not a multiple of the steps that go together

LayerShapes both_ways(Kind kind, bool initial, std::vector<bool> layers = {true}) {
  return {
      .kinds = {kind}, .bidirectional = std::move(layers), .max_steps = k_most, .initial = initial};
}

std::vector<ModelShape> shapes_of(Type type, Kind kind) {
  const Format real = type == Type::f32 ? Format::f32 : Format::s16;
  return {{type, Format::token, 28, {33}, 5, both_ways(kind, true)},
          {type, real, 6, {9, 18}, 5, both_ways(kind, false)},
          // Layers that go forward only, above and below.
          {type, real, 3, {12, 7}, 70, both_ways(kind, true, {true, false})},
          {type, Format::token, 9, {5, 4, 8}, 2, both_ways(kind, true, {false, true, false})}};
}

// Calls check(runner, inputs, what) for a model in every packing on every set.
template <class Check>
void in_every_way(const ModelShape& shape, Check check) {
  const tool::ImageContent content = random_model(shape, 31);
  const Inputs inputs = random_inputs(content, k_most + 5, 32);
  for (const Packing packing : k_every_packing) {
    for (const Isa isa : available_sets()) {
      const std::string name = text_of(shape) + " on " + name_of(isa);
      INFO(name << ", packing " << static_cast<int>(packing));
      Runner runner(content, packing, isa);
      CHECK(runner.model.max_steps() == k_most);
      check(runner, inputs, content);
    }
  }
}

// Score i of step s is off by this much of the greatest of its step.
double error_of(const Scores& got, const Vectors<double>& want) {
  double worst = 0;
  std::size_t at = 0;
  for (const std::vector<double>& step : want) {
    double size = 1;
    for (const double score : step) size = std::max(size, std::abs(score));
    for (const double score : step) {
      const double off = std::abs(std::bit_cast<float>(got[at++]) - score) / size;
      worst = off <= worst ? worst : off;  // a NaN is taken over
    }
  }
  return worst;
}

Scores bits_of(const Vectors<std::int32_t>& scores) {
  Scores bits;
  for (const auto& step : scores) {
    for (const std::int32_t score : step) bits.push_back(std::bit_cast<std::uint32_t>(score));
  }
  return bits;
}

Scores last_of(const Scores& scores, std::uint32_t outputs) {
  return {scores.end() - static_cast<std::ptrdiff_t>(outputs), scores.end()};
}

}  // namespace

TEST_CASE("an int8 bidirectional model gives the bits of the specification") {
  for (const Kind kind : k_every_kind) {
    for (ModelShape shape : shapes_of(Type::s8, kind)) {
      for (const Format format : {Format::s8, Format::s16}) {
        shape.more.recurrent = shape.more.between = format;
        in_every_way(shape, [&](Runner& runner, const Inputs& inputs, const auto& content) {
          for (std::size_t steps = 1; steps <= k_most; ++steps) {
            const Scores want = bits_of(PlainS8(content).run(inputs, 2, steps));
            REQUIRE(run_with_scores(runner.stream, inputs, 2, steps) == want);
            CHECK(scores_of(runner.stream) == last_of(want, shape.outputs));
          }
        });
      }
    }
  }
}

TEST_CASE("a float bidirectional model agrees with double precision") {
  for (const Kind kind : k_every_kind) {
    for (const ModelShape& shape : shapes_of(Type::f32, kind)) {
      in_every_way(shape, [&](Runner& runner, const Inputs& inputs, const auto& content) {
        for (const std::size_t steps : {1U, 2U, 7U, 8U, 9U, k_most}) {
          const Vectors<double> want = PlainF32(content).run(inputs, 0, steps);
          const Scores got = run_with_scores(runner.stream, inputs, 0, steps);
          REQUIRE(error_of(got, want) < 4e-6);  // see float_test.cpp
          CHECK(scores_of(runner.stream) == last_of(got, shape.outputs));
        }
      });
    }
  }
}

TEST_CASE("a float sequence may be one step longer than the steps that go together") {
  for (const Kind kind : k_every_kind) {
    ModelShape shape = {Type::f32, Format::f32, 6, {9, 18}, 5, both_ways(kind, true)};
    shape.more.max_steps = 2 * steps_at_once(Packing::host, Type::f32) + 1;
    const tool::ImageContent content = random_model(shape, 33);
    const Inputs inputs = random_inputs(content, shape.more.max_steps, 34);
    for (const Isa isa : available_sets()) {
      INFO(text_of(shape) << " on " << name_of(isa));
      Runner runner(content, k_every_packing[0], isa);
      for (const std::uint32_t steps : {shape.more.max_steps / 2 + 1, shape.more.max_steps}) {
        CAPTURE(steps);
        const Vectors<double> want = PlainF32(content).run(inputs, 0, steps);
        CHECK(error_of(run_with_scores(runner.stream, inputs, 0, steps), want) < 4e-6);
      }
    }
  }
}

TEST_CASE("a sequence is cut after max_steps, and scores of no other step are written") {
  for (const Kind kind : k_every_kind) {
    for (const Type type : {Type::s8, Type::f32}) {
      const ModelShape shape = {type, Format::token, 28, {33}, 5, both_ways(kind, true)};
      in_every_way(shape, [&](Runner& runner, const Inputs& inputs, const auto&) {
        Scores whole = run_with_scores(runner.stream, inputs, 0, k_most);
        whole.resize(whole.size() + std::size_t{5} * shape.outputs, k_untouched);
        CHECK(run_with_scores(runner.stream, inputs, 0, k_most + 5) == whole);
      });
    }
  }
}

TEST_CASE("each run of a bidirectional model is a sequence of its own, and so is each step") {
  const ModelShape shape = {Type::s8, Format::token, 28, {9, 5}, 5, both_ways(Kind::lstm, true)};
  in_every_way(shape, [&](Runner& runner, const Inputs& inputs, const auto& content) {
    const Scores first = run_with_scores(runner.stream, inputs, 0, 11);
    run(runner.stream, inputs, 3, 6);
    const Scores alone = bits_of(PlainS8(content).run(inputs, 7, 1));
    step(runner.stream, inputs, 7);
    CHECK(scores_of(runner.stream) == alone);
    CHECK(run_with_scores(runner.stream, inputs, 0, 11) == first);
    CHECK(runner.stream.argmax() < shape.outputs);
    runner.stream.reset();
    CHECK(scores_of(runner.stream) == Scores(shape.outputs, 0));
    run(runner.stream, inputs, 0, 11);
    run(runner.stream, inputs, 0, 0);  // an empty sequence has no scores either
    CHECK(scores_of(runner.stream) == Scores(shape.outputs, 0));
  });
}

TEST_CASE("the memory of a bidirectional model is that of its longest sequence") {
  ModelShape shape = {Type::s8, Format::s16, 7, {20, 12}, 5, both_ways(Kind::gru, false)};
  std::uint32_t before = 0;
  for (const std::uint32_t most : {1U, 8U, 9U, 1000U}) {
    shape.more.max_steps = most;
    const tool::ImageContent content = random_model(shape, 31);
    const Inputs inputs = random_inputs(content, most, 32);
    Runner runner(content);
    CHECK(runner.model.arena_bytes().scratch > before);
    before = runner.model.arena_bytes().scratch;
    CHECK(run_with_scores(runner.stream, inputs, 0, most) ==
          bits_of(PlainS8(content).run(inputs, 0, most)));
  }
}
