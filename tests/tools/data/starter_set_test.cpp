// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The starter set in data/names keeps what its README promises.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "data/names.hpp"

using namespace rondo::tool;

namespace {

const std::filesystem::path k_folder = std::filesystem::path(RONDO_DATA_DIR) / "names";

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(text.substr(begin, end - begin));
  }
  REQUIRE(begin == text.size());  // the last line ends too
  return lines;
}

// All bytes but those that continue a code point.
std::size_t count_code_points(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return (byte & '\xC0') != '\x80'; }));
}

}  // namespace

TEST_CASE("the starter set has the 18 classes of the experiments") {
  CHECK(load_names(k_folder).classes ==
        std::vector<std::string>{"Arabic", "Chinese", "Czech", "Dutch", "English", "French",
                                 "German", "Greek", "Irish", "Italian", "Japanese", "Korean",
                                 "Polish", "Portuguese", "Russian", "Scottish", "Spanish",
                                 "Vietnamese"});
}

TEST_CASE("each class of the starter set has 80 names or more, distinct as the network sees them") {
  const NamesData data = load_names(k_folder);
  std::vector<std::set<std::string>> names(data.classes.size());
  for (const NameLine& line : data.lines) {
    CAPTURE(data.classes[line.label]);
    CAPTURE(line.text);
    CHECK(names[line.label].insert(line.text).second);
  }
  for (const std::set<std::string>& distinct : names) CHECK(distinct.size() >= 80);
}

TEST_CASE("no name of the starter set stands in two classes") {
  const NamesData data = load_names(k_folder);
  std::map<std::string, std::uint32_t> label_of;
  for (const NameLine& line : data.lines) {
    CAPTURE(line.text);
    CHECK(label_of.emplace(line.text, line.label).first->second == line.label);
  }
}

TEST_CASE("each class of the starter set can be trained, chosen and tested") {
  const NamesData data = load_names(k_folder);
  std::vector<std::set<Side>> sides(data.classes.size());
  for (const NameLine& line : data.lines) sides[line.label].insert(line.side);
  for (const std::set<Side>& of_class : sides) CHECK(of_class.size() == 3);
}

TEST_CASE("lines of the starter set are sorted by byte, and lose nothing but marks") {
  const NamesData data = load_names(k_folder);
  for (const std::string& name : data.classes) {
    CAPTURE(name);
    const std::vector<std::string> lines = split_lines(read_text(k_folder / (name + ".txt")));
    REQUIRE(lines.size() >= 80);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      CAPTURE(lines[i]);
      if (i > 0) CHECK(lines[i - 1] < lines[i]);
      // Composed letters: one code point each. So a letter that the alphabet lacks, a hyphen or a
      // blank at an end would show as a difference.
      CHECK(count_code_points(lines[i]) == normalize_name(lines[i]).size());
    }
  }
}
