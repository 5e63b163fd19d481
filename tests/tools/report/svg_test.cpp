// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The pictures: axes with round numbers, points where they belong, names that cannot break out.
#include "report/svg.hpp"

#include <stdexcept>

#include <doctest/doctest.h>

#include "report/svg_base.hpp"

using namespace rondo::tool;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

void check_ticks(double least, double most, std::vector<double> expected) {
  const std::vector<double> ticks = svg::ticks(least, most, 5);
  REQUIRE(ticks.size() == expected.size());
  for (std::size_t n = 0; n < ticks.size(); ++n) CHECK(ticks[n] == doctest::Approx(expected[n]));
}

}  // namespace

TEST_CASE("ticks are round and cover the values") {
  check_ticks(0, 10, {0, 2, 4, 6, 8, 10});
  check_ticks(0.07, 0.68, {0, 0.2, 0.4, 0.6, 0.8});
  check_ticks(-3, 4, {-4, -2, 0, 2, 4});
  check_ticks(5, 5, {5, 6});
  check_ticks(0.5935674931635452, 0.5935674931635453, {0.5934, 0.5936});  // one rounding apart
  check_ticks(3e17, 3e17 + 64, {3e17, 3.001e17});
  CHECK(svg::powers(0.003, 0.2) == std::vector<double>{0.001, 0.01, 0.1, 1});
  CHECK(svg::powers(1, 1).size() == 2);
  CHECK(svg::powers(1, 1e10).size() == 11);
  CHECK(svg::powers(1.5e-25, 2) ==
        std::vector<double>{1e-27, 1e-24, 1e-21, 1e-18, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 1, 1e3});
}

TEST_CASE("numbers are as short as they can be") {
  CHECK(short_number(0) == "0");
  CHECK(short_number(0.12345678) == "0.1235");
  CHECK(short_number(12) == "12");
  CHECK(short_number(106420) == "106420");
  CHECK(short_number(1e-7) == "1e-07");
}

TEST_CASE("text is escaped") {
  CHECK(escaped("<a href=\"x\">&\n") == "&lt;a href=&quot;x&quot;&gt;&amp; ");
}

TEST_CASE("a curve goes through its points and marks the best one") {
  LineChart chart;
  chart.x_label = "epoch";
  chart.series.push_back({"run <1>", {1, 2, 3}, {4, 0, 2}, Series::Best::least});
  const std::string svg = line_chart(chart);
  // From x = 62 to 704 and from y = 280 (value 0) to 14 (value 4).
  CHECK(count(svg, "points=\"62.0,14.0 383.0,280.0 704.0,147.0 \"") == 1);
  CHECK(count(svg, "<circle cx=\"383.0\" cy=\"280.0\"") == 1);
  CHECK(count(svg, "run &lt;1&gt;: 0 at 2") == 1);
  CHECK(count(svg, "<1>") == 0);
}

TEST_CASE("a single point is a picture too, and none is a fault") {
  LineChart chart;
  chart.series.push_back({"one", {7}, {3}, Series::Best::greatest});
  CHECK(count(line_chart(chart), "nan") == 0);
  chart.series[0].x.clear();
  chart.series[0].y.clear();
  CHECK_THROWS_AS(line_chart(chart), std::invalid_argument);
}

TEST_CASE("numbers that are hard to calculate with give a picture, and an end") {
  LineChart chart;
  chart.series.push_back({"huge", {1e300, 1.1e308}, {-1.7e308, 1.7e308}, Series::Best::least});
  chart.series.push_back({"flat", {1e17}, {0.5935674931635452}, Series::Best::none});
  CHECK(count(line_chart(chart), "nan") + count(line_chart(chart), "inf") == 0);
  chart.series.erase(chart.series.begin());
  CHECK(count(line_chart(chart), "nan") == 0);
}

TEST_CASE("a logarithmic axis has powers of ten, and only where every value is positive") {
  LineChart chart;
  chart.log_y = true;
  chart.series.push_back({"p", {0, 1}, {1, 1000}, Series::Best::none});
  CHECK(count(line_chart(chart), ">100</text>") == 1);
  chart.series[0].y = {0, 1000};
  CHECK(count(line_chart(chart), ">200</text>") == 1);
}

TEST_CASE("the confusion matrix shows shares of rows; an empty row stays empty") {
  const std::string svg = confusion_chart({"a", "b<", "c"}, {{3, 1, 0}, {0, 2, 0}, {0, 0, 0}});
  CHECK(count(svg, ">75</text>") == 1);
  CHECK(count(svg, ">25</text>") == 1);
  CHECK(count(svg, ">100</text>") == 1);
  CHECK(count(svg, "fill-opacity") == 6);
  CHECK(count(svg, "b&lt;") == 2);
}

TEST_CASE("bars are sorted, longest first, with their shares") {
  const std::string svg = bar_chart("t", {{"low", 0.25, "1 of 4"}, {"high", 0.75, "3 of 4"}});
  CHECK(svg.find("high") < svg.find("low"));
  CHECK(count(svg, "width=\"57.5\"") == 1);   // a quarter of 230
  CHECK(count(svg, "width=\"172.5\"") == 1);  // three quarters
}

TEST_CASE("ranges go from mean to largest; zero stands at the left end") {
  const std::string svg = range_chart("t", {{"a", 0.01, 1}, {"b", 0, 0.1}});
  CHECK(count(svg, "M170.0 38.0H470.0") == 1);  // 0.01 to 1 over the whole width
  CHECK(count(svg, "M170.0 62.0H320.0") == 1);  // 0.1 is in the middle
  CHECK(count(range_chart("t", {{"a", 0, 0}}), "svg") == 0);
}

TEST_CASE("pieces of memory share the bar by their bytes") {
  const std::string svg = memory_chart("t", {{"W", 300}, {"U", 100}});
  CHECK(count(svg, "width=\"358.5\"") == 1);  // three quarters of 480, less the gap
  CHECK(count(svg, "75.0 %") == 1);
  CHECK(count(svg, "100 bytes") == 1);
  CHECK(memory_chart("t", {}).empty());
}
