// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See csv.hpp.
#include "data/csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "data/text.hpp"

namespace rondo::tool {
namespace {

// All far above any table of numbers: they catch the wrong file before it eats the memory.
constexpr std::uintmax_t k_most_bytes = std::uintmax_t{1} << 30;
constexpr std::size_t k_most_field = 4096;
constexpr std::size_t k_most_columns = 16384;

std::string_view cut_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Enough of a field to know it by, without what could upset a terminal.
std::string shown(std::string_view text) {
  constexpr std::size_t k_most_shown = 40;
  std::string kept(text.substr(0, k_most_shown));
  for (char& c : kept) {
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = ' ';
  }
  while (utf8_fault(kept)) kept.pop_back();  // a letter that was cut
  return '"' + kept + (text.size() > k_most_shown ? "...\"" : "\"");
}

}  // namespace

std::optional<float> number_from(std::string_view text) {
  text = cut_blanks(text);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  // Not a number compares as false.
  if (!(std::abs(value) <= double{std::numeric_limits<float>::max()})) return std::nullopt;
  return static_cast<float>(value);
}

CsvReader::CsvReader(const std::filesystem::path& path)
    : path_(path), text_(read_text(path, k_most_bytes)) {
  if (text_.starts_with("\xFF\xFE") || text_.starts_with("\xFE\xFF")) {
    throw Error(place(1), "is UTF-16, UTF-8 was expected", "save it as CSV UTF-8");
  }
  if (const std::optional<std::size_t> fault = utf8_fault(text_)) {
    const auto before = text_.begin() + static_cast<std::ptrdiff_t>(*fault);
    throw Error(place(1 + static_cast<std::size_t>(std::count(text_.begin(), before, '\n'))),
                "is not UTF-8 at byte " + std::to_string(*fault) + " of the file",
                "save it as CSV UTF-8");
  }
  if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;  // the mark that spreadsheets write
  read_columns();
}

std::string CsvReader::place(std::size_t line) const {
  return path_.string() + ":" + std::to_string(line);
}

std::string CsvReader::place() const {
  return place(line_);
}

void CsvReader::read_columns() {
  const char* const hint = "the first row gives each column its name, commas between";
  line_ = next_line_;
  if (at_ == text_.size())
    throw Error(place(), "is empty, a row of column names was expected", hint);
  read_record();
  std::set<std::string> seen;
  bool numbers = true;
  for (std::size_t i = 0; i < count_; ++i) {
    const std::string name(cut_blanks(fields_[i]));
    if (name.empty()) {
      throw Error(place(), "column " + std::to_string(i + 1) + " has no name", hint);
    }
    if (!seen.insert(name).second) {
      throw Error(place(), "the column name " + shown(name) + " stands twice", hint);
    }
    numbers = numbers && number_from(name);
    columns_.push_back(name);
  }
  if (numbers) throw Error(place(), "is a row of numbers, column names were expected", hint);
  if (columns_.size() == 1 && columns_[0].find_first_of(";\t") != std::string::npos) {
    throw Error(place(), "has semicolons or tabs between its names, commas were expected",
                "save it with commas, and with points in numbers");
  }
}

std::optional<std::size_t> CsvReader::find(std::string_view name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

std::size_t CsvReader::require(std::string_view name) const {
  if (const std::optional<std::size_t> column = find(name)) return *column;
  std::string known;
  for (const std::string& column : columns_) {
    if (known.size() > 200) {
      known += ", ...";
      break;
    }
    known += (known.empty() ? "" : ", ") + column;
  }
  throw Error(place(1), "has no column " + shown(name), "its columns: " + known);
}

bool CsvReader::next() {
  while (at_ < text_.size()) {
    line_ = next_line_;
    read_record();
    if (count_ == 1 && cut_blanks(fields_[0]).empty()) continue;
    if (count_ == columns_.size()) return true;
    throw Error(place(),
                "has " + std::to_string(count_) + " fields, " + std::to_string(columns_.size()) +
                    " were expected, as many as the first row has names",
                "put texts with commas into quotes, and write numbers with a point");
  }
  return false;
}

float CsvReader::number(std::size_t column) const {
  if (const std::optional<float> value = number_from(fields_[column])) return *value;
  const std::string what = "column " + shown(columns_[column]) + " ";
  if (cut_blanks(fields_[column]).empty()) {
    throw Error(place(), what + "is empty, a number was expected",
                "fill the gap or take the row out");
  }
  throw Error(place(), what + "is " + shown(fields_[column]) + ", a finite number was expected",
              "as -1.5 or 2e-3, below 3.4e38");
}

// Goes past the end of a line, and past the end of the file, which ends one too.
bool CsvReader::end_of_line() {
  if (at_ == text_.size()) return true;
  if (text_[at_] == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] == '\n')) ++at_;
  if (at_ == text_.size()) return true;
  if (text_[at_] != '\n') return false;
  ++at_;
  ++next_line_;
  return true;
}

void CsvReader::read_record() {
  for (count_ = 0; count_ < k_most_columns;) {
    if (count_ == fields_.size()) fields_.emplace_back();
    std::string& field = fields_[count_++];
    field.clear();
    const bool quoted = at_ < text_.size() && text_[at_] == '"';
    if (quoted) {
      read_quoted(field);
    } else {
      read_plain(field);
    }
    if (end_of_line()) return;
    if (text_[at_] != ',') {
      throw Error(place(next_line_),
                  quoted ? "a quoted field goes on after its closing quote"
                         : "a carriage return stands within the line",
                  quoted ? "write quotes inside quotes twice"
                         : "save it with the line ends of Unix or Windows");
    }
    ++at_;
  }
  throw Error(place(), "has more than " + std::to_string(k_most_columns) + " fields",
              "is it a table of numbers?");
}

void CsvReader::read_quoted(std::string& field) {
  const std::size_t begin = next_line_;
  for (++at_; at_ < text_.size() && field.size() <= k_most_field; ++at_) {
    const bool quote = text_[at_] == '"';
    const bool twice = quote && at_ + 1 < text_.size() && text_[at_ + 1] == '"';
    if (quote && !twice) {
      ++at_;
      return;
    }
    if (twice) ++at_;
    if (text_[at_] == '\n') ++next_line_;
    field += text_[at_];
  }
  throw Error(place(begin),
              "a field in quotes does not end within " + std::to_string(k_most_field) + " bytes",
              "is the closing quote missing?");
}

void CsvReader::read_plain(std::string& field) {
  const std::size_t end = std::min(text_.find_first_of(",\r\n\"", at_), text_.size());
  if (end - at_ > k_most_field) {
    throw Error(place(next_line_),
                "has a field of more than " + std::to_string(k_most_field) + " bytes",
                "is it a table of numbers?");
  }
  if (end < text_.size() && text_[end] == '"') {
    throw Error(place(next_line_), "a quote stands within a field",
                "put the whole field into quotes, and write quotes inside twice");
  }
  field.assign(text_, at_, end - at_);
  at_ = end;
}

}  // namespace rondo::tool
