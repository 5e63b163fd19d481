// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Sequences of numbers from CSV files, their three sides, and the windows cut from them. Called by
// the commands that train on, evaluate and predict recordings; names are in names.hpp.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/split.hpp"

namespace rondo::tool {

// How the sides are found; goes into models, for people to read.
inline constexpr const char* k_recording_split =
    "crc32(id of the sequence as UTF-8) mod 100: below 70 train, below 80 valid, else test; of a "
    "single sequence the first 70 %, the next 10 %, the rest, a window left out between";

struct Recording {
  std::string id;
  Side side = Side::train;
  std::uint32_t label = 0;      // place in Recordings::classes, where there are some
  std::size_t first_row = 0;    // in its sequence, where it is a piece of a single one
  std::size_t rows = 0;         // T
  std::vector<float> features;  // (T, I)
  std::vector<float> targets;   // (T, O)
};

struct Recordings {
  std::filesystem::path source;
  std::vector<std::string> features;  // their names, I
  std::vector<std::string> targets;   // O; none in classification
  std::vector<std::string> classes;   // sorted by byte; none in regression
  std::vector<Recording> list;
};

// What is read of a file; columns it does not name are not looked at.
struct Columns {
  enum class Need : std::uint8_t { features, targets, label };
  Need need = Need::features;
  std::vector<std::string> features;  // empty: all that are nothing else, or else the targets
  std::vector<std::string> targets;   // empty: the last column
};

// One file: the column `sequence`, in any order of rows, names the sequence of a row (without it
// all rows are one sequence), the column `label` the class of a sequence. Throws Error, naming file
// and line, where it does not fit.
Recordings load_series(const std::filesystem::path& file, const Columns& columns);

// A folder with a folder for each class and in it a file for each recording, CLASS/FILE.csv, which
// is its id too. No features given: those of the first file.
Recordings load_recordings(const std::filesystem::path& folder,
                           const std::vector<std::string>& features = {});

// Either of them: classification.
Recordings load_labeled(const std::filesystem::path& path,
                        const std::vector<std::string>& features = {});

// Whether a path is one for load_labeled: a file, or a folder of folders with .csv files.
bool holds_recordings(const std::filesystem::path& path);

struct Windowing {
  std::size_t window = 0;   // steps; 0: the whole recording
  std::size_t hop = 1;      // from the start of one window to that of the next
  std::size_t horizon = 0;  // how many steps after its last one the answer stands
  bool keep_short = false;  // a recording shorter than a window is one
};

// Sets the sides; of a single sequence it makes three recordings. Throws Error where a side would
// be left empty.
void set_sides(Recordings& data, const Windowing& how);

struct Window {
  std::size_t recording;  // place in Recordings::list
  std::size_t first;      // row
  std::size_t steps;
  std::size_t answer;  // the row whose targets are asked for
};
// Of one side, or of all.
std::vector<Window> windows_of(const Recordings& data, std::optional<Side> side,
                               const Windowing& how);

std::span<const float> features_of(const Recordings& data, const Window& window);  // (steps, I)
std::span<const float> targets_of(const Recordings& data, const Window& window);   // (O)

// Mean and standard deviation of each column on the training side. A column that is the same
// number everywhere has deviation 0.
struct Scaling {
  std::vector<double> mean;
  std::vector<double> deviation;
};
// Throws Error where a column varies so little beside its size that floats cannot tell.
Scaling feature_scaling(const Recordings& data);
Scaling target_scaling(const Recordings& data);

// (x - mean) / deviation, 0 where that is 0.
void normalize(Recordings& data, const Scaling& features, const Scaling& targets);

}  // namespace rondo::tool
