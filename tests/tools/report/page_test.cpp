// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The page and its sections: whole by itself, with what the files say and nothing of theirs as
// HTML.
#include "report/page.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "report/sections.hpp"

using namespace rondo::tool;
using nlohmann::json;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

LoggedRun run_of(const std::string& name, double rate, double accuracy) {
  LoggedRun run;
  run.name = name;
  run.settings = {{"lr", rate}, {"cell", "lstm"}};
  run.epochs = {{1, {{"loss", 2.0}, {"valid accuracy", 0.1}}},
                {2, {{"loss", 1.0}, {"valid accuracy", accuracy}}}};
  run.end = {{"test", {{"accuracy", accuracy}}}, {"seconds", 1.5}};
  return run;
}

std::vector<std::string> titles_of(const std::vector<Section>& sections) {
  std::vector<std::string> titles;
  for (const Section& section : sections) titles.push_back(section.title);
  return titles;
}

}  // namespace

TEST_CASE("the page reads nothing from elsewhere and escapes what it is told") {
  const std::string page = html_page("<b>", {{"a & b", html_paragraph("<script>")}});
  CHECK(has(page, "<title>&lt;b&gt;</title>"));
  CHECK(has(page, "a &amp; b"));
  CHECK(has(page, "&lt;script&gt;"));
  for (const char* const foreign : {"<script", "http:", "https:", "src=", "url(", "@import"}) {
    CHECK_FALSE(has(page, foreign));
  }
}

TEST_CASE("one run shows its figures and settings") {
  const auto sections = sections_of_runs({run_of("a", 0.1, 0.5)});
  CHECK(titles_of(sections) == std::vector<std::string>{"Results", "Loss", "Accuracy"});
  CHECK(has(sections[0].body, "50 %"));
  CHECK(has(sections[0].body, "cell lstm, lr 0.1"));
  CHECK(has(sections[2].body, "plain: 50 % at 2"));
}

TEST_CASE("several runs are told apart by the settings that differ") {
  const auto sections = sections_of_runs({run_of("a", 0.1, 0.5), run_of("b", 0.2, 0.75)});
  CHECK(titles_of(sections) ==
        std::vector<std::string>{"Results", "Loss: training", "Accuracy: plain"});
  CHECK(has(sections[0].body, "<th class=\"n\">lr</th>"));
  CHECK_FALSE(has(sections[0].body, "<th>cell</th>"));
  CHECK(has(sections[2].body, "b: 75 % at 2"));
}

TEST_CASE("a run without an end is shown as not finished") {
  LoggedRun killed = run_of("k", 0.1, 0.5);
  killed.end = json::object();
  const auto sections = sections_of_runs({run_of("a", 0.1, 0.5), killed});
  CHECK(has(sections[0].body, "not finished"));
}

TEST_CASE("classes are drawn only where the matrix is one") {
  LoggedRun run = run_of("a", 0.1, 0.5);
  CHECK(sections_of_classes(run).empty());
  run.end["classes"] = {"x", "y"};
  run.end["confusion"] = {{3, 1}, {0, 2}};
  CHECK(sections_of_classes(run).size() == 2);
  for (const json& bad : {json{{3, 1}}, json{{3, 1}, {0}}, json{{3, 1}, {0, "two"}}, json("no")}) {
    run.end["confusion"] = bad;
    CHECK(sections_of_classes(run).empty());
  }
}

TEST_CASE("the quantizer's report becomes a table and ranges; anything else is refused") {
  const json deviation = {{"mean", 0.01}, {"largest", 0.1}};
  json gate = deviation;
  gate["name"] = "reset gate r";
  json report = {{"float", {{"accuracy", 0.5}}},
                 {"int8", {{"accuracy", 0.25}}},
                 {"comparison",
                  {{"layers", json::array({{{"gates", json::array({gate})}, {"h", deviation}}})},
                   {"scores", deviation}}}};
  const Section section = section_of_quantize(report, "q.json");
  CHECK(has(section.body, "0.25"));
  CHECK(has(section.body, "layer 0, reset gate r"));
  report["comparison"]["layers"][0]["gates"][0].erase("name");
  CHECK_THROWS_WITH_AS(section_of_quantize(report, "q.json"), doctest::Contains("q.json"), Error);
  CHECK_THROWS_AS(section_of_quantize({{"float", 1}}, "q.json"), Error);
}
