// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What a classifier took for what: the confusion matrix, and bars of shares.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "report/svg.hpp"
#include "report/svg_base.hpp"

namespace rondo::tool {
namespace {

using svg::Anchor;
using svg::at;

constexpr double k_cell = 32;
constexpr double k_letter = 7.2;  // width of a letter of a label, at most

double label_width(const std::vector<std::string>& names) {
  std::size_t longest = 4;
  for (const std::string& name : names) longest = std::max(longest, name.size());
  return k_letter * static_cast<double>(std::min<std::size_t>(longest, 24)) + 12;
}

// One cell: darker is more; the number from half a percent on. Over the dark ones it is light.
std::string cell(double px, double py, double share) {
  std::string out = svg::rect(px, py, k_cell - 1, k_cell - 1,
                              "fill=\"var(--s0)\" fill-opacity=\"" + short_number(share) + "\"");
  if (share < 0.005) return out;
  return out + svg::text(px + k_cell / 2, py + k_cell / 2 + 4,
                         short_number(std::round(100 * share)), Anchor::middle,
                         share > 0.7 ? "on" : "number");
}

}  // namespace

std::string confusion_chart(const std::vector<std::string>& classes,
                            const std::vector<std::vector<double>>& counts) {
  const double labels = label_width(classes), side = k_cell * static_cast<double>(classes.size());
  const double head = labels * 0.75 + 16;
  std::string out = svg::text(4, head - 24, "true class", Anchor::start, "tick") +
                    svg::text(labels + side, 14, "predicted, % of the row", Anchor::end, "tick");
  for (std::size_t row = 0; row < classes.size(); ++row) {
    const double place = k_cell * static_cast<double>(row);
    const double total = std::accumulate(counts[row].begin(), counts[row].end(), 0.0);
    out += svg::text(labels - 8, head + place + k_cell / 2 + 4, classes[row], Anchor::end, "label");
    out += "<g transform=\"translate(" + at(labels + place + k_cell / 2 + 4) + " " + at(head - 6) +
           ") rotate(-50)\">" + svg::text(0, 0, classes[row], Anchor::start, "label") + "</g>";
    for (std::size_t column = 0; column < classes.size() && total > 0; ++column) {
      out += cell(labels + k_cell * static_cast<double>(column), head + place,
                  counts[row][column] / total);
    }
  }
  out += svg::rect(labels - 1, head - 1, side + 1, side + 1, "class=\"frame\"");
  return svg::picture(labels + side + labels * 0.6, head + side + 6, "Confusion matrix", out,
                      svg::Narrow::scroll);
}

std::string bar_chart(const std::string& title, std::vector<Bar> bars) {
  std::stable_sort(bars.begin(), bars.end(),
                   [](const Bar& a, const Bar& b) { return a.share > b.share; });
  std::vector<std::string> names;
  names.reserve(bars.size());
  for (const Bar& bar : bars) names.push_back(bar.name);
  constexpr double k_row = 22, k_long = 230;
  const double labels = label_width(names);
  std::string out;
  for (std::size_t n = 0; n < bars.size(); ++n) {
    const double top = k_row * static_cast<double>(n), size = k_long * bars[n].share;
    out += svg::text(labels - 8, top + 15, bars[n].name, Anchor::end, "label");
    out += svg::rect(labels, top + 3, k_long, k_row - 6, "class=\"track\"");
    out += svg::rect(labels, top + 3, size, k_row - 6, svg::fill(0));
    out += svg::text(labels + k_long + 58, top + 15, at(100 * bars[n].share) + " %", Anchor::end,
                     "label");
    out += svg::text(labels + k_long + 70, top + 15, bars[n].note, Anchor::start, "label");
  }
  return svg::picture(labels + k_long + 150, k_row * static_cast<double>(bars.size()) + 4, title,
                      out);
}

}  // namespace rondo::tool
