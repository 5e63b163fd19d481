// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Programs run side by side, a few at a time, each with its output in files. For the sweep.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace rondo::tool {

struct Program {
  std::vector<std::string> words;  // the executable's path, then its arguments
  std::string out, err;            // files for standard output and error, replaced
};

// Runs all of them, `most` at a time; done(index, status) is called as each one ends. status is the
// exit status, 128 + n where signal n ended it. Once done returns false no other is started, and
// those that run are waited for. Throws Error where a program cannot be started.
void run_programs(const std::vector<Program>& programs, std::size_t most,
                  const std::function<bool(std::size_t index, int status)>& done);

// The path of the program that is running.
std::string own_path();

}  // namespace rondo::tool
