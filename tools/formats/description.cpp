// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See description.hpp.
#include "formats/description.hpp"

#include "base/error.hpp"

namespace rondo::tool {
namespace {

constexpr int k_most_depth = 32;  // rondo writes 4 levels

}  // namespace

nlohmann::json parse_description(std::string_view text, const std::string& place) {
  const auto watch = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    if (depth > k_most_depth) {
      throw Error(
          place,
          "its description is nested deeper than " + std::to_string(k_most_depth) + " levels",
          "rondo did not write it");
    }
    return true;
  };
  return nlohmann::json::parse(text, watch, false);
}

}  // namespace rondo::tool
