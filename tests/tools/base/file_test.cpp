// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Whole files: what is left of writers that were killed goes, what others write stays, and files
// that belong together change together. Kills of the real command:
// tests/tools/command/crash_test.py.
#include "base/file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.hpp"
#include "folder.hpp"

namespace rondo::tool {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

Names names_in(const Folder& folder) {
  Names names;
  for (const auto& entry : fs::directory_iterator(folder.path())) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST_CASE("file: writing removes what killed writers of the same file left, and nothing else") {
  const Names others = {"net",         "net.tmp",       "net.tmp12x",      "net.rondo.tmp12",
                        "other.tmp12", "net.tmp12.tmp", "net.tmp12.resume"};
  Folder folder;
  for (const std::string& name : others) folder.write(name, "old");
  folder.write("net.tmp1", "ne").write("net.tmp4194304", "");
  write_whole(folder.path() / "net", "new");
  Names expected = others;
  std::sort(expected.begin(), expected.end());
  CHECK(names_in(folder) == expected);
  CHECK(read_text(folder.path() / "net") == "new");
}

TEST_CASE("file: the temporary file of a writer that lives stays") {
  Folder folder;
  folder.write("net.tmp4194305", "ne");
  const int writer = ::open(folder.string("net.tmp4194305").c_str(), O_WRONLY | O_CLOEXEC);
  REQUIRE(::flock(writer, LOCK_EX) == 0);
  write_whole(folder.path() / "net", "new");
  CHECK(names_in(folder) == Names{"net", "net.tmp4194305"});
  ::close(writer);
  remove_leftovers(folder.path() / "net");
  CHECK(names_in(folder) == Names{"net"});
}

TEST_CASE("file: through a link, leftovers beside the file it links to are removed") {
  Folder there, here;
  there.write("net", "old").write("net.tmp4194307", "ne");
  fs::create_symlink(there.path() / "net", here.path() / "link");
  write_whole(here.path() / "link", "new");
  CHECK(names_in(there) == Names{"net"});
  CHECK(read_text(there.path() / "net") == "new");
  CHECK(fs::is_symlink(here.path() / "link"));
}

TEST_CASE("file: a link in the place of a temporary file is not followed") {
  Folder folder;
  folder.write("kept", "kept");
  fs::create_symlink(folder.path() / "kept", folder.path() / "net.tmp4194306");
  write_whole(folder.path() / "net", "new");
  CHECK(read_text(folder.path() / "kept") == "kept");
}

TEST_CASE("file: of files written together none changes where one cannot be written") {
  Folder folder;
  folder.write("a", "old a").write("b", "old b");
  const fs::path a = folder.path() / "a", b = folder.path() / "b";
  const WholeFile bad[] = {{a, "new a"}, {b, "new b"}, {folder.path() / "missing" / "c", "new c"}};
  CHECK_THROWS_AS(write_together(bad), Error);
  CHECK(read_text(a) == "old a");
  CHECK(read_text(b) == "old b");
  CHECK(names_in(folder) == Names{"a", "b"});

  const WholeFile good[] = {{a, "new a"}, {b, "new b"}};
  write_together(good);
  CHECK(read_text(a) == "new a");
  CHECK(read_text(b) == "new b");
  CHECK(names_in(folder) == Names{"a", "b"});
}

}  // namespace
}  // namespace rondo::tool
