// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The chains of layers_test.cpp in float, against double precision.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "layers_cases.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

void run_f32(Rig& rig, const Steps<double>& steps, std::uint32_t first, std::uint32_t count,
             float* scores) {
  if (!steps.tokens.empty()) {
    rig.stream.run(steps.tokens.data() + first, count, scores);
  } else {
    const std::vector<float> x = flat<float>(steps.x);
    rig.stream.run_f32(x.data() + std::size_t{first} * rig.model.inputs(), count, scores);
  }
}

// The rounding of floats grows with a handful of additions a step: 1e-5 of the score is a hundred
// of their units, and a wrong weight or unit is wrong by far more.
bool close(const float* got, const std::vector<double>& want) {
  for (std::size_t i = 0; i < want.size(); ++i) {
    if (!(std::abs(got[i] - want[i]) < 1e-5 * (1 + std::abs(want[i])))) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("float chains agree with double precision, by step, in a run and after a restore") {
  for (const ChainSpec& of : every_chain()) {
    const ChainSpec spec = in_float(of);
    CAPTURE(spec.name);
    const tool::ImageContent content = random_chain(spec, Type::f32, 27);
    const Steps<double> steps = random_floats(spec, 28);
    const auto want = plain_f32(content, steps);
    everywhere([&](Packing packing, Isa isa) {
      Rig one(content, packing, isa), many(content, packing, isa), other(content, packing, isa);
      const std::size_t bytes = sizeof(float) * content.outputs;
      std::vector<float> all(std::size_t{k_steps} * content.outputs);
      run_f32(many, steps, 0, k_steps, all.data());
      for (std::uint32_t t = 0; t < k_steps; ++t) {
        run_f32(one, steps, t, 1, nullptr);
        const float* const of_run = all.data() + t * content.outputs;
        REQUIRE(close(of_run, want[t]));
        // The order of additions is fixed: the bits are the same.
        REQUIRE(std::memcmp(one.stream.scores_f32(), of_run, bytes) == 0);
        if (t + 1 != k_cut) continue;
        const std::vector<std::uint8_t> blob = one.save();
        REQUIRE(other.stream.restore({blob.data(), blob.size()}) == Status::ok);
        REQUIRE(std::memcmp(other.stream.scores_f32(), of_run, bytes) == 0);
      }
      run_f32(other, steps, k_cut, k_steps - k_cut, nullptr);
      REQUIRE(std::memcmp(other.stream.scores_f32(), one.stream.scores_f32(), bytes) == 0);
    });
  }
}

TEST_CASE("in float a step without input counts as zeros, and a skip adds nothing then") {
  for (const LayerSpec& first :
       {dense(Format::f32, 4, Activation::tanh), pool(Format::f32, 3, Pool::mean)}) {
    const ChainSpec spec = {"no input",
                            Format::f32,
                            3,
                            {first,
                             {Kind::lstm, Format::f32, 6, 0, Format::f32},
                             {Kind::linear, Format::f32, 3},
                             {Kind::skip, Format::f32, 3, 0, Format::f32}}};
    const tool::ImageContent content = random_chain(spec, Type::f32, 33);
    everywhere([&](Packing packing, Isa isa) {
      Rig zeros(content, packing, isa), none(content, packing, isa);
      const float x[] = {0.5F, -1.0F, 0.25F}, zero[] = {0.0F, 0.0F, 0.0F};
      for (Rig* const rig : {&zeros, &none}) rig->stream.step_f32(x);
      zeros.stream.step_f32(zero);
      none.stream.step(0);
      const float* const scores = none.stream.scores_f32();
      CHECK(close(zeros.stream.scores_f32(), {scores, scores + 3}));
    });
  }
}

TEST_CASE("in float a step of real input that is no token starts a dense layer from its biases") {
  const ChainSpec spec = {"embedding",
                          Format::token,
                          5,
                          {dense(Format::f32, 4, Activation::none),
                           {Kind::lstm, Format::f32, 6, 0, Format::f32},
                           {Kind::linear, Format::f32, 3}}};
  const tool::ImageContent content = random_chain(spec, Type::f32, 34);
  everywhere([&](Packing packing, Isa isa) {
    Rig outside(content, packing, isa), real(content, packing, isa);
    outside.stream.step(5);
    const float x[] = {1, 2, 3, 4, 5};
    real.stream.step_f32(x);
    CHECK(std::memcmp(outside.stream.scores_f32(), real.stream.scores_f32(), 3 * sizeof *x) == 0);
  });
}

TEST_CASE("in float the last layer may be a pool, of a bidirectional model too") {
  ChainSpec spec = {"maximum",
                    Format::f32,
                    3,
                    {{Kind::lstm, Format::f32, 9, 0, Format::f32, Direction::forward},
                     {Kind::lstm, Format::f32, 9, 0, Format::f32, Direction::backward},
                     pool(Format::f32, 18, Pool::max)}};
  for (const std::uint32_t most : {k_steps, std::uint32_t{1}}) {
    spec.max_steps = most;
    const tool::ImageContent content = random_chain(spec, Type::f32, 31);
    Steps<double> steps = random_floats(spec, 32);
    steps.x.resize(most);
    const auto want = plain_f32(content, steps);
    everywhere([&](Packing packing, Isa isa) {
      Rig rig(content, packing, isa);
      run_f32(rig, steps, 0, most, nullptr);
      REQUIRE(close(rig.stream.scores_f32(), want.back()));
    });
  }
}
