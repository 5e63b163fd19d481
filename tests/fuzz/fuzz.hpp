// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the fuzz targets share: the entry that libFuzzer (or replay.cpp) calls, a reader that makes
// choices of bytes, and a file that lives in memory. One target a file, NAME_fuzz.cpp, which
// returns where the input is good or refused in the documented way and lets everything else stop
// the program.
#pragma once
#include <stdlib.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

// Always 0.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace rondo::fuzz {

// Stops the program where a promise is broken, in release builds too.
inline void require(bool holds) {
  if (!holds) abort();
}

// Assertions of the helpers of other tests stop the program too. Called before those are.
void doctest_stops();

// Choices, taken from the front of the input; zeros behind its end.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}
  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t value = rest_.front();
    rest_ = rest_.subspan(1);
    return value;
  }
  // 0 .. count - 1
  std::uint32_t below(std::uint32_t count) { return byte() % count; }
  bool flag() { return (byte() & 1) != 0; }
  std::span<const std::uint8_t> rest() const { return rest_; }

 private:
  std::span<const std::uint8_t> rest_;
};

// For readers that take a path. Filled anew for each input.
class MemoryFile {
 public:
  MemoryFile();
  ~MemoryFile();
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  const std::string& fill(std::span<const std::uint8_t> bytes);  // returns the path

 private:
  int handle_;
  std::string path_;
};

}  // namespace rondo::fuzz
