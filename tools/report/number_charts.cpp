// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What int8 cost and where the bytes are: ranges over a logarithmic axis, and pieces of a whole.
#include <algorithm>
#include <cmath>

#include "report/svg.hpp"
#include "report/svg_base.hpp"

namespace rondo::tool {

using svg::Anchor;
using svg::at;

std::string range_chart(const std::string& title, const std::vector<Range>& ranges) {
  constexpr double k_labels = 170, k_long = 300, k_row = 24, k_head = 26;
  // What is not there at all stands at the left end.
  double least = INFINITY, most = 0;
  for (const Range& range : ranges) {
    if (range.mean > 0) least = std::min(least, range.mean);
    most = std::max(most, range.largest);
  }
  if (!(least <= most)) return "<p>No difference at all.</p>\n";
  const std::vector<double> grid = svg::powers(least, most);
  const double bottom = k_head + k_row * static_cast<double>(ranges.size());
  const double span = std::log10(grid.back()) - std::log10(grid.front());
  const auto place = [&](double value) {
    const double share =
        (std::log10(std::max(value, grid.front())) - std::log10(grid.front())) / span;
    return k_labels + k_long * share;
  };
  std::string out;
  for (const double value : grid) {
    out += svg::line(place(value), k_head - 6, place(value), bottom, "grid");
    out += svg::text(place(value), 14, short_number(value), Anchor::middle, "tick");
  }
  for (std::size_t n = 0; n < ranges.size(); ++n) {
    const double y = k_head + k_row * (static_cast<double>(n) + 0.5);
    out += svg::text(k_labels - 10, y + 4, ranges[n].name, Anchor::end, "label");
    out += "<path d=\"M" + at(place(ranges[n].mean)) + " " + at(y) + "H" +
           at(place(ranges[n].largest)) + "\" " + svg::stroke(0) + "/>";
    out += svg::marker(0, place(ranges[n].mean), y) + svg::marker(1, place(ranges[n].largest), y);
  }
  const double key = bottom + 22;
  out += svg::marker(0, k_labels + 6, key - 4) +
         svg::text(k_labels + 18, key, "mean", Anchor::start, "label") +
         svg::marker(1, k_labels + 86, key - 4) +
         svg::text(k_labels + 98, key, "largest", Anchor::start, "label");
  return svg::picture(k_labels + k_long + 30, key + 10, title, out);
}

std::string memory_chart(const std::string& title, const std::vector<Piece>& pieces) {
  constexpr double k_long = 480, k_bar = 34, k_row = 22;
  double total = 0;
  for (const Piece& piece : pieces) total += piece.bytes;
  if (!(total > 0)) return "";
  std::string out;
  double from = 1;
  for (std::size_t n = 0; n < pieces.size(); ++n) {
    const double width = k_long * pieces[n].bytes / total;
    const double y = k_bar + 22 + k_row * static_cast<double>(n);
    // Stripes of paper between neighbors; the number ties the piece to its line below.
    out += svg::rect(from, 2, std::max(0.5, width - 1.5), k_bar, svg::fill(n));
    if (width > 18) {
      out +=
          svg::text(from + width / 2, k_bar / 2 + 7, std::to_string(n + 1), Anchor::middle, "on");
    }
    from += width;
    out += svg::rect(1, y - 11, 14, 14, svg::fill(n));
    out += svg::text(24, y, std::to_string(n + 1) + "  " + pieces[n].name, Anchor::start, "label");
    out += svg::text(350, y, at(100 * pieces[n].bytes / total) + " %", Anchor::end, "label");
    out += svg::text(480, y, std::to_string(static_cast<long long>(pieces[n].bytes)) + " bytes",
                     Anchor::end, "label");
  }
  return svg::picture(k_long + 2, k_bar + 22 + k_row * static_cast<double>(pieces.size()), title,
                      out);
}

}  // namespace rondo::tool
