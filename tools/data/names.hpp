// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A folder of names: one text file a class, one name a line. Called by the commands that train,
// calibrate and evaluate on names. Sides and repeats are told apart here; batches are not made
// here.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/split.hpp"
#include "data/text.hpp"

namespace rondo::tool {

struct NameLine {
  std::string text;  // in normal form
  std::vector<std::uint32_t> tokens;
  std::uint32_t label;  // place in NamesData::classes
  Side side;
  std::size_t line;  // in the file of its class, from 1
};

struct NamesData {
  std::filesystem::path folder;
  Alphabet alphabet;
  std::vector<std::string> classes;  // sorted by byte
  std::vector<NameLine> lines;       // class by class, in file order

  // Places in `lines` on one side, or everywhere where no side is given.
  std::vector<std::size_t> lines_of(std::optional<Side> side) const;  // with repeats
  // The same, but each (text, label) once, where it stands first.
  std::vector<std::size_t> distinct_of(std::optional<Side> side) const;
  // lines_of(Side::train); throws Error where a class has none and so cannot be learned.
  std::vector<std::size_t> training_lines() const;
};

// Reads every file of `folder` whose name ends in ".txt"; the class is the name without that.
// `letters` are the symbols kept; the side goes by k_name_letters whatever they are. Throws Error,
// naming file and line, where a file or a line is not what the first sentence of this file says.
NamesData load_names(const std::filesystem::path& folder,
                     std::string_view letters = k_name_letters);

}  // namespace rondo::tool
