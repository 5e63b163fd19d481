// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What load_names refuses, and that it names the file, the line and the remedy.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "data/names.hpp"
#include "folder.hpp"

using namespace rondo::tool;

namespace {

std::string refusal(const std::filesystem::path& folder) {
  try {
    load_names(folder);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was refused";
}

}  // namespace

TEST_CASE("load_names refuses a folder that is not there") {
  CHECK(refusal("/no/such/names") ==
        "/no/such/names: no such folder (give a folder with one UTF-8 text file per class, as "
        "French.txt)");
}

TEST_CASE("load_names refuses a file in place of a folder") {
  Folder folder;
  folder.write("a.txt", "Abel\n");
  CHECK(refusal(folder.path() / "a.txt") ==
        folder.string("a.txt") +
            ": is a file, not a folder (give a folder with one UTF-8 text file per class, as "
            "French.txt)");
}

TEST_CASE("load_names refuses a folder without class files") {
  Folder folder;
  folder.write("README.md", "Abel\n");
  CHECK(refusal(folder.path()) ==
        folder.path().string() +
            ": holds no file that ends in .txt (give a folder with one UTF-8 text file per class, "
            "as French.txt)");
}

TEST_CASE("load_names refuses a single class") {
  Folder folder;
  folder.write("a.txt", "Abel\n");
  CHECK(refusal(folder.path()) ==
        folder.string("a.txt") +
            ": is the only class, two or more were expected (add a file per class to the same "
            "folder)");
}

TEST_CASE("load_names refuses a file that is not UTF-8, with line and byte") {
  Folder folder;
  folder.write("a.txt", "Abel\n").write("b.txt", "Bo\n\nJos\xE9\n");
  CHECK(refusal(folder.path()) ==
        folder.string("b.txt") +
            ":3: is not UTF-8 at byte 7 of the file (save it as UTF-8; from Latin-1: iconv -f "
            "LATIN1 -t UTF-8)");
}

TEST_CASE("load_names refuses a name without a letter, with its line") {
  const std::string problem =
      ":2: no letter from a to z is left of this name, at least one was expected (write the name "
      "in Latin letters or take the line out)";
  Folder folder;
  folder.write("a.txt", "Abel\n\xD0\x98\xD0\xB2\n").write("b.txt", "Bo\n");
  CHECK(refusal(folder.path()) == folder.string("a.txt") + problem);
  folder.write("a.txt", "Abel\n';\n");
  CHECK(refusal(folder.path()) == folder.string("a.txt") + problem);
}

TEST_CASE("load_names refuses a class file without a name") {
  Folder folder;
  folder.write("a.txt", "Abel\n").write("b.txt", "\n \r\n");
  CHECK(refusal(folder.path()) ==
        folder.string("b.txt") +
            ": holds no name, one per line was expected (add names or remove the file)");
}

TEST_CASE("load_names refuses a line of more than 255 letters") {
  Folder folder;
  folder.write("a.txt", "Abel\n" + std::string(256, 'a') + "\n").write("b.txt", "Bo\n");
  CHECK(refusal(folder.path()) ==
        folder.string("a.txt") +
            ":2: has 256 letters, at most 255 were expected (put one name on each line)");
}

TEST_CASE("load_names refuses a file of more than 16 MiB") {
  Folder folder;
  folder.write("a.txt", "Abel\n").write("b.txt", "Bo\n");
  std::filesystem::resize_file(folder.path() / "b.txt", (16U << 20) + 1);
  CHECK(refusal(folder.path()) ==
        folder.string("b.txt") + ": is larger than the 16777216 bytes expected");
}

TEST_CASE("load_names refuses a folder that ends in .txt") {
  Folder folder;
  folder.write("a.txt", "Abel\n");
  std::filesystem::create_directory(folder.path() / "b.txt");
  CHECK(refusal(folder.path()) == folder.string("b.txt") + ": is a folder, a file was expected");
}

TEST_CASE("training_lines refuses a class that has no name to learn from") {
  Folder folder;
  folder.write("a.txt", "Liszt\n").write("b.txt", "Verdi\nBach\n");
  const NamesData data = load_names(folder.path());
  const std::string expected =
      folder.string("b.txt") +
      ": has no name on the training side, at least one was expected (add names: by their "
      "spelling, 7 of 10 are for training)";
  CHECK_THROWS_WITH_AS(data.training_lines(), expected.c_str(), Error);
}
