// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// dense, pool and skip in chains with recurrent layers: in every packing and on every kernel set
// the scores of a plain second implementation, however the steps are given.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "layers_cases.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

void run_s8(Rig& rig, const Steps<std::int32_t>& steps, std::uint32_t first, std::uint32_t count,
            std::int32_t* scores) {
  if (!steps.tokens.empty()) {
    rig.stream.run(steps.tokens.data() + first, count, scores);
  } else {
    const std::vector<std::int16_t> x = flat<std::int16_t>(steps.x);
    rig.stream.run_s16(x.data() + std::size_t{first} * rig.model.inputs(), count, scores);
  }
}

std::vector<std::int32_t> scores_of(Rig& rig) {
  const std::int32_t* const scores = rig.stream.scores_s32();
  return {scores, scores + rig.model.outputs()};
}

}  // namespace

TEST_CASE("int8 chains give the bits of the specification step by step") {
  for (const ChainSpec& spec : every_chain()) {
    CAPTURE(spec.name);
    const tool::ImageContent content = random_chain(spec, Type::s8, 21);
    const Steps<std::int32_t> steps = random_steps(spec, 22);
    const auto want = plain_s8(content, steps);
    everywhere([&](Packing packing, Isa isa) {
      Rig rig(content, packing, isa);
      for (std::uint32_t t = 0; t < k_steps; ++t) {
        run_s8(rig, steps, t, 1, nullptr);
        if (t % 3 == 1) continue;  // a step whose scores nobody asks for
        REQUIRE(scores_of(rig) == want[t]);
        REQUIRE(scores_of(rig) == want[t]);  // asking changes nothing
      }
    });
  }
}

TEST_CASE("int8 chains give the same in a run, and after save and restore elsewhere") {
  for (const ChainSpec& spec : every_chain()) {
    CAPTURE(spec.name);
    const tool::ImageContent content = random_chain(spec, Type::s8, 23);
    const Steps<std::int32_t> steps = random_steps(spec, 24);
    const auto want = plain_s8(content, steps);
    const std::vector<std::int32_t> all = flat<std::int32_t>(want);
    std::vector<std::uint8_t> blob;
    everywhere([&](Packing packing, Isa isa) {
      Rig rig(content, packing, isa), other(content, packing, isa);
      std::vector<std::int32_t> scores(all.size());
      run_s8(rig, steps, 0, k_steps, scores.data());
      REQUIRE(scores == all);
      REQUIRE(scores_of(rig) == want.back());

      rig.stream.reset();
      run_s8(rig, steps, 0, k_cut, nullptr);
      const std::vector<std::uint8_t> saved = rig.save();
      if (blob.empty()) blob = saved;
      REQUIRE(saved == blob);  // of the first packing and kernel set
      REQUIRE(other.stream.restore({blob.data(), blob.size()}) == Status::ok);
      REQUIRE(scores_of(other) == want[k_cut - 1]);
      scores.resize(std::size_t{k_steps - k_cut} * content.outputs);
      run_s8(other, steps, k_cut, k_steps - k_cut, scores.data());
      REQUIRE(std::equal(scores.rbegin(), scores.rend(), all.rbegin()));
    });
  }
}

TEST_CASE("the wrong kind of step counts as one without input") {
  for (const ChainSpec& spec : every_chain()) {
    CAPTURE(spec.name);
    const tool::ImageContent content = random_chain(spec, Type::s8, 25);
    const Steps<std::int32_t> steps = random_steps(spec, 26);
    Steps<std::int32_t> counted = steps;
    if (spec.input == k_token) {
      counted.tokens[1] = spec.inputs;
    } else {
      counted.x[1].clear();
    }
    const auto want = plain_s8(content, counted);
    everywhere([&](Packing packing, Isa isa) {
      Rig rig(content, packing, isa);
      for (std::uint32_t t = 0; t < 4; ++t) {
        if (t != 1) {
          run_s8(rig, steps, t, 1, nullptr);
        } else if (spec.input == k_token) {
          rig.stream.step_s16(nullptr);
        } else {
          rig.stream.step(0);
        }
        REQUIRE(scores_of(rig) == want[t]);
      }
    });
  }
}

TEST_CASE("a bidirectional layer below them") {
  const LayerSpec forward = {Kind::lstm, k_s16, 9, 0, k_s16, Direction::forward};
  const LayerSpec backward = {Kind::lstm, k_s16, 9, 0, k_s16, Direction::backward};
  const std::vector<ChainSpec> chains = {
      {"mean, dense, linear",
       k_s16,
       5,
       {forward, backward, pool(k_s16, 18, Pool::mean), dense(k_s16, 35, Activation::relu),
        linear(4)}},
      {"dense, linear, skip",
       k_s16,
       5,
       {dense(k_s16, 33, Activation::tanh), forward, backward, dense(k_s8, 65, Activation::none),
        linear(4), skip(4, k_s16)}}};
  for (ChainSpec spec : chains) {
    for (const std::uint32_t most : {k_steps, std::uint32_t{1}}) {
      CAPTURE(spec.name);
      CAPTURE(most);
      spec.max_steps = most;
      const tool::ImageContent content = random_chain(spec, Type::s8, 29);
      Steps<std::int32_t> steps = random_steps(spec, 30);
      steps.x.resize(most);
      const auto want = plain_s8(content, steps);
      everywhere([&](Packing packing, Isa isa) {
        Rig rig(content, packing, isa);
        std::vector<std::int32_t> scores(std::size_t{most} * content.outputs);
        run_s8(rig, steps, 0, most, scores.data());
        REQUIRE(scores == flat<std::int32_t>(want));
        REQUIRE(scores_of(rig) == want.back());
      });
    }
  }
}
