// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Why gates help: how the gradient fades with the lag, before training and after, of the runs that
// measured it (train lags). Logs come from outside: what is not as expected is left out.
#include <algorithm>

#include "report/sections.hpp"
#include "report/svg.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

constexpr std::size_t k_table_lags[] = {0, 1, 2, 5, 10, 20, 50, 100};

constexpr double k_enough = 10;  // sequences; a mean of fewer says nothing

// A line of the picture and of the table; lag k is at k.
struct Curve {
  std::string name;
  std::vector<double> norms;
};

bool is_numbers(const json& list) {
  return list.is_array() && !list.empty() &&
         std::all_of(list.begin(), list.end(), [](const json& n) { return n.is_number(); });
}

Curve curve_of(const LoggedRun& run, const char* time, const char* title) {
  Curve curve = {run.name + ", " + title, {}};
  if (run.end["lags"].contains(time) && is_numbers(run.end["lags"][time])) {
    curve.norms = run.end["lags"][time].get<std::vector<double>>();
  }
  const json sequences = run.end["lags"].value("sequences", json());
  if (!is_numbers(sequences)) return curve;
  const double enough = std::min(k_enough, sequences[0].get<double>());
  const auto few = std::find_if(sequences.begin(), sequences.end(),
                                [&](const json& count) { return count.get<double>() < enough; });
  const auto lags = static_cast<std::size_t>(few - sequences.begin());
  curve.norms.resize(std::min(lags, curve.norms.size()));
  return curve;
}

// Norms that are zero have no place on a logarithmic axis.
Series series_of(const Curve& curve) {
  Series series;
  series.name = curve.name;
  for (std::size_t k = 0; k < curve.norms.size(); ++k) {
    if (!(curve.norms[k] > 0)) continue;
    series.x.push_back(static_cast<double>(k));
    series.y.push_back(curve.norms[k]);
  }
  return series;
}

std::string table_of(const std::vector<Curve>& curves) {
  std::vector<std::string> head = {"lag"};
  for (const std::size_t lag : k_table_lags) {
    const auto reaches = [&](const Curve& curve) { return lag < curve.norms.size(); };
    if (std::any_of(curves.begin(), curves.end(), reaches)) head.push_back(std::to_string(lag));
  }
  std::vector<std::vector<std::string>> rows;
  for (const Curve& curve : curves) {
    if (curve.norms.empty()) continue;
    std::vector<std::string> row = {curve.name};
    for (std::size_t k = 0; k + 1 < head.size(); ++k) {
      const std::size_t lag = k_table_lags[k];
      row.push_back(lag < curve.norms.size() ? short_number(curve.norms[lag]) : "");
    }
    rows.push_back(row);
  }
  return html_table(head, rows);
}

}  // namespace

std::vector<Section> sections_of_lags(const std::vector<LoggedRun>& runs) {
  std::vector<Curve> curves;
  for (const LoggedRun& run : runs) {
    if (!run.end.contains("lags") || !run.end["lags"].is_object()) continue;
    curves.push_back(curve_of(run, "before", "at the start"));
    curves.push_back(curve_of(run, "after", "trained"));
  }
  LineChart chart;
  chart.title = "Gradient against lag";
  chart.x_label = "lag k";
  chart.log_y = chart.pairs = true;
  bool any = false;
  for (const Curve& curve : curves) {
    chart.series.push_back(series_of(curve));
    any = any || !chart.series.back().x.empty();
  }
  if (!any) return {};
  return {
      {chart.title,
       html_paragraph("How much the loss at the last step T depends on the state k steps "
                      "before: the norm of its gradient with respect to h at T - k, with c "
                      "held. Mean over the sequences that are long enough, as far as ten are.") +
           line_chart(chart) + table_of(curves)}};
}

}  // namespace rondo::tool
