// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The trainer's threads: each does its share once, errors come back, denormals are flushed.
#include "train/workers.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

namespace rondo::tool {
namespace {

TEST_CASE("workers: every active worker runs once a call, each on its own thread") {
  Workers workers(3);
  CHECK(workers.count() == 3);
  std::vector<int> calls(3);
  std::vector<std::thread::id> threads(3);
  for (std::size_t round = 0; round < 500; ++round) {
    workers.run(1 + round % 3, [&](std::size_t i) {
      ++calls[i];
      threads[i] = std::this_thread::get_id();
    });
  }
  CHECK(calls == std::vector<int>{500, 333, 166});
  CHECK(threads[0] == std::this_thread::get_id());
  CHECK(threads[1] != threads[0]);
  CHECK(threads[2] != threads[1]);
}

TEST_CASE("workers: an error of any worker reaches the caller, and work goes on after it") {
  Workers workers(2);
  for (std::size_t broken = 0; broken < 2; ++broken) {
    CHECK_THROWS_AS(workers.run(2,
                                [&](std::size_t i) {
                                  if (i == broken) throw std::runtime_error("broken");
                                }),
                    std::runtime_error);
    int sum = 0;
    workers.run(1, [&](std::size_t) { ++sum; });
    CHECK(sum == 1);
  }
}

// Not for the suite: tests/checked/threads.py runs it and wants ThreadSanitizer to see the race.
TEST_CASE("workers: a planted race" * doctest::skip()) {
  Workers workers(2);
  int sum = 0;
  for (int round = 0; round < 100; ++round) workers.run(2, [&](std::size_t) { ++sum; });
  CHECK(sum >= 100);
}

#if defined(__x86_64__) || defined(__aarch64__)
TEST_CASE("workers: denormal numbers are zero inside and themselves outside") {
  Workers workers(2);
  const auto tenth_of = [](float number) {
    volatile float value = number;  // else the compiler knows the answer
    return value * 0.1F;
  };
  float inside[2] = {1, 1};
  workers.run(2, [&](std::size_t i) { inside[i] = tenth_of(1.2e-38F); });
  CHECK(inside[0] == 0.0F);
  CHECK(inside[1] == 0.0F);
  CHECK(tenth_of(1.2e-38F) > 0.0F);
}
#endif

}  // namespace
}  // namespace rondo::tool
