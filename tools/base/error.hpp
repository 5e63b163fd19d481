// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The one exception of the tools: bad input or usage, told so that the user can mend it.
// Thrown anywhere in tools/, caught once in main.cpp, which prints it and exits with status 1.
#pragma once
#include <stdexcept>
#include <string>
#include <utility>

namespace rondo::tool {

// what() reads "PLACE: PROBLEM" or "PLACE: PROBLEM (HINT)".
// place: a file, "file:line" or an option; problem: what was found and what was expected;
// hint: what to do about it.
class Error : public std::runtime_error {
 public:
  Error(const std::string& place, const std::string& problem, const std::string& hint = {})
      : std::runtime_error(place + ": " + problem + (hint.empty() ? "" : " (" + hint + ")")) {}
};

}  // namespace rondo::tool
