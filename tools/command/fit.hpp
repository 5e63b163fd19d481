// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Which networks fit into given flash and RAM: for `rondo inspect --fit`. Sizes come from packing
// and measuring an image of zeros, as load would; the runtime's code and stack from the figures
// that the tests hold each core to (tests/tools/bundle/budget.txt).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include <rondo/format.hpp>

namespace rondo::tool {

// What all candidates have in common.
struct FitTask {
  std::uint64_t flash = 0;  // bytes, for image, tables and runtime
  std::uint64_t ram = 0;    // for arena and stack
  std::string target;       // a Cortex-M core
  Format input = Format::token;
  std::uint32_t inputs = 0;
  std::uint32_t outputs = 0;
  std::uint32_t layers = 1;
  Format activations = Format::s8;
};

struct Fit {
  std::uint32_t hidden;  // 0: not even one unit fits, and the rest is what one unit takes
  std::uint64_t image;   // flash: the image, and where tokens come in the table of bytes
  std::uint64_t code;    // flash: the runtime
  std::uint64_t arena;   // RAM: of rondo_init, with its objects
  std::uint64_t stack;   // RAM: the deepest of init, step and scores
  std::uint64_t flash() const { return image + code; }
  std::uint64_t ram() const { return arena + stack; }
};

// Reads words such as flash=64K and ram=8K; throws Error where one is missing or is no size.
void read_limits(const std::vector<std::string>& words, FitTask& task);

// The greatest number of units of that kind that fits.
Fit largest_fit(const FitTask& task, Kind kind);

}  // namespace rondo::tool
