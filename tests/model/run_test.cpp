// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Many steps in one call, and streams that share scratch: the same bits as one step at a time of
// one stream.
#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "inputs.hpp"
#include "random_model.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

constexpr Kind k_every_kind[] = {Kind::lstm, Kind::gru, Kind::gru_before, Kind::rnn};
constexpr std::uint32_t k_outputs = 5;

// Every kind with every input, cells of the other kinds above it.
std::vector<ModelShape> every_shape() {
  std::vector<ModelShape> shapes;
  for (const Kind kind : k_every_kind) {
    for (const Format format : {Format::s8, Format::s16}) {
      const LayerShapes layers = {
          .kinds = {kind}, .initial = true, .recurrent = format, .between = format};
      shapes.push_back({Type::s8, Format::token, 28, {33, 9}, k_outputs, layers});
      shapes.push_back({Type::s8, Format::s16, 6, {18, 21}, k_outputs, layers});
    }
    const LayerShapes layers = {.kinds = {kind}, .initial = true};
    shapes.push_back({Type::s8, Format::s8, 17, {16}, k_outputs, layers});
    shapes.push_back({Type::f32, Format::token, 28, {33, 9}, k_outputs, layers});
    shapes.push_back({Type::f32, Format::f32, 6, {18, 21}, k_outputs, layers});
  }
  shapes.push_back({Type::s8,
                    Format::token,
                    28,
                    {9, 18, 27, 12},
                    k_outputs,
                    {.kinds = {Kind::gru_before, Kind::rnn, Kind::lstm, Kind::gru}}});
  return shapes;
}

// A model with the scores of a sequence taken step by step, and the state behind it.
struct Stepped {
  tool::ImageContent content;
  Inputs inputs;
  Scores scores;
  std::vector<std::uint8_t> state;
};

std::vector<std::uint8_t> state_of(const Stream& stream) {
  std::vector<std::uint8_t> blob(stream.save_bytes());
  REQUIRE(stream.save({blob.data(), blob.size()}) == Status::ok);
  return blob;
}

Scores some(const Scores& scores, std::size_t first, std::size_t steps) {
  const auto from = scores.begin() + static_cast<std::ptrdiff_t>(first * k_outputs);
  return {from, from + static_cast<std::ptrdiff_t>(steps * k_outputs)};
}

Stepped stepped(const ModelShape& shape, Packing packing, Isa isa, std::size_t steps) {
  Stepped result = {random_model(shape, 21), {}, {}, {}};
  result.inputs = random_inputs(result.content, steps, 22);
  Runner runner(result.content, packing, isa);
  for (std::size_t s = 0; s < steps; ++s) {
    step(runner.stream, result.inputs, s);
    const Scores now = scores_of(runner.stream);
    result.scores.insert(result.scores.end(), now.begin(), now.end());
  }
  result.state = state_of(runner.stream);
  return result;
}

// Calls check(shape, packing, isa) for all of them.
template <class Check>
void in_every_way(Check check) {
  for (const ModelShape& shape : every_shape()) {
    for (const Packing packing : k_every_packing) {
      for (const Isa isa : available_sets()) {
        const std::string name = text_of(shape) + " on " + name_of(isa);
        INFO(name << ", packing " << static_cast<int>(packing));
        check(shape, packing, isa);
      }
    }
  }
}

}  // namespace

TEST_CASE("a run gives the bits of its steps, whatever its length") {
  in_every_way([](const ModelShape& shape, Packing packing, Isa isa) {
    const Stepped want = stepped(shape, packing, isa, 20);
    Runner runner(want.content, packing, isa);
    for (std::size_t length = 1; length <= 20; ++length) {
      runner.stream.reset();
      REQUIRE(run_with_scores(runner.stream, want.inputs, 0, length) ==
              some(want.scores, 0, length));
      REQUIRE(scores_of(runner.stream) == some(want.scores, length - 1, 1));
      runner.stream.reset();
      run(runner.stream, want.inputs, 0, length);
      REQUIRE(scores_of(runner.stream) == some(want.scores, length - 1, 1));
    }
    CHECK(state_of(runner.stream) == want.state);
  });
}

TEST_CASE("runs and steps take turns in a sequence") {
  in_every_way([](const ModelShape& shape, Packing packing, Isa isa) {
    const Stepped want = stepped(shape, packing, isa, 40);
    Runner runner(want.content, packing, isa);
    std::size_t at = 0;
    for (const std::size_t length : {3U, 8U, 1U, 9U, 0U, 2U}) {
      step(runner.stream, want.inputs, at++);
      REQUIRE(run_with_scores(runner.stream, want.inputs, at, length) ==
              some(want.scores, at, length));
      at += length;
      step(runner.stream, want.inputs, at++);
      REQUIRE(scores_of(runner.stream) == some(want.scores, at - 1, 1));
    }
    run(runner.stream, want.inputs, at, 40 - at);
    CHECK(state_of(runner.stream) == want.state);
  });
}

TEST_CASE("a run of no steps changes nothing") {
  Runner runner(random_model({Type::s8, Format::token, 4, {5}, k_outputs}, 1));
  runner.stream.step(3);
  const std::vector<std::uint8_t> before = state_of(runner.stream);
  std::int32_t score = 7;
  runner.stream.run(nullptr, 0, &score);
  CHECK(state_of(runner.stream) == before);
  CHECK(score == 7);
}

TEST_CASE("the wrong kind of run counts as steps without input") {
  const float f32[24] = {1, 2, 3};
  const std::int16_t s16[24] = {1, 2, 3};
  const std::uint32_t tokens[12] = {1, 2, 3};
  const auto wrong = [&](Stream& stream, Format right, int which) {
    if (which == 0 && right != Format::token) stream.run(tokens, 12);
    if (which == 0 && right == Format::token) stream.run_f32(f32, 12);
    if (which == 1 && right != Format::s16) stream.run_s16(s16, 12);
    if (which == 1 && right == Format::s16) stream.run(tokens, 12, static_cast<float*>(nullptr));
  };
  for (const Kind kind : k_every_kind) {
    for (const ModelShape& shape :
         std::vector<ModelShape>{{Type::s8, Format::token, 2, {9}, k_outputs, {.kinds = {kind}}},
                                 {Type::s8, Format::s16, 2, {9}, k_outputs, {.kinds = {kind}}},
                                 {Type::f32, Format::token, 2, {9}, k_outputs, {.kinds = {kind}}},
                                 {Type::f32, Format::f32, 2, {9}, k_outputs, {.kinds = {kind}}}}) {
      const tool::ImageContent content = random_model(shape, 1);
      // A matrix of zeros makes any input none.
      tool::ImageContent deaf = content;
      for (auto& w : deaf.layers[0].w.s8) w = 0;
      for (auto& w : deaf.layers[0].w.f32) w = 0;
      Runner want(deaf);
      run(want.stream, random_inputs(deaf, 12, 1), 0, 12);
      for (const int which : {0, 1}) {
        Runner runner(content);
        wrong(runner.stream, shape.input, which);
        CHECK(scores_of(runner.stream) == scores_of(want.stream));
      }
    }
  }
}

TEST_CASE("scores as floats are those of Q15.16, in a run as after a step") {
  const tool::ImageContent content =
      random_model({Type::s8, Format::token, 28, {33}, k_outputs}, 8);
  const Inputs inputs = random_inputs(content, 20, 3);
  Runner one(content), other(content);
  const std::vector<float> floats = run_for<float>(one.stream, inputs, 0, 20);
  const std::vector<std::int32_t> integers = run_for<std::int32_t>(other.stream, inputs, 0, 20);
  for (std::size_t i = 0; i < floats.size(); ++i) {
    CHECK(floats[i] == static_cast<float>(integers[i]) * 0x1p-16F);
  }
  // A float model has no integer scores: they are left as they are.
  const tool::ImageContent real = random_model({Type::f32, Format::token, 28, {33}, k_outputs}, 8);
  Runner third(real);
  CHECK(run_for<std::int32_t>(third.stream, inputs, 0, 20) ==
        std::vector<std::int32_t>(20 * k_outputs, static_cast<std::int32_t>(k_untouched)));
}

TEST_CASE("streams on one model take turns in one scratch, by steps and by runs") {
  constexpr std::size_t steps = 24;
  in_every_way([](const ModelShape& shape, Packing packing, Isa isa) {
    const Stepped want = stepped(shape, packing, isa, steps);
    Runner owner(want.content, packing, isa);
    const ArenaBytes bytes = owner.model.arena_bytes();
    AlignedBytes memory(3 * bytes.state), scratch(bytes.scratch);
    std::memset(scratch.data(), 0xFF, scratch.size());
    Arena arena(memory.view());
    Stream streams[3];
    std::size_t at[3] = {0, 0, 0};
    for (Stream& stream : streams) {
      REQUIRE(stream.bind(owner.model, arena, isa, scratch.view()) == Status::ok);
    }
    CHECK(arena.used() == 3 * bytes.state);
    // The first steps, the second runs, the third does both; none is in step with the others.
    for (std::size_t turn = 0; at[0] < steps; ++turn) {
      step(streams[0], want.inputs, at[0]++);
      REQUIRE(scores_of(streams[0]) == some(want.scores, at[0] - 1, 1));
      if (at[1] < steps && turn % 3 == 0) {
        REQUIRE(run_with_scores(streams[1], want.inputs, at[1], 3) == some(want.scores, at[1], 3));
        at[1] += 3;
      }
      if (turn % 2 == 0) {
        step(streams[2], want.inputs, at[2]);
        run(streams[2], want.inputs, at[2] + 1, 1);
        at[2] += 2;
        REQUIRE(scores_of(streams[2]) == some(want.scores, at[2] - 1, 1));
      }
    }
    for (const Stream& stream : streams) CHECK(state_of(stream) == want.state);
  });
}

TEST_CASE("scratch too small, misaligned or absent is refused") {
  Runner runner(random_model({Type::s8, Format::token, 28, {33}, k_outputs}, 8));
  const ArenaBytes bytes = runner.model.arena_bytes();
  AlignedBytes memory(bytes.state), scratch(bytes.scratch + k_arena_align);
  Arena arena(memory.view());
  Stream stream;
  const auto bind = [&](View<std::uint8_t> view) {
    return stream.bind(runner.model, arena, Isa::scalar, view);
  };
  CHECK(bind({}) == Status::arena_too_small);
  CHECK(bind({scratch.data(), bytes.scratch - 1}) == Status::arena_too_small);
  CHECK(bind({scratch.data() + k_arena_align / 2, bytes.scratch}) == Status::arena_too_small);
  CHECK(stream.bind(runner.model, arena, static_cast<Isa>(99)) == Status::isa_not_available);
  CHECK(stream.bind(Model(), arena) == Status::not_loaded);
  CHECK_FALSE(stream.bound());
  CHECK(arena.used() == 0);
  CHECK(bind(scratch.view()) == Status::ok);
  CHECK(bind(scratch.view()) == Status::arena_too_small);  // no state left
}
