// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Plans: what they say is what runs; mistakes are named; those that come with rondo are right.
#include "sweep/plan.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "folder.hpp"

using namespace rondo::tool;

namespace {

const std::string k_good = R"({
  "title": "T", "command": "train classify",
  "options": {"batch": 1, "cell": "lstm", "bidirectional": true, "quiet": false, "lr": 0.01},
  "seeds": [3, 1],
  "columns": {"pool": "pool.balanced_accuracy", "s": "seconds"},
  "runs": [
    {"name": "a", "title": "A", "reported": {"pool": "79 %", "s": 12}},
    {"name": "b", "options": {"cell": "gru"}, "seeds": [7]}
  ]})";

Plan plan_of(const std::string& text) {
  Folder folder;
  folder.write("plan.json", text);
  return read_plan(folder.path() / "plan.json");
}

// k_good with one piece replaced is refused, and the message says where.
void refuses(const std::string& piece, const std::string& other, const std::string& message) {
  std::string text = k_good;
  const std::size_t at = text.find(piece);
  REQUIRE(at != std::string::npos);
  text.replace(at, piece.size(), other);
  CAPTURE(text);
  CHECK_THROWS_WITH_AS(plan_of(text), doctest::Contains(message.c_str()), Error);
}

}  // namespace

TEST_CASE("a plan gives command lines, in its own order") {
  const Plan plan = plan_of(k_good);
  CHECK(plan.command == std::vector<std::string>{"train", "classify"});
  REQUIRE(plan.columns.size() == 2);
  CHECK(plan.columns[0].title == "pool");
  CHECK(plan.columns[1].figure == "seconds");
  REQUIRE(plan.runs.size() == 2);
  CHECK(plan.runs[0].options == std::vector<std::string>{"--batch", "1", "--cell", "lstm",
                                                         "--bidirectional", "--lr", "0.01"});
  CHECK(plan.runs[1].options[3] == "gru");
  CHECK(plan.runs[1].title == "b");
  CHECK(plan.runs[0].reported[0].second == "79 %");
  CHECK(plan.runs[0].reported[1].second == "12");

  std::vector<std::string> names;
  for (const Job& job : jobs_of(plan)) names.push_back(job.name);
  CHECK(names == std::vector<std::string>{"a-s3", "a-s1", "b-s7"});
}

TEST_CASE("mistakes are refused with their place") {
  refuses(k_good, "{", "is not JSON");
  refuses(k_good, "[]", "is no object");
  refuses("\"title\": \"T\", ", "", "no text \"title\"");
  refuses("\"seeds\": [3, 1]", "\"sedes\": [3, 1]", "unknown key \"sedes\"");
  refuses("train classify", "rm -rf", "known: train classify");
  refuses("\"batch\": 1", "\"out\": \"x\"", "given by the sweep itself");
  refuses("\"batch\": 1", "\"--batch\": 1", "no name of an option");
  refuses("\"batch\": 1", "\"batch\": [1]", "neither text nor number");
  refuses("[3, 1]", "[3, 3]", "a seed stands twice");
  refuses("[3, 1]", "[-3]", "a number from 0 on");
  refuses("[3, 1]", "[]", "no list of seeds");
  refuses("\"seconds\"", "5", "names no figure");
  refuses("\"name\": \"b\"", "\"name\": \"a\"", "run 2: the name a stands twice");
  refuses("\"name\": \"b\"", "\"name\": \"../b\"", "run 2: the name may have");
  refuses("\"name\": \"b\"", "\"name\": \"-b\"", "run 2: the name may have");
  refuses("\"name\": \"b\", ", "", "run 2: no text \"name\"");
  refuses("\"pool\": \"79 %\"", "\"poll\": \"79 %\"", "no column is called \"poll\"");
}

TEST_CASE("every command that leaves figures can be planned") {
  for (const std::string command : {"train classify", "train lags", "train lm"}) {
    std::string text = k_good;
    text.replace(text.find("train classify"), 14, command);
    CHECK(plan_of(text).command == std::vector<std::string>{"train", command.substr(6)});
  }
}

TEST_CASE("the plans that come with rondo are plans") {
  std::size_t count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(RONDO_DATA_DIR) / "presets")) {
    if (entry.path().extension() != ".json") continue;
    CAPTURE(entry.path().string());
    CHECK(!read_plan(entry.path()).runs.empty());
    ++count;
  }
  CHECK(count >= 4);
}
