// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Programs side by side: their output, their status, how many at a time.
#include "sweep/processes.hpp"

#include <map>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "folder.hpp"

using namespace rondo::tool;

namespace {

Program shell(const Folder& folder, const std::string& name, const std::string& script) {
  return {{"/bin/sh", "-c", script}, folder.string(name + ".out"), folder.string(name + ".err")};
}

}  // namespace

TEST_CASE("each program's output is in its files, and its status is told") {
  const Folder folder;
  const std::vector<Program> programs = {shell(folder, "a", "echo one; echo two >&2"),
                                         shell(folder, "b", "exit 7"),
                                         shell(folder, "c", "kill -TERM $$")};
  std::map<std::size_t, int> status;
  run_programs(programs, 2, [&](std::size_t index, int value) {
    status[index] = value;
    return true;
  });
  CHECK(status == std::map<std::size_t, int>{{0, 0}, {1, 7}, {2, 128 + 15}});
  CHECK(read_text(folder.path() / "a.out") == "one\n");
  CHECK(read_text(folder.path() / "a.err") == "two\n");
}

TEST_CASE("no more than so many run at a time") {
  const Folder folder;
  // Each makes a file of its own, counts how many there are, and leaves: never more than two.
  std::vector<Program> programs;
  for (int n = 0; n < 6; ++n) {
    const std::string number = std::to_string(n);
    const std::string script = "cd '" + folder.path().string() + "'; : >run." + number +
                               "; ls run.* | wc -l; sleep 0.05; rm run." + number;
    programs.push_back(shell(folder, number, script));
  }
  run_programs(programs, 2, [](std::size_t, int status) {
    CHECK(status == 0);
    return true;
  });
  for (const Program& program : programs) {
    const int seen = std::stoi(read_text(program.out));
    CHECK(seen >= 1);
    CHECK(seen <= 2);
  }
}

TEST_CASE("after a no, nothing is started any more") {
  const Folder folder;
  std::vector<Program> programs;
  for (int n = 0; n < 4; ++n) programs.push_back(shell(folder, std::to_string(n), "exit 3"));
  std::size_t ended = 0;
  run_programs(programs, 1, [&](std::size_t, int) { return ++ended < 2; });
  CHECK(ended == 2);
  CHECK_FALSE(std::filesystem::exists(programs[2].out));
}

TEST_CASE("a program that is not there is an error, and one's own path is there") {
  const Folder folder;
  const Program none = {{"/nowhere/none"}, folder.string("o"), folder.string("e")};
  const auto run = [&] { run_programs({none}, 1, [](std::size_t, int) { return true; }); };
  CHECK_THROWS_WITH_AS(run(), doctest::Contains("/nowhere/none"), Error);
  CHECK(std::filesystem::exists(own_path()));
}
