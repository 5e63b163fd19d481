// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The results of a sweep as a table: a row a run, means over its seeds, beside what others
// reported.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "sweep/plan.hpp"

namespace rondo::tool {

struct SweepTable {  // NOLINT(bugprone-exception-escape): moving json throws nothing
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
  nlohmann::json json;      // the same, figures as numbers
  std::size_t missing = 0;  // jobs without a result
};

// Reads NAME-sSEED.json of every job from `folder`; those that are not there are left out. Throws
// Error where one is no result.
SweepTable collect(const Plan& plan, const std::filesystem::path& folder);

// For a terminal.
std::string aligned(const SweepTable& table);

}  // namespace rondo::tool
