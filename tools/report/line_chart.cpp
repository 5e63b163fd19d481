// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Curves over epochs or time lags: axes, lines, the best point of each, a legend.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "report/svg.hpp"
#include "report/svg_base.hpp"

namespace rondo::tool {
namespace {

using svg::Anchor;
using svg::at;

constexpr double k_width = 720, k_height = 330;
constexpr double k_left = 62, k_right = k_width - 16, k_top = 14, k_bottom = k_height - 50;
constexpr std::size_t k_legend_row = 2;  // names in a row of the legend
constexpr double k_legend_line = 22;

struct Axis {
  double least, most, from, to;  // values, and where they stand
  bool log;

  double place(double value) const {
    const auto scale = [this](double v) { return log ? std::log10(v) : v; };
    const double share = (scale(value) - scale(least)) / (scale(most) - scale(least));
    return from + share * (to - from);
  }
};

// Not further out than what can be calculated with.
struct Bounds {
  double least = INFINITY, most = -INFINITY;
  void add(const std::vector<double>& values) {
    for (const double v : values) {
      const double near = std::clamp(v, -1e300, 1e300);
      least = std::min(least, near);
      most = std::max(most, near);
    }
  }
};

std::string label_of(double value, bool percent) {
  return percent ? short_number(100 * value) + " %" : short_number(value);
}

// Where the best of a series is; the first of equals.
std::size_t best_of(const Series& series) {
  const auto& y = series.y;
  const auto best = series.best == Series::Best::least ? std::min_element(y.begin(), y.end())
                                                       : std::max_element(y.begin(), y.end());
  return static_cast<std::size_t>(best - y.begin());
}

std::string draw_axes(const LineChart& chart, const Axis& x, const Axis& y,
                      const std::vector<double>& x_ticks, const std::vector<double>& y_ticks) {
  std::string out;
  for (const double value : y_ticks) {
    const double place = y.place(value);
    out += svg::line(k_left, place, k_right, place, "grid");
    out += svg::text(k_left - 8, place + 4, label_of(value, chart.percent), Anchor::end, "tick");
  }
  for (const double value : x_ticks) {
    if (value < x.least || value > x.most) continue;
    out += svg::line(x.place(value), k_bottom, x.place(value), k_bottom + 5, "axis");
    out += svg::text(x.place(value), k_bottom + 20, short_number(value), Anchor::middle, "tick");
  }
  out += svg::line(k_left, k_bottom, k_right, k_bottom, "axis");
  return out +
         svg::text((k_left + k_right) / 2, k_height - 8, chart.x_label, Anchor::middle, "tick");
}

std::string stroke_of(const LineChart& chart, std::size_t n) {
  return chart.pairs ? svg::stroke(n / 2, n % 2 == 0 ? 1 : 0) : svg::stroke(n);
}

std::string draw_series(const LineChart& chart, std::size_t n, const Axis& x, const Axis& y) {
  const Series& series = chart.series[n];
  std::string points;
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    points += at(x.place(series.x[i])) + "," + at(y.place(series.y[i])) + " ";
  }
  return "<polyline points=\"" + points + "\" " + stroke_of(chart, n) + "/>" +
         (chart.pairs ? svg::marker(n / 2, x.place(series.x.back()), y.place(series.y.back()))
                      : "");
}

std::string draw_best(const LineChart& chart, std::size_t n, const Axis& x, const Axis& y) {
  const Series& series = chart.series[n];
  const std::size_t best = best_of(series);
  const double px = x.place(series.x[best]), py = y.place(series.y[best]);
  return svg::marker(n, px, py);
}

std::string legend(const LineChart& chart) {
  std::string out;
  for (std::size_t n = 0; n < chart.series.size(); ++n) {
    const Series& series = chart.series[n];
    if (series.x.empty()) continue;
    const std::size_t column = n % k_legend_row, row = n / k_legend_row;
    const double px = k_left + static_cast<double>(column) * (k_right - k_left) / k_legend_row;
    const double py = k_height + 10 + static_cast<double>(row) * k_legend_line;
    out += "<path d=\"M" + at(px) + " " + at(py) + "h26\" " + stroke_of(chart, n) + "/>";
    if (chart.pairs) out += svg::marker(n / 2, px + 13, py);
    std::string name = series.name;
    if (series.best != Series::Best::none) {
      const std::size_t best = best_of(series);
      out += svg::marker(n, px + 13, py);
      name +=
          ": " + label_of(series.y[best], chart.percent) + " at " + short_number(series.x[best]);
    }
    out += svg::text(px + 33, py + 4, name, Anchor::start, "label");
  }
  return out;
}

}  // namespace

std::string line_chart(const LineChart& chart) {
  Bounds bx, by;
  for (const Series& series : chart.series) {
    bx.add(series.x);
    by.add(series.y);
  }
  if (!(bx.least <= bx.most)) throw std::invalid_argument("line_chart: nothing to draw");
  const bool log = chart.log_y && by.least > 0;
  const std::vector<double> y_ticks =
      log ? svg::powers(by.least, by.most) : svg::ticks(by.least, by.most, 5);
  const double most_x =
      bx.most > bx.least ? bx.most : bx.least + std::max(1.0, 1e-3 * std::abs(bx.least));
  const Axis x = {bx.least, most_x, k_left, k_right, false};
  const Axis y = {y_ticks.front(), y_ticks.back(), k_bottom, k_top, log};
  std::string out = draw_axes(chart, x, y, svg::ticks(bx.least, most_x, 8), y_ticks);
  for (std::size_t n = 0; n < chart.series.size(); ++n) {
    if (!chart.series[n].x.empty()) out += draw_series(chart, n, x, y);
  }
  for (std::size_t n = 0; n < chart.series.size(); ++n) {
    if (chart.series[n].best != Series::Best::none) out += draw_best(chart, n, x, y);
  }
  const std::size_t rows = (chart.series.size() + k_legend_row - 1) / k_legend_row;
  const double height = k_height + static_cast<double>(rows) * k_legend_line + 4;
  return svg::picture(k_width, height, chart.title, out + legend(chart),
                      svg::Narrow::shrink_with_large_letters);
}

}  // namespace rondo::tool
