// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Learning-rate schedules: pure functions of the step.
#pragma once
#include <cstdint>

namespace rondo::tool {

enum class Schedule : std::uint8_t {
  constant,
  step,       // a tenth after each third of the run
  cosine,     // half a cosine, from the rate to zero at the end
  one_cycle,  // PyTorch's OneCycleLR with its defaults: up from rate / 25 over the first 30 % of
              // the run, then down to rate / 250,000, both along half a cosine
};

// The rate of step 0 .. total - 1; `rate` is the highest. Needs step < total.
double scheduled_rate(Schedule schedule, double rate, std::uint64_t step, std::uint64_t total);

}  // namespace rondo::tool
