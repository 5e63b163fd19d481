// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The table of a sweep: means over seeds, beside what was reported; what is missing is said.
#include "sweep/table.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "folder.hpp"

using namespace rondo::tool;

namespace {

Plan plan() {
  Plan plan;
  plan.title = "Title";
  plan.columns = {{"plain", "test.accuracy"}, {"s", "seconds"}};
  PlannedRun a = {.name = "a", .title = "Run A", .options = {}, .reported = {}, .seeds = {1, 2}};
  a.reported.emplace_back("plain", "79 %");
  plan.runs.push_back(a);
  plan.runs.push_back({.name = "b", .title = "Run B", .options = {}, .reported = {}, .seeds = {1}});
  return plan;
}

}  // namespace

TEST_CASE("figures are means with least and most, beside what was reported") {
  Folder folder;
  folder.write("a-s1.json", R"({"test":{"accuracy":0.5},"seconds":1})");
  folder.write("a-s2.json", R"({"test":{"accuracy":0.75},"seconds":2})");
  folder.write("b-s1.json", R"({"test":{"accuracy":0.25},"seconds":4})");
  const SweepTable table = collect(plan(), folder.path());
  CHECK(table.missing == 0);
  CHECK(table.head == std::vector<std::string>{"run", "seeds", "plain", "plain, reported", "s"});
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0] == std::vector<std::string>{"Run A", "2", "62.50 % (50.00 % to 75.00 %)",
                                                  "79 %", "1.5 (1 to 2)"});
  CHECK(table.rows[1] == std::vector<std::string>{"Run B", "1", "25.00 %", "", "4"});
  CHECK(table.json["runs"][0]["figures"]["plain"]["values"] == nlohmann::json{0.5, 0.75});
  CHECK(aligned(table).find("Run B  1      25.00 %") != std::string::npos);
}

TEST_CASE("what is missing stays empty and is counted") {
  Folder folder;
  folder.write("a-s2.json", R"({"test":{},"seconds":2})");
  const SweepTable table = collect(plan(), folder.path());
  CHECK(table.missing == 2);
  CHECK(table.rows[0] == std::vector<std::string>{"Run A", "1 of 2", "", "79 %", "2"});
  CHECK(table.rows[1] == std::vector<std::string>{"Run B", "0 of 1", "", "", ""});
}

TEST_CASE("a broken result is named") {
  Folder folder;
  folder.write("b-s1.json", "[1]");
  CHECK_THROWS_WITH_AS(collect(plan(), folder.path()), doctest::Contains("b-s1.json"), Error);
}
