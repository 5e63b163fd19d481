// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The memory that a model asks for: too little is refused at every size, exactly enough is enough,
// and nothing is written behind it.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string>
#include <vector>

#include "plain.hpp"
#include "random_model.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

constexpr Kind k_every_kind[] = {Kind::lstm, Kind::gru, Kind::gru_before, Kind::rnn};

std::vector<ModelShape> shapes_of(Kind kind) {
  const LayerShapes one = {.kinds = {kind}, .initial = true};
  const LayerShapes wide = {.kinds = {kind}, .recurrent = Format::s16, .between = Format::s16};
  const LayerShapes both = {.kinds = {kind}, .bidirectional = {true, false}, .max_steps = 3};
  const LayerShapes single = {.kinds = {kind}, .bidirectional = {true, false}, .max_steps = 1};
  return {{Type::s8, Format::token, 6, {5, 3}, 3, one},
          {Type::s8, Format::s16, 7, {12, 9}, 70, wide},
          {Type::s8, Format::s8, 3, {4, 3}, 2, both},
          {Type::s8, Format::token, 6, {5, 1}, 70, single},
          {Type::f32, Format::token, 6, {5, 3}, 3, one},
          {Type::f32, Format::f32, 3, {6, 17}, 2, both}};
}

// Calls check(content, packing) for every kind in every packing.
template <class Check>
void for_every_model(Check check) {
  for (const Kind kind : k_every_kind) {
    for (const ModelShape& shape : shapes_of(kind)) {
      for (const Packing packing : k_every_packing) {
        const std::string name = text_of(shape);
        INFO(name << ", packing " << static_cast<int>(packing));
        check(random_model(shape, 1), packing);
      }
    }
  }
}

AlignedBytes packed(const tool::ImageContent& content, Packing packing) {
  return AlignedBytes(std::span<const std::uint8_t>(tool::pack(content, packing)));
}

// Bytes of an exact size with others behind them that nobody may touch.
class GuardedBytes {
 public:
  explicit GuardedBytes(std::size_t size) : bytes_(size + k_guard), size_(size) {
    std::memset(bytes_.data(), 0xEE, bytes_.size());
  }
  View<std::uint8_t> view() const { return {bytes_.data(), size_}; }
  bool untouched() const {
    const auto* const guard = bytes_.data() + size_;
    return std::all_of(guard, guard + k_guard, [](std::uint8_t byte) { return byte == 0xEE; });
  }

 private:
  static constexpr std::size_t k_guard = 1024;
  AlignedBytes bytes_;
  std::size_t size_;
};

// Steps and runs with the bytes behind each piece of memory watched; returns the scores of a run.
Scores run_within(const tool::ImageContent& content, Packing packing, Isa isa, std::size_t steps) {
  const AlignedBytes image = packed(content, packing);
  ArenaBytes bytes{};
  REQUIRE(Model::measure(image.bytes(), all_cells(), bytes) == Status::ok);
  const GuardedBytes of_model(bytes.model), state(bytes.state), scratch(bytes.scratch);
  Arena model_arena(of_model.view()), state_arena(state.view());
  Model model;
  Stream stream;
  REQUIRE(model.load(image.bytes(), all_cells(), model_arena) == Status::ok);
  REQUIRE(stream.bind(model, state_arena, isa, scratch.view()) == Status::ok);
  const Inputs inputs = random_inputs(content, steps, 2);
  const Scores scores = run_with_scores(stream, inputs, 0, steps);
  run(stream, inputs, 0, steps);
  step(stream, inputs, 0);
  scores_of(stream);
  stream.reset();
  scores_of(stream);
  CHECK(of_model.untouched());
  CHECK(state.untouched());
  CHECK(scratch.untouched());
  return scores;
}

}  // namespace

TEST_CASE("load is refused with fewer bytes than measured, and succeeds with exactly as many") {
  for_every_model([](const tool::ImageContent& content, Packing packing) {
    const AlignedBytes image = packed(content, packing);
    ArenaBytes bytes{};
    REQUIRE(Model::measure(image.bytes(), all_cells(), bytes) == Status::ok);
    CHECK(bytes.model % k_arena_align == 0);
    for (std::size_t size = 0; size <= bytes.model; ++size) {
      const AlignedBytes memory(size);
      Arena arena(memory.view());
      Model model;
      const Status status = model.load(image.bytes(), all_cells(), arena);
      REQUIRE(status == (size < bytes.model ? Status::arena_too_small : Status::ok));
      REQUIRE(arena.used() == (size < bytes.model ? 0 : bytes.model));
    }
  });
}

TEST_CASE("bind is refused with fewer bytes than measured, and succeeds with exactly as many") {
  for_every_model([](const tool::ImageContent& content, Packing packing) {
    const AlignedBytes image = packed(content, packing);
    ArenaBytes bytes{};
    REQUIRE(Model::measure(image.bytes(), all_cells(), bytes) == Status::ok);
    const AlignedBytes of_model(bytes.model), memory(bytes.state + bytes.scratch);
    Arena model_arena(of_model.view());
    Model model;
    REQUIRE(model.load(image.bytes(), all_cells(), model_arena) == Status::ok);
    CHECK(model.arena_bytes().total() == bytes.total());
    CHECK(model.arena_bytes().state == bytes.state);
    Stream stream;
    for (std::size_t size = 0; size < memory.size(); ++size) {
      Arena arena(View<std::uint8_t>(memory.data(), size));
      REQUIRE(stream.bind(model, arena, Isa::scalar) == Status::arena_too_small);
      REQUIRE(arena.used() == 0);
    }
    CHECK_FALSE(stream.bound());
    Arena arena(memory.view());
    CHECK(stream.bind(model, arena, Isa::scalar) == Status::ok);
    CHECK(arena.used() == memory.size());
  });
}

TEST_CASE("a model runs within the bytes it asks for on every kernel set") {
  int runs = 0;
  for_every_model([&](const tool::ImageContent& content, Packing packing) {
    for (const Isa isa : available_sets()) {
      run_within(content, packing, isa, 11);
      ++runs;
    }
  });
  CHECK(runs == static_cast<int>(4 * 6 * std::size(k_every_packing) * available_sets().size()));
}

TEST_CASE("a float model may end with a recurrent layer, in sequences of one step too") {
  for (const Kind kind : k_every_kind) {
    for (const std::uint32_t most : {1U, 2U, 9U}) {
      const LayerShapes both = {.kinds = {kind}, .bidirectional = {true, false}, .max_steps = most};
      tool::ImageContent content = random_model({Type::f32, Format::f32, 3, {5, 21}, 2, both}, 1);
      content.layers.pop_back();
      content.outputs = 21;
      const Vectors<double> want = PlainF32(content).run(random_inputs(content, most, 2), 0, most);
      for (const Packing packing : k_every_packing) {
        for (const Isa isa : available_sets()) {
          const Scores got = run_within(content, packing, isa, most);
          for (std::size_t i = 0; i < got.size(); ++i) {
            CHECK(std::abs(std::bit_cast<float>(got[i]) - want[i / 21][i % 21]) < 1e-6);
          }
        }
      }
    }
  }
}

TEST_CASE("an arena that is not aligned loses the bytes up to the next multiple") {
  const tool::ImageContent content = random_model({Type::s8, Format::token, 6, {5}, 3}, 1);
  const AlignedBytes image = packed(content, k_every_packing[0]);
  ArenaBytes bytes{};
  REQUIRE(Model::measure(image.bytes(), all_cells(), bytes) == Status::ok);
  const AlignedBytes memory(bytes.total() + k_arena_align);
  for (std::size_t off = 1; off < k_arena_align; ++off) {
    for (const std::size_t missing : {1U, 0U}) {
      const std::size_t size = bytes.total() + (k_arena_align - off) - missing;
      Arena arena(View<std::uint8_t>(memory.data() + off, size));
      Model model;
      Stream stream;
      REQUIRE(model.load(image.bytes(), all_cells(), arena) == Status::ok);
      CHECK(stream.bind(model, arena) == (missing == 1 ? Status::arena_too_small : Status::ok));
    }
  }
}

TEST_CASE("measure tells the bytes of a target with another alignment") {
  // c 4 bytes, h in 8 bits for U, in 16 bits for the head; units padded to 4.
  for (std::uint32_t hidden = 1; hidden <= 9; ++hidden) {
    const AlignedBytes image =
        packed(random_model({Type::s8, Format::token, 3, {hidden}, 2}, 1), Packing::cortex_m);
    ArenaBytes four{};
    REQUIRE(Model::measure(image.bytes(), all_cells(), four, 4) == Status::ok);
    const std::uint32_t padded = (hidden + 3) / 4 * 4;
    CHECK(four.state == (4 + 1 + 2) * padded);
#ifndef RONDO_FIXED_ISA  // which has its own alignment only
    ArenaBytes cache_line{};
    REQUIRE(Model::measure(image.bytes(), all_cells(), cache_line, 64) == Status::ok);
    CHECK(cache_line.state == 3 * 64);
#endif
    CHECK(four.model == 2 * sizeof(LayerRecord));
  }
}
