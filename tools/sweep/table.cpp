// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "sweep/table.hpp"

#include <algorithm>
#include <cstdio>
#include <numeric>
#include <optional>

#include "base/error.hpp"
#include "base/file.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

// "test.accuracy" of an object of objects.
std::optional<double> figure_of(const json& result, const std::string& path) {
  const json* at = &result;
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t dot = std::min(path.find('.', from), path.size());
    const std::string key = path.substr(from, dot - from);
    if (!at->is_object() || !at->contains(key)) return std::nullopt;
    at = &(*at)[key];
    from = dot + 1;
  }
  if (!at->is_number()) return std::nullopt;
  return at->get<double>();
}

bool is_share(const std::string& figure) {
  const std::string last = "accuracy";
  return figure.size() >= last.size() && figure.substr(figure.size() - last.size()) == last;
}

std::string text_of(double value, bool share) {
  char buffer[32];
  if (share) {
    std::snprintf(buffer, sizeof buffer, "%.2f %%", 100 * value);
  } else {
    std::snprintf(buffer, sizeof buffer, value >= 1000 ? "%.0f" : "%.4g", value);
  }
  return buffer;
}

std::string cell_of(const std::vector<double>& values, bool share) {
  if (values.empty()) return "";
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  const double mean =
      std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  std::string text = text_of(mean, share);
  if (values.size() > 1) {
    text += " (" + text_of(*least, share) + " to " + text_of(*most, share) + ")";
  }
  return text;
}

std::vector<json> results_of(const PlannedRun& run, const std::filesystem::path& folder) {
  std::vector<json> results;
  for (const std::uint64_t seed : run.seeds) {
    const auto path = folder / (job_name(run, seed) + ".json");
    if (!std::filesystem::exists(path)) continue;
    const json result = json::parse(read_text(path), nullptr, false);
    if (!result.is_object()) {
      throw Error(path.string(), "is no result of a run", "delete it and sweep again");
    }
    results.push_back(result);
  }
  return results;
}

std::string reported_of(const PlannedRun& run, const std::string& title) {
  for (const auto& [column, value] : run.reported) {
    if (column == title) return value;
  }
  return "";
}

}  // namespace

SweepTable collect(const Plan& plan, const std::filesystem::path& folder) {
  SweepTable table;
  table.head = {"run", "seeds"};
  std::vector<bool> has_reported;
  for (const PlanColumn& column : plan.columns) {
    table.head.push_back(column.title);
    has_reported.push_back(std::any_of(
        plan.runs.begin(), plan.runs.end(),
        [&](const PlannedRun& run) { return !reported_of(run, column.title).empty(); }));
    if (has_reported.back()) table.head.push_back(column.title + ", reported");
  }
  table.json = {{"title", plan.title}, {"runs", json::array()}};
  for (const PlannedRun& run : plan.runs) {
    const std::vector<json> results = results_of(run, folder);
    table.missing += run.seeds.size() - results.size();
    std::vector<std::string> row = {
        run.title,
        std::to_string(results.size()) +
            (results.size() == run.seeds.size() ? "" : " of " + std::to_string(run.seeds.size()))};
    json figures = json::object();
    for (std::size_t k = 0; k < plan.columns.size(); ++k) {
      const PlanColumn& column = plan.columns[k];
      std::vector<double> values;
      for (const json& result : results) {
        if (const auto value = figure_of(result, column.figure)) values.push_back(*value);
      }
      row.push_back(cell_of(values, is_share(column.figure)));
      if (has_reported[k]) row.push_back(reported_of(run, column.title));
      figures[column.title] = {{"figure", column.figure},
                               {"values", values},
                               {"reported", reported_of(run, column.title)}};
    }
    table.rows.push_back(row);
    table.json["runs"].push_back({{"name", run.name}, {"title", run.title}, {"figures", figures}});
  }
  return table;
}

std::string aligned(const SweepTable& table) {
  std::vector<std::size_t> widths(table.head.size());
  const auto widen = [&](const std::vector<std::string>& row) {
    for (std::size_t k = 0; k < row.size(); ++k) widths[k] = std::max(widths[k], row[k].size());
  };
  widen(table.head);
  for (const auto& row : table.rows) widen(row);
  std::string text;
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t k = 0; k < row.size(); ++k) {
      line += row[k] + std::string(widths[k] - row[k].size() + 2, ' ');
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  };
  add(table.head);
  for (const auto& row : table.rows) add(row);
  return text;
}

}  // namespace rondo::tool
