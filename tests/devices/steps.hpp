// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The argument of the programs of this room where they run on Linux: take that many steps and end,
// so that measure.py can count the instructions of one by the difference of two runs.
#pragma once
#include <stdint.h>

#include "device.hpp"

namespace rondo::device {

// 0: none were asked for. On bare metal main gets no arguments, and these are no numbers.
inline uint32_t steps_asked(int argc, char** argv) noexcept {
  if (k_counts) return 0;
  uint32_t steps = 0;
  for (const char* at = argc == 2 ? argv[1] : ""; *at >= '0' && *at <= '9'; ++at) {
    steps = 10 * steps + static_cast<uint32_t>(*at - '0');
  }
  return steps;
}

}  // namespace rondo::device
