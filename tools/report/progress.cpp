// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "report/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/error.hpp"

namespace rondo::tool {
namespace {

constexpr std::size_t k_bar = 24;  // characters

std::string time_text(double seconds) {
  const long whole = std::lround(std::max(0.0, seconds));
  char text[32];
  std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  return text;
}

}  // namespace

Progress::Progress(std::size_t total, std::string unit, bool quiet)
    : total_(std::max<std::size_t>(total, 1)),
      unit_(std::move(unit)),
      quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(Clock::now()),
      drawn_(start_) {}

void Progress::close() {
  if (terminal_ && !quiet_) std::fputs("\r\033[K", stderr);
  quiet_ = true;
}

double Progress::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

bool Progress::due() const {
  const auto pause = terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000);
  return !quiet_ && Clock::now() - drawn_ >= pause;
}

void Progress::update(std::size_t done, const std::string& note) {
  if (!due()) return;
  drawn_ = Clock::now();
  draw(done, note);
}

void Progress::draw(std::size_t done, const std::string& note) {
  const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
  const double elapsed = seconds();
  const double rate = static_cast<double>(done) / std::max(elapsed, 1e-9);
  const double left = rate > 0 ? static_cast<double>(total_ - std::min(done, total_)) / rate : 0;
  if (!terminal_) {
    std::fprintf(stderr, "%3.0f %%  %.0f %s/s  %s left  %s\n", 100 * part, rate, unit_.c_str(),
                 time_text(left).c_str(), note.c_str());
    return;
  }
  const auto full = static_cast<std::size_t>(part * k_bar);
  const std::string bar = std::string(full, '=') + std::string(k_bar - full, ' ');
  std::fprintf(stderr, "\r\033[K[%s] %3.0f %%  %.0f %s/s  %s left  %s", bar.c_str(), 100 * part,
               rate, unit_.c_str(), time_text(left).c_str(), note.c_str());
  std::fflush(stderr);
}

RunLog::RunLog(const std::string& path) : path_(path) {
  if (path.empty()) return;
  out_.open(path, std::ios::trunc);
  if (!out_) throw Error(path, "the log cannot be written", "check --log");
}

void RunLog::restore(const nlohmann::json& lines) {
  for (const nlohmann::json& line : lines) write(line);
}

void RunLog::write(const nlohmann::json& line) {
  lines_.push_back(line);
  if (path_.empty()) return;
  out_ << line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
  if (!out_) throw Error(path_, "the log cannot be written to its end", "is the disk full?");
}

}  // namespace rondo::tool
