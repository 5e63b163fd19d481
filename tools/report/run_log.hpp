// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Reading the log that a training run wrote with --log (one JSON object a line: start, epochs,
// end), for the report. A run that was interrupted has no end.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace rondo::tool {

struct LoggedEpoch {
  double number = 0;
  // "loss", and of the validation "valid accuracy", "valid loss" and so on.
  std::map<std::string, double> figures;
};

struct LoggedRun {          // NOLINT(bugprone-exception-escape): moving json throws nothing
  std::string name;         // of the file
  nlohmann::json settings;  // an object
  std::vector<LoggedEpoch> epochs;
  nlohmann::json end;  // an object; empty where the run did not finish
};

// Throws Error, naming file and line, where it is no such log.
LoggedRun read_run_log(const std::filesystem::path& path);

}  // namespace rondo::tool
