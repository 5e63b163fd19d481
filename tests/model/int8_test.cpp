// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// int8 models give the bits of the plain implementation, whatever the cell, the input, the formats
// of the activations, the packing and the kernel set.
#include <doctest/doctest.h>

#include <bit>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include <rondo/numeric.hpp>

#include "plain.hpp"
#include "random_model.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

constexpr Kind k_every_kind[] = {Kind::lstm, Kind::gru, Kind::gru_before, Kind::rnn};
constexpr Format k_widths[] = {Format::s8, Format::s16};

// Sizes around groups of 4 and 16 inputs, blocks of 8, 16, 32 and 64 units, whole and cut.
std::vector<ModelShape> shapes_of(Kind kind) {
  const auto s8 = Type::s8;
  return {
      {s8, Format::token, 57, {128}, 18, {.kinds = {kind}}},
      {s8, Format::token, 5, {1}, 1, {.kinds = {kind}}},
      {s8, Format::token, 28, {33, 7}, 28, {.kinds = {kind}, .initial = true}},
      {s8, Format::s16, 3, {20}, 2, {.kinds = {kind}, .initial = true}},
      {s8, Format::s16, 10, {16, 17}, 70, {.kinds = {kind}}},
      {s8, Format::s8, 13, {5, 36, 4}, 5, {.kinds = {kind}}},
      {s8, Format::s8, 65, {64, 68}, 3, {.kinds = {kind}, .initial = true, .head = Format::s8}}};
}

Scores bits_of(const Vectors<std::int32_t>& scores) {
  Scores bits;
  for (const auto& step : scores) {
    for (const std::int32_t score : step) bits.push_back(std::bit_cast<std::uint32_t>(score));
  }
  return bits;
}

// Runs a model by steps in every packing on every set; returns how many runs that were.
int compare_with_plain(const ModelShape& shape, std::size_t steps) {
  const std::string name = text_of(shape);
  INFO(name);
  const tool::ImageContent content = random_model(shape, 11);
  const Inputs inputs = random_inputs(content, steps, 5);
  const Scores want = bits_of(PlainS8(content).run(inputs, 0, steps));
  int runs = 0;
  for (const Packing packing : k_every_packing) {
    for (const Isa isa : available_sets()) {
      INFO("packing " << static_cast<int>(packing) << ", " << std::string(name_of(isa)));
      Runner runner(content, packing, isa);
      Scores got;
      for (std::size_t s = 0; s < steps; ++s) {
        step(runner.stream, inputs, s);
        const Scores now = scores_of(runner.stream);
        got.insert(got.end(), now.begin(), now.end());
      }
      CHECK(got == want);
      ++runs;
    }
  }
  return runs;
}

}  // namespace

TEST_CASE("an int8 model gives the bits of the specification in every packing and kernel set") {
  int runs = 0;
  for (const Kind kind : k_every_kind) {
    for (const Format format : k_widths) {
      for (ModelShape shape : shapes_of(kind)) {
        shape.more.recurrent = shape.more.between = format;
        runs += compare_with_plain(shape, 24);
      }
    }
  }
  const int sets = static_cast<int>(available_sets().size());
  const int packings = static_cast<int>(std::size(k_every_packing));
  MESSAGE(runs << " runs, " << sets << " kernel sets");
  CHECK(runs == 4 * 2 * 7 * packings * sets);
}

TEST_CASE("what U reads and what the next layer reads may differ in width") {
  for (const Kind kind : k_every_kind) {
    ModelShape shape = {Type::s8, Format::s16, 7, {21, 10}, 4, {.kinds = {kind}, .initial = true}};
    for (const Format recurrent : k_widths) {
      for (const Format between : k_widths) {
        for (const Format head : k_widths) {
          shape.more.recurrent = recurrent;
          shape.more.between = between;
          shape.more.head = head;
          compare_with_plain(shape, 12);
        }
      }
    }
  }
}

TEST_CASE("kinds of cells may be mixed in one int8 model") {
  const std::vector<Kind> kinds = {Kind::gru, Kind::lstm, Kind::rnn, Kind::gru_before};
  compare_with_plain({Type::s8, Format::token, 28, {9, 18, 27, 36}, 6, {.kinds = kinds}}, 20);
}

// All weights +-127, the greatest shift that load accepts, multipliers of 1 and the most.
void make_extreme(tool::ImageMatrix& m, std::uint32_t inputs, Format input) {
  for (std::size_t i = 0; i < m.s8.size(); ++i) m.s8[i] = i % 3 == 0 ? -127 : 127;
  for (std::size_t i = 0; i < m.scale.size(); ++i) m.scale[i] = i % 7 == 0 ? 1 : INT32_MAX;
  const std::int64_t largest = input == Format::s16 ? k_largest_s16 : k_largest_s8;
  m.shift = 0;
  while ((inputs * 127 * largest) << (m.shift + 1) < k_acc_limit) ++m.shift;
}

TEST_CASE("weights and activations at their extremes give the bits of the specification") {
  for (const Kind kind : k_every_kind) {
    for (const Format format : k_widths) {
      const LayerShapes layers = {.kinds = {kind}, .recurrent = format, .between = format};
      tool::ImageContent content = random_model({Type::s8, Format::s8, 40, {24, 24}, 5, layers}, 2);
      for (tool::ImageLayer& layer : content.layers) {
        make_extreme(layer.w, layer.inputs, layer.input);
        if (layer.recurrent != Format::token) {
          make_extreme(layer.u, layer.outputs, layer.recurrent);
        }
      }
      Inputs inputs = random_inputs(content, 20, 3);
      for (auto& x : inputs.s16) x = x < 0 ? -127 : 127;
      const Scores want = bits_of(PlainS8(content).run(inputs, 0, 20));
      for (const Packing packing : k_every_packing) {
        for (const Isa isa : available_sets()) {
          INFO("kind " << static_cast<int>(kind) << ", " << std::string(name_of(isa)));
          Runner runner(content, packing, isa);
          CHECK(run_with_scores(runner.stream, inputs, 0, 20) == want);
        }
      }
    }
  }
}
