// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Gradient against lag: every run and time has its line and its row, whatever else a log says.
#include <doctest/doctest.h>

#include "report/sections.hpp"

using namespace rondo::tool;
using nlohmann::json;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

LoggedRun run_of(const std::string& name, const json& lags) {
  LoggedRun run;
  run.name = name;
  run.settings = json::object();
  run.epochs = {{0, {}}, {1, {{"loss", 1.0}}}};
  run.end = {{"lags", lags}};
  return run;
}

}  // namespace

TEST_CASE("runs have one picture with a line for each time, and a table") {
  const json lags = {{"before", {1.0, 0.1, 0.01}}, {"after", {2.0, 1.5, 1.25}}};
  const auto sections = sections_of_lags({run_of("<rnn>", lags), run_of("lstm", lags)});
  REQUIRE(sections.size() == 1);
  const std::string& body = sections[0].body;
  CHECK(sections[0].title == "Gradient against lag");
  CHECK(count(body, "<polyline") == 4);
  // A logarithmic axis from 0.01 to 10: one is at two thirds of the way from y = 280 up to 14.
  CHECK(count(body, "points=\"62.0,102.7 383.0,191.3 704.0,280.0 \"") == 2);
  // Before is dashed, after is not; a run has one color in lines and legend.
  CHECK(count(body, "stroke=\"var(--s0)\" stroke-dasharray=\"7 4\"") == 2);
  CHECK(count(body, "stroke=\"var(--s1)\" stroke-dasharray=\"7 4\"") == 2);
  CHECK(count(body, "stroke=\"var(--s1)\"/>") == 2);
  CHECK(count(body, "&lt;rnn&gt;, at the start") == 2);
  CHECK(count(body, ">1.25</td>") == 2);
  CHECK(count(body, ">2</th>") == 1);
  CHECK(count(body, ">5</th>") == 0);
}

TEST_CASE("a run that did not train has no line for after, and its color stays its own") {
  const auto sections = sections_of_lags({run_of("a", {{"before", {1.0, 0.5}}}),
                                          run_of("b", {{"before", {3.0}}, {"after", {1.0, 0.5}}})});
  REQUIRE(sections.size() == 1);
  CHECK(count(sections[0].body, "<polyline") == 3);
  CHECK(count(sections[0].body, "a, trained") == 0);
  CHECK(count(sections[0].body, "stroke=\"var(--s1)\"/>") == 2);
  CHECK(count(sections[0].body, ">3</td>") == 1);
}

TEST_CASE("norms of zero are in the table and not on the logarithmic axis") {
  const auto sections = sections_of_lags({run_of("a", {{"before", {1.0, 0.1, 0.0}}})});
  REQUIRE(sections.size() == 1);
  CHECK(count(sections[0].body, "points=\"62.0,14.0 704.0,280.0 \"") == 1);
  CHECK(count(sections[0].body, ">0</td>") == 1);
}

TEST_CASE("lags that fewer than ten sequences reach are left out, unless there were no more") {
  json lags = {{"before", {1.0, 0.25, 0.125}}, {"sequences", {20, 10, 9}}};
  const auto sections = sections_of_lags({run_of("a", lags)});
  REQUIRE(sections.size() == 1);
  CHECK(count(sections[0].body, ">0.25</td>") == 1);
  CHECK(count(sections[0].body, ">0.125</td>") == 0);
  lags["sequences"] = {3, 3, 3};
  CHECK(count(sections_of_lags({run_of("a", lags)})[0].body, ">0.125</td>") == 1);
  for (const json& bad : {json("x"), json{20, "x"}, json::array()}) {
    lags["sequences"] = bad;
    CHECK(count(sections_of_lags({run_of("a", lags)})[0].body, ">0.125</td>") == 1);
  }
}

TEST_CASE("what is no list of norms is left out") {
  for (const json& bad : {json(1), json{{"before", 1}}, json{{"before", {1, "two"}}},
                          json{{"before", json::array()}}, json{{"before", {0.0}}}}) {
    CAPTURE(bad.dump());
    CHECK(sections_of_lags({run_of("a", bad)}).empty());
  }
  CHECK(sections_of_lags({}).empty());
}

TEST_CASE("they come after the curves of the runs") {
  const auto sections = sections_of_runs({run_of("a", {{"before", {1.0, 0.5}}})});
  CHECK(sections.back().title == "Gradient against lag");
}
