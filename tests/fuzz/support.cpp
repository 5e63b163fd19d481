// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.hpp"

namespace rondo::fuzz {

MemoryFile::MemoryFile()
    : handle_(memfd_create("fuzz", 0)), path_("/proc/self/fd/" + std::to_string(handle_)) {
  require(handle_ >= 0);
}

MemoryFile::~MemoryFile() {
  close(handle_);
}

const std::string& MemoryFile::fill(std::span<const std::uint8_t> bytes) {
  require(ftruncate(handle_, 0) == 0 && lseek(handle_, 0, SEEK_SET) == 0);
  require(write(handle_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  return path_;
}

void doctest_stops() {
  static doctest::Context context;
  context.setAsDefaultForAssertsOutOfTestCases();
  context.setAssertHandler([](const doctest::AssertData&) { abort(); });
}

}  // namespace rondo::fuzz
