// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Reading recordings; their sides and windows are in windows.cpp.
#include <algorithm>
#include <map>
#include <system_error>

#include "base/error.hpp"
#include "data/csv.hpp"
#include "data/recordings.hpp"
#include "data/text.hpp"

namespace rondo::tool {
namespace {

namespace fs = std::filesystem;

constexpr const char* k_sequence = "sequence";
constexpr const char* k_label = "label";
constexpr const char* k_folder_hint =
    "give a folder with a folder for each class and in it CSV files, one recording each, as "
    "walk/001.csv; or one CSV file with the columns sequence, features, label";

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> target_names(const CsvReader& csv, const Columns& columns) {
  if (columns.need != Columns::Need::targets) return {};
  if (!columns.targets.empty()) return columns.targets;
  for (std::size_t i = csv.columns().size(); i-- > 0;) {
    if (csv.columns()[i] != k_sequence) return {csv.columns()[i]};
  }
  throw Error(csv.place(), "has no column but sequence, numbers were expected");
}

std::vector<std::string> feature_names(const CsvReader& csv, const Columns& columns,
                                       const std::vector<std::string>& targets) {
  if (!columns.features.empty()) return columns.features;
  std::vector<std::string> names;
  for (const std::string& name : csv.columns()) {
    const bool label = columns.need == Columns::Need::label && name == k_label;
    if (name != k_sequence && !label && !has(targets, name)) names.push_back(name);
  }
  if (names.empty()) names = targets;
  if (names.empty()) throw Error(csv.place(), "has no column of numbers beside sequence and label");
  return names;
}

std::vector<std::size_t> places_of(const CsvReader& csv, const std::vector<std::string>& names,
                                   const char* option) {
  std::vector<std::size_t> places;
  for (const std::string& name : names) {
    if (std::count(names.begin(), names.end(), name) > 1) {
      throw Error(option, "names the column \"" + name + "\" twice");
    }
    places.push_back(csv.require(name));
  }
  return places;
}

void add_numbers(const CsvReader& csv, const std::vector<std::size_t>& places,
                 std::vector<float>& to) {
  for (const std::size_t place : places) to.push_back(csv.number(place));
}

const std::string& require_word(const CsvReader& csv, std::size_t column, const char* what) {
  constexpr std::size_t k_most = 255;
  const std::string& word = csv.text(column);
  if (word.empty() || word.size() > k_most) {
    throw Error(csv.place(), std::string("the ") + what + " has " + std::to_string(word.size()) +
                                 " bytes, 1 to 255 were expected");
  }
  return word;
}

// Classes sorted by byte, and the labels that go with them. Until then a label is a place in
// `seen`.
void set_classes(const std::vector<std::string>& seen, Recordings& data) {
  data.classes = seen;
  if (seen.empty()) return;  // recordings without labels
  std::sort(data.classes.begin(), data.classes.end());
  for (Recording& recording : data.list) {
    const auto found =
        std::lower_bound(data.classes.begin(), data.classes.end(), seen[recording.label]);
    recording.label = static_cast<std::uint32_t>(found - data.classes.begin());
  }
}

std::uint32_t label_in(std::vector<std::string>& seen, const std::string& name) {
  const auto found = std::find(seen.begin(), seen.end(), name);
  const auto label = static_cast<std::uint32_t>(found - seen.begin());
  if (found == seen.end()) seen.push_back(name);
  return label;
}

// The entries of a folder, sorted.
std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code code;
  fs::directory_iterator entry(folder, code);
  for (; !code && entry != fs::directory_iterator(); entry.increment(code)) {
    entries.push_back(entry->path());
  }
  if (code) throw Error(folder.string(), "cannot be listed: " + code.message(), k_folder_hint);
  std::sort(entries.begin(), entries.end());
  return entries;
}

std::vector<fs::path> csv_files_of(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::path& entry : entries_of(folder)) {
    if (entry.extension() == ".csv") files.push_back(entry);
  }
  return files;
}

Recording read_recording(const fs::path& file, bool all_columns, Recordings& data) {
  CsvReader csv(file);
  if (data.features.empty()) data.features = csv.columns();
  if (all_columns && csv.columns().size() > data.features.size()) {
    throw Error(file.string() + ":1",
                "has " + std::to_string(csv.columns().size()) + " columns, " +
                    std::to_string(data.features.size()) + " were expected, as in the first file",
                "give all recordings the same columns");
  }
  const std::vector<std::size_t> places = places_of(csv, data.features, "features");
  Recording recording;
  recording.id = file.parent_path().filename().string() + "/" + file.filename().string();
  for (; csv.next(); ++recording.rows) add_numbers(csv, places, recording.features);
  if (recording.rows == 0) throw Error(file.string(), "has no row of numbers below its names");
  return recording;
}

}  // namespace

Recordings load_series(const fs::path& file, const Columns& columns) {
  CsvReader csv(file);
  Recordings data;
  data.source = file;
  data.targets = target_names(csv, columns);
  data.features = feature_names(csv, columns, data.targets);
  const std::vector<std::size_t> features = places_of(csv, data.features, "--features");
  const std::vector<std::size_t> targets = places_of(csv, data.targets, "--target");
  const std::optional<std::size_t> sequence = csv.find(k_sequence);
  const bool labeled = columns.need == Columns::Need::label;
  const std::size_t label_column = labeled ? csv.require(k_label) : 0;
  std::vector<std::string> seen;
  std::map<std::string, std::size_t> place_of;
  while (csv.next()) {
    const std::string id = sequence ? require_word(csv, *sequence, "sequence") : "";
    const std::uint32_t label =
        labeled ? label_in(seen, require_word(csv, label_column, "label")) : 0;
    const auto [found, is_new] = place_of.emplace(id, data.list.size());
    if (is_new) {
      data.list.emplace_back();
      data.list.back().id = id;
      data.list.back().label = label;
    }
    Recording& recording = data.list[found->second];
    if (recording.label != label) {
      throw Error(csv.place(),
                  "sequence \"" + id + "\" has the label \"" + seen[label] + "\" and, " +
                      "above, \"" + seen[recording.label] + "\"; one was expected",
                  "give each stretch of one label a sequence of its own");
    }
    add_numbers(csv, features, recording.features);
    add_numbers(csv, targets, recording.targets);
    ++recording.rows;
  }
  if (data.list.empty()) throw Error(file.string(), "has no row of numbers below its names");
  set_classes(seen, data);
  return data;
}

Recordings load_recordings(const fs::path& folder, const std::vector<std::string>& features) {
  Recordings data;
  data.source = folder;
  data.features = features;
  std::vector<std::string> seen;
  for (const fs::path& entry : entries_of(folder)) {
    std::error_code code;
    if (!fs::is_directory(entry, code)) continue;
    const std::string name = entry.filename().string();
    if (utf8_fault(name)) {
      throw Error(entry.string(), "has a name that is not UTF-8: it names the class", "rename it");
    }
    for (const fs::path& file : csv_files_of(entry)) {
      Recording recording = read_recording(file, features.empty(), data);
      recording.label = label_in(seen, name);
      data.list.push_back(std::move(recording));
    }
  }
  if (data.list.empty()) throw Error(folder.string(), "holds no recording", k_folder_hint);
  set_classes(seen, data);
  return data;
}

Recordings load_labeled(const fs::path& path, const std::vector<std::string>& features) {
  std::error_code code;
  if (!fs::exists(path, code)) throw Error(path.string(), "no such file or folder", k_folder_hint);
  if (fs::is_directory(path, code)) return load_recordings(path, features);
  return load_series(path, {Columns::Need::label, features, {}});
}

bool holds_recordings(const fs::path& path) {
  std::error_code code;
  if (!fs::is_directory(path, code)) return fs::exists(path, code);
  bool found = false;
  for (const fs::path& entry : entries_of(path)) {
    if (entry.extension() == ".txt") return false;
    const bool filled = fs::is_directory(entry, code) && !csv_files_of(entry).empty();
    // Files without folders are refused later, with a word about where they belong.
    found = found || filled || entry.extension() == ".csv";
  }
  return found;
}

}  // namespace rondo::tool
