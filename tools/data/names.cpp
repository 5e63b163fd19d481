// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See names.hpp.
#include "data/names.hpp"

#include <algorithm>
#include <set>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"

namespace rondo::tool {
namespace {

namespace fs = std::filesystem;

// Both are far above any real list of names: they catch the wrong file before it eats the memory.
constexpr std::uintmax_t k_most_file_bytes = std::uintmax_t{16} << 20;
constexpr std::size_t k_most_letters = 255;

std::string class_of(const fs::path& file) {
  return file.stem().string();
}

// The class files of `folder`, sorted by class.
std::vector<fs::path> list_class_files(const fs::path& folder) {
  const char* const hint = "give a folder with one UTF-8 text file per class, as French.txt";
  std::error_code code;
  const fs::file_status status = fs::status(folder, code);
  if (!fs::exists(status)) throw Error(folder.string(), "no such folder", hint);
  if (!fs::is_directory(status)) throw Error(folder.string(), "is a file, not a folder", hint);

  std::vector<fs::path> files;
  fs::directory_iterator entry(folder, code);
  for (; !code && entry != fs::directory_iterator(); entry.increment(code)) {
    if (entry->path().extension() == ".txt") files.push_back(entry->path());
  }
  if (code) throw Error(folder.string(), "cannot be listed: " + code.message());
  if (files.empty()) throw Error(folder.string(), "holds no file that ends in .txt", hint);
  if (files.size() == 1) {
    throw Error(files[0].string(), "is the only class, two or more were expected",
                "add a file per class to the same folder");
  }
  for (const fs::path& file : files) {
    if (utf8_fault(class_of(file))) {
      throw Error(file.string(), "has a name that is not UTF-8: it names the class", "rename it");
    }
  }
  std::sort(files.begin(), files.end(), [](const fs::path& left, const fs::path& right) {
    return class_of(left) < class_of(right);
  });
  return files;
}

void check_utf8(const fs::path& file, std::string_view text) {
  const std::optional<std::size_t> fault = utf8_fault(text);
  if (!fault) return;
  const std::string_view before = text.substr(0, *fault);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  throw Error(file.string() + ":" + std::to_string(line),
              "is not UTF-8 at byte " + std::to_string(*fault) + " of the file",
              "save it as UTF-8; from Latin-1: iconv -f LATIN1 -t UTF-8");
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r\v\f") == std::string_view::npos;
}

bool is_letter(char symbol) {
  return (symbol >= 'a' && symbol <= 'z') || (symbol >= 'A' && symbol <= 'Z');
}

NameLine read_line(const std::string& place, std::string_view raw, const Alphabet& alphabet) {
  const std::string name = normalize_name(raw);
  if (std::none_of(name.begin(), name.end(), is_letter)) {
    throw Error(place, "no letter from a to z is left of this name, at least one was expected",
                "write the name in Latin letters or take the line out");
  }
  if (name.size() > k_most_letters) {
    throw Error(place,
                "has " + std::to_string(name.size()) + " letters, at most " +
                    std::to_string(k_most_letters) + " were expected",
                "put one name on each line");
  }
  NameLine line{};
  line.text = normalize_name(raw, alphabet.symbols());
  line.tokens = alphabet.encode(line.text);
  line.side = side_of(name);
  return line;
}

void read_class(const fs::path& file, NamesData& data) {
  const std::string text = read_text(file, k_most_file_bytes);
  check_utf8(file, text);
  const std::size_t lines_before = data.lines.size();
  std::string_view rest = text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = rest.find('\n');
    const std::string_view raw = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (is_blank(raw)) continue;
    NameLine line = read_line(file.string() + ":" + std::to_string(number), raw, data.alphabet);
    line.label = static_cast<std::uint32_t>(data.classes.size());
    line.line = number;
    data.lines.push_back(std::move(line));
  }
  if (data.lines.size() == lines_before) {
    throw Error(file.string(), "holds no name, one per line was expected",
                "add names or remove the file");
  }
  data.classes.push_back(class_of(file));
}

}  // namespace

NamesData load_names(const fs::path& folder, std::string_view letters) {
  NamesData data{folder, Alphabet(letters), {}, {}};
  for (const fs::path& file : list_class_files(folder)) read_class(file, data);
  return data;
}

std::vector<std::size_t> NamesData::lines_of(std::optional<Side> side) const {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!side || lines[i].side == *side) places.push_back(i);
  }
  return places;
}

std::vector<std::size_t> NamesData::distinct_of(std::optional<Side> side) const {
  std::set<std::pair<std::string_view, std::uint32_t>> seen;
  std::vector<std::size_t> places;
  for (const std::size_t i : lines_of(side)) {
    if (seen.emplace(lines[i].text, lines[i].label).second) places.push_back(i);
  }
  return places;
}

std::vector<std::size_t> NamesData::training_lines() const {
  std::vector<std::size_t> places = lines_of(Side::train);
  std::vector<bool> has_line(classes.size());
  for (const std::size_t i : places) has_line[lines[i].label] = true;
  for (std::size_t label = 0; label < classes.size(); ++label) {
    if (has_line[label]) continue;
    throw Error((folder / (classes[label] + ".txt")).string(),
                "has no name on the training side, at least one was expected",
                "add names: by their spelling, 7 of 10 are for training");
  }
  return places;
}

}  // namespace rondo::tool
