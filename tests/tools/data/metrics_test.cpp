// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Figures of a classifier, on cases small enough to be counted by hand.
#include "data/metrics.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <vector>

#include "base/error.hpp"

using namespace rondo::tool;

using Labels = std::vector<std::uint32_t>;

TEST_CASE("a confusion counts which label was predicted as what") {
  const Confusion confusion(Labels{0, 0, 0, 0, 1, 1, 3}, Labels{0, 0, 0, 1, 0, 1, 2}, 4);
  CHECK(confusion.classes() == 4);
  CHECK(confusion.total() == 7);
  CHECK(confusion.count(0, 0) == 3);
  CHECK(confusion.count(0, 1) == 1);
  CHECK(confusion.count(1, 0) == 1);
  CHECK(confusion.count(3, 2) == 1);
  CHECK(confusion.count(2, 3) == 0);
  CHECK(confusion.occurrences(0) == 4);
  CHECK(confusion.occurrences(2) == 0);
}

TEST_CASE("plain counts examples alike, balanced counts the classes that occur alike") {
  const Confusion confusion(Labels{0, 0, 0, 0, 1, 1, 3}, Labels{0, 0, 0, 1, 0, 1, 2}, 4);
  CHECK(confusion.accuracy() == 4.0 / 7);
  CHECK(confusion.recall(0) == 0.75);
  CHECK(confusion.recall(1) == 0.5);
  CHECK_FALSE(confusion.recall(2));
  CHECK(confusion.recall(3) == 0.0);
  CHECK(confusion.balanced_accuracy() == 1.25 / 3);
}

TEST_CASE("always the larger class: plain follows its share, balanced is chance") {
  Labels labels(100, 0);
  labels[0] = labels[1] = 1;
  const Confusion confusion(labels, Labels(100, 0), 2);
  CHECK(confusion.accuracy() == 0.98);
  CHECK(confusion.balanced_accuracy() == 0.5);
}

TEST_CASE("a confusion of nothing is refused with a hint") {
  CHECK_THROWS_WITH_AS(Confusion({}, {}, 2),
                       "evaluation: no example to evaluate, at least one was expected (this side "
                       "of the data is empty: add data or take another side)",
                       Error);
}

TEST_CASE("a confusion refuses lists that do not pair and classes that are none") {
  CHECK_THROWS_AS(Confusion(Labels{0}, Labels{0, 1}, 2), std::invalid_argument);
  CHECK_THROWS_AS(Confusion(Labels{2}, Labels{0}, 2), std::invalid_argument);
  CHECK_THROWS_AS(Confusion(Labels{0}, Labels{2}, 2), std::invalid_argument);
}
