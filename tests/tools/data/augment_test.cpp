// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Augmentation changes what it says, as often as it says, and nothing else.
#include "data/augment.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace rondo::tool;
using Tokens = std::vector<std::uint32_t>;

namespace {
constexpr std::uint32_t k_nothing = 57;
const Tokens k_name = {1, 2, 3, 4, 5, 6, 7, 8};
constexpr int k_draws = 20000;
// Five standard deviations of a share p of n draws.
double slack(double p, double n) {
  return 5 * std::sqrt(p * (1 - p) / n);
}
}  // namespace

TEST_CASE("without augmentation a name stays, and no random number is drawn") {
  Random random(3), untouched(3);
  Tokens changed = {9, 9};
  augment(k_name, {}, k_nothing, random, changed);
  CHECK(changed == k_name);
  CHECK(random.uniform() == untouched.uniform());
}

TEST_CASE("a late start cuts first letters of that share of names and leaves at least three") {
  Random random(4);
  Tokens changed;
  int cut = 0;
  std::vector<int> lengths(9);
  for (int n = 0; n < k_draws; ++n) {
    augment(k_name, {.late_start = 0.4, .token_dropout = 0}, k_nothing, random, changed);
    REQUIRE(changed.size() >= 3);
    REQUIRE(std::equal(changed.rbegin(), changed.rend(), k_name.rbegin()));
    cut += changed.size() < k_name.size() ? 1 : 0;
    ++lengths[changed.size()];
  }
  CHECK(std::abs(cut / double{k_draws} - 0.4) < slack(0.4, k_draws));
  for (std::size_t length = 3; length < 8; ++length) {
    CHECK(std::abs(lengths[length] / double{k_draws} - 0.08) < slack(0.08, k_draws));
  }
  const Tokens three = {1, 2, 3};
  for (int n = 0; n < 100; ++n) {
    augment(three, {.late_start = 0.9, .token_dropout = 0}, k_nothing, random, changed);
    REQUIRE(changed == three);
  }
}

TEST_CASE("token dropout replaces that share of letters by the zero input") {
  Random random(5);
  Tokens changed;
  int dropped = 0;
  for (int n = 0; n < k_draws; ++n) {
    augment(k_name, {.late_start = 0, .token_dropout = 0.15}, k_nothing, random, changed);
    REQUIRE(changed.size() == k_name.size());
    for (std::size_t i = 0; i < changed.size(); ++i) {
      REQUIRE((changed[i] == k_name[i] || changed[i] == k_nothing));
      dropped += changed[i] == k_nothing ? 1 : 0;
    }
  }
  const double letters = 8.0 * k_draws;
  CHECK(std::abs(dropped / letters - 0.15) < slack(0.15, letters));
}
