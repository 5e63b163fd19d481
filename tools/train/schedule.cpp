// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See schedule.hpp.
#include "train/schedule.hpp"

#include <cmath>
#include <numbers>

namespace rondo::tool {
namespace {

// From `from` at share 0 to `to` at share 1 along half a cosine.
double anneal(double from, double to, double share) {
  return to + (from - to) * 0.5 * (1.0 + std::cos(std::numbers::pi * share));
}

// The peak stands at step 0.3 * total - 1, the end at total - 1, as PyTorch places them.
double one_cycle(double rate, double step, double total) {
  const double low = rate / 25.0;
  const double peak = 0.3 * total - 1.0;
  const double end = total - 1.0;
  if (step <= peak) return anneal(low, rate, step / peak);
  return anneal(rate, low / 1e4, (step - peak) / (end - peak));
}

}  // namespace

double scheduled_rate(Schedule schedule, double rate, std::uint64_t step, std::uint64_t total) {
  const auto at = static_cast<double>(step);
  const auto length = static_cast<double>(total);
  switch (schedule) {
    case Schedule::constant:
      return rate;
    case Schedule::step:
      return rate * std::pow(0.1, std::floor(3.0 * at / length));
    case Schedule::cosine:
      return anneal(rate, 0.0, at / length);
    case Schedule::one_cycle:
      return one_cycle(rate, at, length);
  }
  return rate;
}

}  // namespace rondo::tool
