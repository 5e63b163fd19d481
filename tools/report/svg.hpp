// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The pictures of the report as inline SVG: plain functions from numbers to text. Colors are the
// page's CSS variables (page.cpp), so that light, dark and print share one picture; series differ
// in dashes and markers too, for those who do not see colors.
#pragma once
#include <string>
#include <vector>

namespace rondo::tool {

// The characters that mean something in HTML and SVG, replaced.
std::string escaped(const std::string& text);
// With as many digits as it needs: 0.123, 12.3, 1230, 1.2e-05.
std::string short_number(double x);

struct Series {
  std::string name;
  std::vector<double> x, y;  // finite, of one length
  enum class Best { none, least, greatest } best = Best::none;
};
struct LineChart {
  std::string title;  // for those who hear the page
  std::string x_label;
  bool log_y = false;  // where all y are positive
  bool percent = false;
  // Series 2 k and 2 k + 1 are the same thing before and after: one color, the first dashed, the
  // marker at the end of both.
  bool pairs = false;
  std::vector<Series> series;
};
// Throws std::invalid_argument where no series has a point.
std::string line_chart(const LineChart& chart);

// counts (labels, predictions) of a confusion matrix, drawn as shares of each row.
std::string confusion_chart(const std::vector<std::string>& classes,
                            const std::vector<std::vector<double>>& counts);

// Horizontal bars of shares, from 0 to 1, longest first; `note` stands behind a bar.
struct Bar {
  std::string name;
  double share = 0;
  std::string note;
};
std::string bar_chart(const std::string& title, std::vector<Bar> bars);

// A mean and a largest value a row, over a logarithmic axis.
struct Range {
  std::string name;
  double mean = 0, largest = 0;
};
std::string range_chart(const std::string& title, const std::vector<Range>& ranges);

// Pieces of a whole, one after the other.
struct Piece {
  std::string name;
  double bytes = 0;
};
std::string memory_chart(const std::string& title, const std::vector<Piece>& pieces);

}  // namespace rondo::tool
