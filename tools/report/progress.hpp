// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// How far a long task is, on standard error: a bar with rate and time left on a terminal, now and
// then a plain line elsewhere. And the log of a run: one JSON object a line.
#pragma once
#include <chrono>
#include <cstddef>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

namespace rondo::tool {

class Progress {
 public:
  // `total` units of `unit`, such as 281580 "names". Quiet: nothing is shown.
  Progress(std::size_t total, std::string unit, bool quiet = false);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { close(); }

  // `note` stands behind the bar: the loss, say.
  void update(std::size_t done, const std::string& note);
  // Whether update would show anything now: for callers to whom the note is work.
  bool due() const;
  double seconds() const;
  // Wipes the bar from the terminal, before results are printed.
  void close();

 private:
  void draw(std::size_t done, const std::string& note);

  using Clock = std::chrono::steady_clock;
  std::size_t total_;
  std::string unit_;
  bool quiet_;
  bool terminal_;
  Clock::time_point start_;
  Clock::time_point drawn_;
};

class RunLog {
 public:
  RunLog() = default;
  // Throws Error where the file cannot be written. An empty path: no log.
  explicit RunLog(const std::string& path);
  void write(const nlohmann::json& line);

  // What was written so far, and the same from the log of an interrupted run.
  const nlohmann::json& lines() const { return lines_; }
  void restore(const nlohmann::json& lines);

 private:
  nlohmann::json lines_ = nlohmann::json::array();
  std::ofstream out_;
  std::string path_;
};

}  // namespace rondo::tool
