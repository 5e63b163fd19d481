// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See series.hpp.
#include "import/series.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

#include "base/error.hpp"
#include "base/file.hpp"
#include "data/csv.hpp"

namespace rondo::tool {
namespace {

constexpr std::uintmax_t k_most_bytes = std::uintmax_t{1} << 30;
constexpr const char* k_sequence = "sequence";

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t end = std::min(line.find(',', at), line.size());
    std::string_view field = line.substr(at, end - at);
    while (!field.empty() && field.front() == ' ') field.remove_prefix(1);
    while (!field.empty() && field.back() == ' ') field.remove_suffix(1);
    fields.push_back(field);
    at = end + 1;
  }
  return fields;
}

class Reader {
 public:
  Reader(const std::filesystem::path& path, std::size_t inputs, bool tokens)
      : path_(path), inputs_(inputs), width_(tokens ? 1 : inputs), tokens_(tokens) {}

  void line(std::string_view text) {
    ++line_;
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (text.empty()) return;
    const std::vector<std::string_view> fields = fields_of(text);
    if (first_) {
      first_ = false;
      if (is_names(fields)) {
        take_names(fields);
        return;
      }
    }
    row(fields);
  }

  Series take() {
    if (!series_.sequences.empty()) return std::move(series_);
    throw Error(path_.string(), "has no row of numbers", "expected a row for each step");
  }

 private:
  std::string place() const { return path_.string() + ":" + std::to_string(line_); }

  static bool is_names(const std::vector<std::string_view>& fields) {
    return std::any_of(fields.begin(), fields.end(),
                       [](std::string_view f) { return !number_from(f); });
  }

  void take_names(const std::vector<std::string_view>& fields) {
    const auto found = std::find(fields.begin(), fields.end(), k_sequence);
    if (found != fields.end()) id_ = static_cast<std::size_t>(found - fields.begin());
    require_width(fields.size());
  }

  void require_width(std::size_t fields) const {
    const std::size_t wanted = width_ + (id_ ? 1 : 0);
    if (fields == wanted) return;
    throw Error(place(),
                "has " + std::to_string(fields) + " columns, expected " + std::to_string(wanted) +
                    (tokens_ ? ": the number of a token" : ": as many as the network has inputs"),
                id_ ? "the column \"sequence\" is counted" : "commas stand between numbers");
  }

  void row(const std::vector<std::string_view>& fields) {
    require_width(fields.size());
    const std::string id(id_ ? fields[*id_] : std::string_view());
    if (series_.sequences.empty() || series_.sequences.back().id != id) {
      series_.sequences.push_back({id, 0, {}, {}});
    }
    Series::Sequence& to = series_.sequences.back();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (id_ && i == *id_) continue;
      const std::optional<float> value = number_from(fields[i]);
      if (!value) {
        throw Error(place(), "field " + std::to_string(i + 1) + " is not a finite number",
                    "write numbers as -1.5 or 2e-3");
      }
      if (tokens_) {
        to.tokens.push_back(token_of(*value));
      } else {
        to.reals.push_back(*value);
      }
    }
    ++to.steps;
  }

  std::uint32_t token_of(float value) const {
    if (value >= 0 && value < static_cast<float>(inputs_) && value == std::floor(value)) {
      return static_cast<std::uint32_t>(value);
    }
    throw Error(place(),
                "is no token: expected a whole number from 0 to " + std::to_string(inputs_ - 1));
  }

  std::filesystem::path path_;
  std::size_t inputs_, width_;
  bool tokens_, first_ = true;
  std::optional<std::size_t> id_;
  std::size_t line_ = 0;
  Series series_;
};

}  // namespace

Series read_series(const std::filesystem::path& path, std::size_t inputs, bool tokens) {
  const std::string text = read_text(path, k_most_bytes);
  Reader reader(path, inputs, tokens);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    reader.line(std::string_view(text).substr(at, end - at));
    at = end + 1;
  }
  return reader.take();
}

}  // namespace rondo::tool
