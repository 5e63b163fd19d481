// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Reading logs of runs: whole ones, interrupted ones, and files that are none.
#include "report/run_log.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "folder.hpp"

using namespace rondo::tool;

namespace {

const std::string k_start = R"({"event":"start","settings":{"cell":"gru","lr":0.01}})"
                            "\n";
const std::string k_one = R"({"event":"epoch","epoch":1,"loss":2.5,"valid":{"accuracy":0.25}})"
                          "\n";
const std::string k_two = R"({"event":"epoch","epoch":2,"loss":2.0,"valid":{"accuracy":0.5}})"
                          "\n";
const std::string k_end = R"({"event":"end","test":{"accuracy":0.5},"seconds":3})"
                          "\n";

void refuses(const std::string& text, const std::string& place) {
  Folder folder;
  folder.write("run.jsonl", text);
  CAPTURE(text);
  CHECK_THROWS_WITH_AS(read_run_log(folder.path() / "run.jsonl"), doctest::Contains(place.c_str()),
                       Error);
}

}  // namespace

TEST_CASE("a log gives settings, figures of every epoch and the end") {
  Folder folder;
  folder.write("run.jsonl", k_start + k_one + k_two + k_end);
  const LoggedRun run = read_run_log(folder.path() / "run.jsonl");
  CHECK(run.name == "run.jsonl");
  CHECK(run.settings["cell"] == "gru");
  REQUIRE(run.epochs.size() == 2);
  CHECK(run.epochs[1].number == 2);
  CHECK(run.epochs[1].figures.at("loss") == 2.0);
  CHECK(run.epochs[0].figures.at("valid accuracy") == 0.25);
  CHECK(run.end["test"]["accuracy"] == 0.5);
}

TEST_CASE("a run that was killed keeps what it logged, half a line at its end or not") {
  for (const std::string half : {"", "{\"event\":\"ep"}) {
    Folder folder;
    folder.write("run.jsonl", k_start + k_one + half);
    const LoggedRun run = read_run_log(folder.path() / "run.jsonl");
    CHECK(run.epochs.size() == 1);
    CHECK(run.end.empty());
  }
}

TEST_CASE("files that are no log are refused with the line") {
  refuses("", "without a single epoch");
  refuses(k_start, "without a single epoch");
  refuses("not json\n" + k_one, "run.jsonl:1: not a line of JSON");
  refuses("not json", "run.jsonl:1: not a line of JSON");
  refuses(k_start + "{]\n" + k_one, "run.jsonl:2: not a line of JSON");
  refuses(k_start + "[1]\n" + k_one, "run.jsonl:2: not an event");
  refuses("{\"epoch\":1}\n", "run.jsonl:1: not an event");
  refuses("{\"event\":1}\n", "run.jsonl:1: not an event");
  refuses("{\"event\":\"epoch\",\"epoch\":\"one\"}\n", "run.jsonl:1: an epoch without its number");
  refuses(k_start + k_two + k_one, "run.jsonl:3: an epoch that does not come after");
}

TEST_CASE("figures that are no numbers are left out") {
  Folder folder;
  folder.write("run.jsonl",
               R"({"event":"epoch","epoch":1,"loss":null,"note":"x","valid":[1,2],"a":1})");
  const LoggedRun run = read_run_log(folder.path() / "run.jsonl");
  CHECK(run.epochs[0].figures == std::map<std::string, double>{{"a", 1.0}});
}
