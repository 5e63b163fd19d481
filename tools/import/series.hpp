// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What an imported network reads: a CSV file with a row for each step. Columns may have names; one
// named "sequence" begins a new sequence where its text changes. Used by predict and quantize.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rondo::tool {

struct Series {
  struct Sequence {
    std::string id;  // empty where there is no such column
    std::size_t steps = 0;
    std::vector<float> reals;           // (T, I)
    std::vector<std::uint32_t> tokens;  // (T)
  };
  std::vector<Sequence> sequences;  // one at least, none empty
};

// inputs: numbers a row. tokens: one whole number 0 .. inputs - 1 a row instead. Throws Error
// naming file and line.
Series read_series(const std::filesystem::path& path, std::size_t inputs, bool tokens);

}  // namespace rondo::tool
