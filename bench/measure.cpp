// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See measure.hpp.
#include "measure.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

namespace rondo::bench {
namespace {

// Long against reading the clock (25 ns), short against the time slices of the others.
constexpr double k_burst_ns = 40e3;

double time_of(const Side& side, std::size_t times) {
  const auto start = std::chrono::steady_clock::now();
  side.repeat(times);
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
  return took.count();
}

std::size_t times_of_burst(const Side& side) {
  std::size_t times = 1;
  for (;;) {
    const double took = std::min(time_of(side, times), time_of(side, times));
    if (took >= k_burst_ns) return times;
    times = took < k_burst_ns / 16 ? 8 * times : 2 * times;
  }
}

}  // namespace

std::size_t Turns::add(std::function<void(std::size_t times)> repeat) {
  sides_.push_back({std::move(repeat), std::numeric_limits<double>::infinity(), 0});
  return sides_.size() - 1;
}

void Turns::measure(std::size_t rounds) {
  for (Side& side : sides_) {
    if (side.times == 0) side.times = times_of_burst(side);
  }
  for (std::size_t round = 0; round < rounds; ++round) {
    for (Side& side : sides_) {
      side.repeat(1 + side.times / 8);
      const double ns = time_of(side, side.times) / static_cast<double>(side.times);
      side.least_ns = std::min(side.least_ns, ns);
    }
  }
}

}  // namespace rondo::bench
