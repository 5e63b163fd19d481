// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Times of several things, taken in turns: what disturbs a shared machine disturbs them all, and
// the least of many short bursts is what each takes undisturbed. Ratios are made of these. Used by
// bench_steps and tests/counts.
#pragma once
#include <cstddef>
#include <functional>
#include <vector>

namespace rondo::bench {

struct Side {
  std::function<void(std::size_t times)> repeat;
  double least_ns;    // of one time; infinity at first
  std::size_t times;  // of a burst; 0: not yet known
};

class Turns {
 public:
  // Returns the number of the side.
  std::size_t add(std::function<void(std::size_t times)> repeat);
  // `rounds` bursts of each side, each after an untimed one that brings its memory near. May be
  // called again for more.
  void measure(std::size_t rounds);
  double ns(std::size_t side) const { return sides_[side].least_ns; }

 private:
  std::vector<Side> sides_;
};

}  // namespace rondo::bench
