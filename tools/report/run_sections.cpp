// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Runs: their table, their curves, their classes.
#include <algorithm>
#include <set>

#include "report/sections.hpp"
#include "report/svg.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

std::string text_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return short_number(value.get<double>());
  return value.is_null() ? "" : value.dump();
}

// Settings that are the same in every run say nothing in a table of several.
std::vector<std::string> telling_settings(const std::vector<LoggedRun>& runs) {
  std::set<std::string> keys;
  for (const LoggedRun& run : runs) {
    for (const auto& [key, value] : run.settings.items()) keys.insert(key);
  }
  std::vector<std::string> telling;
  for (const std::string& key : keys) {
    const auto differs = [&](const LoggedRun& run) {
      return run.settings.value(key, json()) != runs[0].settings.value(key, json());
    };
    if (runs.size() == 1 || std::any_of(runs.begin(), runs.end(), differs)) telling.push_back(key);
  }
  return telling;
}

struct Column {
  const char *side, *figure, *title;
  bool percent;
};
constexpr Column k_columns[] = {{"test", "accuracy", "test plain", true},
                                {"test", "balanced_accuracy", "test balanced", true},
                                {"pool", "balanced_accuracy", "pool balanced", true},
                                {"test", "loss", "test loss", false},
                                {"test", "bits_per_character", "test bits/char", false},
                                {"train", "perplexity", "train perplexity", false},
                                {"test", "mae", "test MAE", false},
                                {"test", "rmse", "test RMSE", false}};

// nullptr where the run did not report it.
const json* figure_of(const LoggedRun& run, const Column& column) {
  if (!run.end.contains(column.side) || !run.end[column.side].is_object()) return nullptr;
  const json& side = run.end[column.side];
  if (!side.contains(column.figure) || !side[column.figure].is_number()) return nullptr;
  return &side[column.figure];
}

std::string cell_of(const LoggedRun& run, const Column& column) {
  const json* const figure = figure_of(run, column);
  if (figure == nullptr) return run.end.empty() ? "not finished" : "";
  const double value = figure->get<double>();
  return column.percent ? short_number(100 * value) + " %" : short_number(value);
}

Section table_of_runs(const std::vector<LoggedRun>& runs) {
  const std::vector<std::string> settings = telling_settings(runs);
  std::vector<const Column*> columns;
  for (const Column& column : k_columns) {
    const auto has = [&](const LoggedRun& run) { return figure_of(run, column) != nullptr; };
    if (std::any_of(runs.begin(), runs.end(), has)) columns.push_back(&column);
  }
  const bool many = runs.size() > 1;
  std::vector<std::string> head = {"run"};
  if (many) head.insert(head.end(), settings.begin(), settings.end());
  head.push_back("epochs");
  for (const Column* column : columns) head.push_back(column->title);
  head.push_back("seconds");
  std::vector<std::vector<std::string>> rows;
  for (const LoggedRun& run : runs) {
    std::vector<std::string> row = {run.name};
    for (std::size_t k = 0; many && k < settings.size(); ++k) {
      row.push_back(text_of(run.settings.value(settings[k], json())));
    }
    row.push_back(short_number(run.epochs.back().number));
    for (const Column* column : columns) row.push_back(cell_of(run, *column));
    const auto& last = run.epochs.back().figures;
    row.push_back(run.end.contains("seconds") ? text_of(run.end["seconds"])
                  : last.contains("seconds")  ? short_number(last.at("seconds"))
                                              : "");
    rows.push_back(row);
  }
  std::string body = html_table(head, rows);
  if (!many) {
    std::string list;
    for (const std::string& key : settings) {
      list += (list.empty() ? "" : ", ") + key + " " + text_of(runs[0].settings[key]);
    }
    body += html_paragraph("Settings: " + list + ".");
  }
  return {"Results", body};
}

Series series_of(const LoggedRun& run, const std::string& figure, const std::string& name,
                 Series::Best best) {
  Series series;
  series.name = name;
  series.best = best;
  for (const LoggedEpoch& epoch : run.epochs) {
    const auto found = epoch.figures.find(figure);
    if (found == epoch.figures.end()) continue;
    series.x.push_back(epoch.number);
    series.y.push_back(found->second);
  }
  return series;
}

// One figure of every run; of a single run, all figures of the picture.
struct Curve {
  const char *title, *figure, *name;
  Series::Best best;
  bool percent;
};
constexpr Curve k_curves[] = {
    {"Loss", "loss", "training", Series::Best::none, false},
    {"Loss", "valid loss", "validation", Series::Best::least, false},
    {"Accuracy", "valid accuracy", "plain", Series::Best::greatest, true},
    {"Accuracy", "valid balanced_accuracy", "balanced", Series::Best::greatest, true},
    {"Perplexity", "perplexity", "training", Series::Best::least, false},
    {"Perplexity", "valid perplexity", "validation", Series::Best::least, false},
    {"Error", "valid mae", "MAE", Series::Best::least, false},
    {"Error", "valid rmse", "RMSE", Series::Best::least, false},
    {"Norm of the gradients", "gradient_norm", "last update of the epoch", Series::Best::none,
     false},
};

void add_curves(const std::vector<LoggedRun>& runs, std::vector<Section>& sections) {
  const bool many = runs.size() > 1;
  LineChart chart;
  const auto finish = [&] {
    if (chart.series.empty()) return;
    sections.push_back({chart.title, line_chart(chart)});
    chart.series.clear();
  };
  for (const Curve& curve : k_curves) {
    const std::string title =
        many ? std::string(curve.title) + ": " + curve.name : std::string(curve.title);
    if (title != chart.title) finish();
    chart.title = title;
    chart.x_label = "epoch";
    chart.percent = curve.percent;
    chart.log_y = std::string(curve.title) == "Perplexity";
    for (const LoggedRun& run : runs) {
      Series series = series_of(run, curve.figure, many ? run.name : curve.name, curve.best);
      if (!series.x.empty()) chart.series.push_back(std::move(series));
    }
  }
  finish();
}

bool is_confusion(const json& end) {
  if (!end.contains("classes") || !end.contains("confusion")) return false;
  const json &classes = end["classes"], &rows = end["confusion"];
  if (!classes.is_array() || !rows.is_array() || rows.size() != classes.size()) return false;
  const auto is_row = [&](const json& row) {
    return row.is_array() && row.size() == classes.size() &&
           std::all_of(row.begin(), row.end(), [](const json& n) { return n.is_number(); });
  };
  return !classes.empty() && std::all_of(rows.begin(), rows.end(), is_row) &&
         std::all_of(classes.begin(), classes.end(), [](const json& c) { return c.is_string(); });
}

}  // namespace

std::vector<Section> sections_of_runs(const std::vector<LoggedRun>& runs) {
  std::vector<Section> sections = {table_of_runs(runs)};
  add_curves(runs, sections);
  for (Section& section : sections_of_lags(runs)) sections.push_back(std::move(section));
  return sections;
}

std::vector<Section> sections_of_classes(const LoggedRun& run) {
  if (!is_confusion(run.end)) return {};
  const auto classes = run.end["classes"].get<std::vector<std::string>>();
  const auto counts = run.end["confusion"].get<std::vector<std::vector<double>>>();
  std::vector<Bar> bars;
  for (std::size_t k = 0; k < classes.size(); ++k) {
    double total = 0;
    for (const double n : counts[k]) total += n;
    if (total > 0) {
      bars.push_back({classes[k], counts[k][k] / total,
                      short_number(counts[k][k]) + " of " + short_number(total)});
    }
  }
  return {
      {"What was taken for what: " + run.name,
       html_paragraph("Test side. A row is what a class was taken for; the diagonal is right.") +
           confusion_chart(classes, counts)},
      {"Accuracy by class: " + run.name, bar_chart("Accuracy by class", bars)}};
}

}  // namespace rondo::tool
