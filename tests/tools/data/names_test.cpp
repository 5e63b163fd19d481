// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Reading a folder of names. What is refused is in names_error_test.cpp.
#include "data/names.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "folder.hpp"

using namespace rondo::tool;

namespace {

std::vector<std::string> texts(const NamesData& data, const std::vector<std::size_t>& places) {
  std::vector<std::string> found;
  for (const std::size_t i : places) found.push_back(data.lines[i].text);
  return found;
}

}  // namespace

TEST_CASE("load_names makes a class of each .txt, sorted by class, and ignores other files") {
  Folder folder;
  folder.write("b.txt", "Bo\n").write("a-z.txt", "Az\n").write("a.txt", "Ay\n");
  folder.write("README.md", "\xFF").write("notes", "x").write(".txt", "\xFF");
  const NamesData data = load_names(folder.path());
  CHECK(data.classes == std::vector<std::string>{"a", "a-z", "b"});
  CHECK(texts(data, data.lines_of({})) == std::vector<std::string>{"Ay", "Az", "Bo"});
  CHECK(data.lines[2].label == 2);
}

TEST_CASE("load_names takes LF and CRLF, skips blank lines, cuts blanks, counts lines") {
  Folder folder;
  folder.write("a.txt", "Abel \r\n\r\n \t\n  Jos\xC3\xA9\nlast");
  folder.write("b.txt", "Bo\n\n");
  const NamesData data = load_names(folder.path());
  CHECK(texts(data, data.lines_of({})) == std::vector<std::string>{"Abel", "Jose", "last", "Bo"});
  CHECK(data.lines[0].line == 1);
  CHECK(data.lines[1].line == 4);
  CHECK(data.lines[2].line == 5);
  CHECK(data.lines[0].tokens == std::vector<std::uint32_t>{26, 1, 4, 11});
}

TEST_CASE("load_names takes a name of 255 letters") {
  Folder folder;
  folder.write("a.txt", std::string(255, 'a')).write("b.txt", "Bo\n");
  CHECK(load_names(folder.path()).lines[0].tokens.size() == 255);
}

TEST_CASE("lines_of keeps repeats, distinct_of keeps one of each name and class") {
  Folder folder;
  // CRC mod 100: Bach 71, Verdi 98, Liszt 4.
  folder.write("a.txt", "Liszt\nVerdi\nBach\nVerdi\nLiszt\n").write("b.txt", "Verdi\nLiszt\n");
  const NamesData data = load_names(folder.path());
  using Places = std::vector<std::size_t>;
  CHECK(data.lines_of(Side::train) == Places{0, 4, 6});
  CHECK(data.lines_of(Side::valid) == Places{2});
  CHECK(data.lines_of(Side::test) == Places{1, 3, 5});
  CHECK(data.lines_of({}) == Places{0, 1, 2, 3, 4, 5, 6});
  CHECK(data.distinct_of(Side::train) == Places{0, 6});
  CHECK(data.distinct_of(Side::test) == Places{1, 5});
  CHECK(data.distinct_of({}) == Places{0, 1, 2, 5, 6});
  CHECK(data.training_lines() == Places{0, 4, 6});
}

TEST_CASE("other letters change the text but never the side") {
  Folder folder;
  folder.write("a.txt", "Bim-Bad\nAmet-Han\nVan-Puteren\n").write("b.txt", "Bei-Bienko\n");
  const std::string with_hyphen = std::string(k_name_letters) + "-";
  const NamesData plain = load_names(folder.path());
  const NamesData data = load_names(folder.path(), with_hyphen);
  CHECK(data.alphabet.size() == 58);
  CHECK(data.lines[0].text == "Bim-Bad");
  CHECK(data.lines[0].tokens[3] == 57);
  CHECK(plain.lines[0].text == "BimBad");
  for (std::size_t i = 0; i < data.lines.size(); ++i)
    CHECK(data.lines[i].side == plain.lines[i].side);
}

TEST_CASE("the names of the experiments fall on their sides in the numbers of DESIGN.md") {
  const char* folder = std::getenv("RONDO_NAMES_DIR");
  if (folder == nullptr) {
    MESSAGE("skipped: set RONDO_NAMES_DIR to the full path of data/real/names");
    return;
  }
  const NamesData data = load_names(folder);
  CHECK(data.classes.size() == 18);
  CHECK(data.lines.size() == 20074);
  CHECK(data.distinct_of({}).size() == 17994);
  CHECK(data.training_lines().size() == 14079);
  CHECK(data.lines_of(Side::valid).size() == 2097);
  CHECK(data.distinct_of(Side::test).size() == 3453);

  std::map<std::string, Side> side_by_text;
  for (const NameLine& line : data.lines) {
    CHECK(side_by_text.emplace(line.text, line.side).first->second == line.side);
  }
}
