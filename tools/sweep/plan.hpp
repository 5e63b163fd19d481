// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A table of training runs, read from a file that people edit (data/presets/README.md says how):
// what to run, with which options and seeds, which figures to show, and what others reported.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace rondo::tool {

// A column of the table: the figure's place in a run's JSON result, such as "test.accuracy".
struct PlanColumn {
  std::string title;
  std::string figure;
};

struct PlannedRun {
  std::string name;                  // letters, digits, "._-": part of file names
  std::string title;                 // for the table
  std::vector<std::string> options;  // "--cell", "gru", ...
  std::vector<std::pair<std::string, std::string>> reported;  // column title, what others found
  std::vector<std::uint64_t> seeds;
};

struct Plan {
  std::string title;
  std::string about;
  std::vector<std::string> command;  // "train", "classify"
  std::vector<PlanColumn> columns;
  std::vector<PlannedRun> runs;
};

// Throws Error, naming file and place, where it is not such a plan. Options that a sweep gives
// itself (data, out, log, seed, threads, json) are refused.
Plan read_plan(const std::filesystem::path& path);

// "lstm-s1": what the files of a run with one seed are called.
std::string job_name(const PlannedRun& run, std::uint64_t seed);

// One run with one seed.
struct Job {
  const PlannedRun* run;
  std::uint64_t seed;
  std::string name;
};
// In the order of the plan, which must outlive them.
std::vector<Job> jobs_of(const Plan& plan);

}  // namespace rondo::tool
