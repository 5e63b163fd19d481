// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A file of comma-separated values with a row of names on top, read row by row (RFC 4180: fields
// may stand in quotes, lines may end as on Windows). What the columns mean is the caller's affair.
#pragma once
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::tool {

class CsvReader {
 public:
  // Reads the whole file and its names. Throws Error naming file and line where it is no such
  // file, here and in all that follows.
  explicit CsvReader(const std::filesystem::path& path);

  const std::vector<std::string>& columns() const { return columns_; }
  std::optional<std::size_t> find(std::string_view name) const;
  // The same; throws Error where the column is missing.
  std::size_t require(std::string_view name) const;

  // Goes to the next row, which has as many fields as there are names; blank lines are none.
  bool next();
  // Of this row.
  const std::string& text(std::size_t column) const { return fields_[column]; }
  float number(std::size_t column) const;  // finite
  std::string place() const;               // file:line

 private:
  std::string place(std::size_t line) const;
  void read_columns();
  void read_record();
  void read_quoted(std::string& field);
  void read_plain(std::string& field);
  bool end_of_line();

  std::filesystem::path path_;
  std::string text_;
  std::size_t at_ = 0;
  std::size_t next_line_ = 1;  // where at_ stands
  std::size_t line_ = 1;       // where this row begins
  std::vector<std::string> columns_;
  std::vector<std::string> fields_;
  std::size_t count_ = 0;  // fields of this row; fields_ keeps its memory
};

// A finite number that a float can hold, blanks around it left out; nothing else is a number.
std::optional<float> number_from(std::string_view text);

}  // namespace rondo::tool
