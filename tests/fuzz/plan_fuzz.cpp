// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Any bytes as the plan of a sweep.
#include "base/error.hpp"
#include "fuzz.hpp"
#include "sweep/plan.hpp"

using namespace rondo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::MemoryFile file;
  try {
    const tool::Plan plan = tool::read_plan(file.fill({data, size}));
    for (const tool::Job& job : tool::jobs_of(plan)) fuzz::require(!job.name.empty());
  } catch (const tool::Error&) {
  }
  return 0;
}
