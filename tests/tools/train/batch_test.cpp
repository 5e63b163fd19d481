// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The packed layout of a batch, worked out by hand.
#include "train/batch.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "help.hpp"

namespace rondo::tool {
namespace {

using Tokens = std::vector<std::uint32_t>;

TEST_CASE("batch: longest first, equal lengths in their order") {
  const NetShape shape = token_shape(9, 4, 3);
  Sizes lengths;
  for (std::size_t i = 0; i < 60; ++i) lengths.push_back(1 + i % 3);
  const RandomBatch batch(shape, lengths, 1);
  Tokens order;
  sort_by_length(shape, batch.sequences, order);
  Tokens expected;
  for (const std::uint32_t remainder : {2U, 1U, 0U}) {
    for (std::uint32_t i = remainder; i < 60; i += 3) expected.push_back(i);
  }
  CHECK(order == expected);
}

TEST_CASE("batch: a step has rows for the sequences that still run, and no others") {
  const NetShape shape = token_shape(9, 4, 3);
  const Tokens a = {1, 2}, b = {3, 4, 5, 6}, c = {7, 8};
  const Tokens one = {1}, two = {2}, zero = {0};
  const std::vector<Sequence> batch = {{a, {}, one}, {b, {}, two}, {c, {}, zero}};
  Packed<float> packed;
  pack(shape, batch, Tokens{1, 0, 2}, packed);
  CHECK(packed.tokens == Tokens{3, 1, 7, 4, 2, 8, 5, 6});
  CHECK(packed.start == Sizes{0, 3, 6, 7, 8});
  CHECK(packed.last == Sizes{7, 4, 5});
  CHECK(packed.targets == Tokens{2, 1, 0});
  CHECK(packed.steps() == 4);
  CHECK(packed.running(1) == 3);
  CHECK(packed.running(2) == 1);
  CHECK_FALSE(packed.equal_lengths());
  CHECK(packed.before(0) == 0);
  CHECK(packed.before(2) == 3 + 3);  // the initial state of three, then step 0
  pack(shape, batch, Tokens{0, 2}, packed);
  CHECK(packed.tokens == Tokens{1, 7, 2, 8});
  CHECK(packed.equal_lengths());
}

TEST_CASE("batch: reals and targets of every step are packed alike") {
  NetShape shape = token_shape(2, 4, 5, Head::every_step);
  shape.input = InputKind::reals;
  const Floats a = {1, 2}, b = {3, 4, 5, 6};
  const Tokens target_a = {4}, targets_b = {0, 3};
  const std::vector<Sequence> batch = {{{}, a, target_a}, {{}, b, targets_b}};
  Packed<double> packed;
  pack(shape, batch, Tokens{1, 0}, packed);
  CHECK(packed.reals == std::vector<double>{3, 4, 1, 2, 5, 6});
  CHECK(packed.targets == Tokens{0, 4, 3});
  CHECK(packed.tokens.empty());
}

TEST_CASE("batch: numbers to predict are packed as their sequences are, and counted") {
  NetShape shape = token_shape(1, 4, 2, Head::last_step);
  shape.input = InputKind::reals;
  shape.loss = Loss::squared;
  const Floats a = {1}, b = {3, 4}, values_a = {10, 11}, values_b = {20, 21};
  std::vector<Sequence> batch = {{{}, a, {}, 0, values_a}, {{}, b, {}, 0, values_b}};
  Packed<double> packed;
  pack(shape, batch, Tokens{1, 0}, packed);
  CHECK(packed.values == std::vector<double>{20, 21, 10, 11});
  require_fit(shape, batch, true);
  batch[1].values = batch[1].values.first(1);
  CHECK_THROWS_WITH_AS(require_fit(shape, batch, true),
                       "batch, sequence 1: 1 target values, expected 2", Error);
}

}  // namespace
}  // namespace rondo::tool
