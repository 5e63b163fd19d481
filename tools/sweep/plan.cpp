// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "sweep/plan.hpp"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/file.hpp"

namespace rondo::tool {
namespace {

// Keeps the order in which the plan's author wrote columns and runs.
using json = nlohmann::ordered_json;

constexpr const char* k_hint = "see data/presets/README.md";
constexpr std::uintmax_t k_most_bytes = std::uintmax_t{1} << 20;
constexpr const char* k_commands[] = {"train classify", "train generate", "train lags", "train lm",
                                      "train regress"};
constexpr const char* k_own_options[] = {"data", "out", "log", "seed", "threads", "json"};

class Reader {
 public:
  explicit Reader(std::string place) : place_(std::move(place)) {}

  [[noreturn]] void refuse(const std::string& where, const std::string& problem) const {
    throw Error(place_, where + ": " + problem, k_hint);
  }

  std::string text(const json& object, const std::string& where, const std::string& key) const {
    if (!object.contains(key) || !object[key].is_string()) refuse(where, "no text \"" + key + "\"");
    return object[key].get<std::string>();
  }

  void require_keys(const json& object, const std::string& where,
                    const std::vector<std::string>& known) const {
    if (!object.is_object()) refuse(where, "is no object");
    for (const auto& [key, value] : object.items()) {
      if (std::find(known.begin(), known.end(), key) == known.end()) {
        refuse(where, "unknown key \"" + key + "\"");
      }
    }
  }

  // As words of a command line; true is a flag that is given, false one that is not.
  void add_options(const json& object, const std::string& where, json& all) const {
    if (!object.is_object()) refuse(where, "is no object");
    for (const auto& [key, value] : object.items()) {
      const bool is_word =
          !key.empty() && key[0] != '-' &&
          key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
      if (!is_word) refuse(where, "\"" + key + "\" is no name of an option");
      for (const char* const own : k_own_options) {
        if (key == own) refuse(where, "\"" + key + "\" is given by the sweep itself");
      }
      if (!value.is_string() && !value.is_number() && !value.is_boolean()) {
        refuse(where, "\"" + key + "\" is neither text nor number nor true or false");
      }
      all[key] = value;
    }
  }

  std::vector<std::uint64_t> seeds(const json& list, const std::string& where) const {
    std::set<std::uint64_t> seen;
    std::vector<std::uint64_t> seeds;
    if (!list.is_array() || list.empty()) refuse(where, "is no list of seeds");
    for (const json& seed : list) {
      if (!seed.is_number_unsigned()) refuse(where, "a seed is a number from 0 on");
      seeds.push_back(seed.get<std::uint64_t>());
      if (!seen.insert(seeds.back()).second) refuse(where, "a seed stands twice");
    }
    return seeds;
  }

 private:
  std::string place_;
};

std::vector<std::string> words_of(const json& options) {
  std::vector<std::string> words;
  for (const auto& [key, value] : options.items()) {
    if (value.is_boolean() && !value.get<bool>()) continue;
    words.push_back("--" + key);
    if (value.is_string()) {
      words.push_back(value.get<std::string>());
    } else if (value.is_number()) {
      words.push_back(value.dump());
    }
  }
  return words;
}

void require_file_name(const Reader& reader, const std::string& name, const std::string& where) {
  const bool good = !name.empty() && name.size() <= 100 && name[0] != '.' && name[0] != '-' &&
                    name.find_first_not_of(
                        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        "0123456789._-") == std::string::npos;
  if (!good) reader.refuse(where, "the name may have letters, digits and . _ - only");
}

PlannedRun run_of(const Reader& reader, const json& object, const std::string& where,
                  const json& common, const Plan& plan, const std::vector<std::uint64_t>& seeds) {
  reader.require_keys(object, where, {"name", "title", "options", "reported", "seeds"});
  PlannedRun run;
  run.name = reader.text(object, where, "name");
  require_file_name(reader, run.name, where);
  run.title = object.contains("title") ? reader.text(object, where, "title") : run.name;
  json options = common;
  if (object.contains("options")) reader.add_options(object["options"], where, options);
  run.options = words_of(options);
  run.seeds = object.contains("seeds") ? reader.seeds(object["seeds"], where) : seeds;
  if (!object.contains("reported")) return run;
  if (!object["reported"].is_object()) reader.refuse(where, "\"reported\" is no object");
  for (const auto& entry : object["reported"].items()) {
    const std::string& title = entry.key();
    const json& value = entry.value();
    const auto is_it = [&](const PlanColumn& column) { return column.title == title; };
    if (std::none_of(plan.columns.begin(), plan.columns.end(), is_it)) {
      reader.refuse(where, "reported: no column is called \"" + title + "\"");
    }
    run.reported.emplace_back(title, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return run;
}

void read_columns(const Reader& reader, const json& object, Plan& plan) {
  if (!object.is_object() || object.empty()) reader.refuse("columns", "none is named");
  for (const auto& [title, figure] : object.items()) {
    if (!figure.is_string()) reader.refuse("columns", "\"" + title + "\" names no figure");
    plan.columns.push_back({title, figure.get<std::string>()});
  }
}

std::vector<std::string> command_of(const Reader& reader, const std::string& text) {
  for (const char* const known : k_commands) {
    if (text != known) continue;
    const std::size_t space = text.find(' ');
    return {text.substr(0, space), text.substr(space + 1)};
  }
  std::string list;
  for (const char* const known : k_commands)
    list += (list.empty() ? "" : ", ") + std::string(known);
  reader.refuse("command", "unknown: \"" + text + "\"; known: " + list);
}

}  // namespace

Plan read_plan(const std::filesystem::path& path) {
  const Reader reader(path.string());
  const json root = json::parse(read_text(path, k_most_bytes), nullptr, false);
  if (root.is_discarded()) reader.refuse("the file", "is not JSON");
  reader.require_keys(root, "the plan",
                      {"title", "about", "command", "options", "seeds", "columns", "runs"});
  Plan plan;
  plan.title = reader.text(root, "the plan", "title");
  if (root.contains("about")) plan.about = reader.text(root, "the plan", "about");
  plan.command = command_of(reader, reader.text(root, "the plan", "command"));
  read_columns(reader, root.value("columns", json()), plan);
  json common = json::object();
  if (root.contains("options")) reader.add_options(root["options"], "options", common);
  const std::vector<std::uint64_t> seeds =
      root.contains("seeds") ? reader.seeds(root["seeds"], "seeds") : std::vector<std::uint64_t>{1};
  if (!root.contains("runs") || !root["runs"].is_array() || root["runs"].empty()) {
    reader.refuse("runs", "none is listed");
  }
  std::set<std::string> names;
  for (const json& object : root["runs"]) {
    const std::string where = "run " + std::to_string(plan.runs.size() + 1);
    plan.runs.push_back(run_of(reader, object, where, common, plan, seeds));
    const std::string& name = plan.runs.back().name;
    if (!names.insert(name).second) reader.refuse(where, "the name " + name + " stands twice");
  }
  return plan;
}

std::string job_name(const PlannedRun& run, std::uint64_t seed) {
  return run.name + "-s" + std::to_string(seed);
}

std::vector<Job> jobs_of(const Plan& plan) {
  std::vector<Job> jobs;
  for (const PlannedRun& run : plan.runs) {
    for (const std::uint64_t seed : run.seeds) {
      jobs.push_back({&run, seed, job_name(run, seed)});
    }
  }
  return jobs;
}

}  // namespace rondo::tool
