// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "report/run_log.hpp"

#include <sstream>

#include "base/error.hpp"
#include "base/file.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

// Far above any log of a run: an epoch is some 300 bytes.
constexpr std::uintmax_t k_most_bytes = std::uintmax_t{1} << 28;
constexpr const char* k_hint = "name a file that `rondo train --log` wrote";

void add_numbers(const json& object, const std::string& prefix, LoggedEpoch& epoch) {
  for (const auto& [key, value] : object.items()) {
    if (value.is_number()) epoch.figures[prefix + key] = value.get<double>();
  }
}

LoggedEpoch epoch_of(const json& line, const std::string& place) {
  if (!line.contains("epoch") || !line["epoch"].is_number()) {
    throw Error(place, "an epoch without its number", k_hint);
  }
  LoggedEpoch epoch;
  epoch.number = line["epoch"].get<double>();
  add_numbers(line, "", epoch);
  if (line.contains("valid") && line["valid"].is_object()) {
    add_numbers(line["valid"], "valid ", epoch);
  }
  epoch.figures.erase("epoch");
  return epoch;
}

void add_line(const json& line, const std::string& place, LoggedRun& run) {
  if (!line.is_object() || !line.contains("event") || !line["event"].is_string()) {
    throw Error(place, "not an event of a run", k_hint);
  }
  const auto event = line["event"].get<std::string>();
  if (event == "start") {
    if (line.contains("settings") && line["settings"].is_object()) run.settings = line["settings"];
  } else if (event == "epoch") {
    run.epochs.push_back(epoch_of(line, place));
    const std::size_t count = run.epochs.size();
    if (count > 1 && run.epochs[count - 2].number >= run.epochs[count - 1].number) {
      throw Error(place, "an epoch that does not come after the one before", k_hint);
    }
  } else if (event == "end") {
    run.end = line;
  }
}

}  // namespace

LoggedRun read_run_log(const std::filesystem::path& path) {
  std::istringstream text(read_text(path, k_most_bytes));
  LoggedRun run;
  run.name = path.filename().string();
  run.settings = run.end = json::object();
  std::size_t number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    const std::string place = path.string() + ":" + std::to_string(number);
    const json object = json::parse(line, nullptr, false);
    // A run that was killed may have left half of its last line.
    if (object.is_discarded() && text.peek() == std::char_traits<char>::eof() && number > 1) break;
    if (object.is_discarded()) throw Error(place, "not a line of JSON", k_hint);
    add_line(object, place, run);
  }
  if (run.epochs.empty()) throw Error(path.string(), "a log without a single epoch", k_hint);
  return run;
}

}  // namespace rondo::tool
