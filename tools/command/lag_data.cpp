// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See lag_data.hpp.
#include "command/lag_data.hpp"

#include <algorithm>
#include <filesystem>
#include <span>
#include <utility>

#include "base/error.hpp"
#include "base/random.hpp"
#include "data/book.hpp"

namespace rondo::tool {
namespace {

// Every cell and seed is measured with the same sequences.
constexpr std::uint64_t k_measured_seed = 2026;
LagData load_text(const LagDataOptions& options) {
  LagData data;
  data.task = "lm";
  data.head = Head::every_step;
  data.alphabet = k_book_symbols;
  for (const char c : k_book_symbols) data.classes.emplace_back(1, c);
  const Book book =
      load_book(options.path, {.three_sides = true, .max_tokens = options.max_tokens});
  data.tokens = book.tokens;
  std::vector<std::uint32_t>& tokens = data.tokens;
  const std::size_t train = book.side("train").size();
  const std::size_t test = tokens.size() - book.side("test").size();
  const std::size_t lag = options.lag;
  if (tokens.size() - test <= lag) {
    throw Error(options.path,
                "has " + std::to_string(tokens.size()) + " letters and blanks; a test side of 10 " +
                    "% must be longer than the lag of " + std::to_string(lag),
                "use a longer text, more --max-tokens or a smaller --lag");
  }
  const std::span<const std::uint32_t> all = tokens;
  for (std::size_t at = 0; at + lag < train; ++at) {
    data.training.push_back({all.subspan(at, lag), {}, all.subspan(at + 1, lag)});
  }
  data.sequences_of_a_pass = static_cast<double>(train) / static_cast<double>(lag);
  Random random(k_measured_seed);
  for (std::size_t n = 0; n < options.sequences; ++n) {
    const std::size_t at = test + random.below(tokens.size() - test - lag);
    data.measured.push_back({all.subspan(at, lag), {}, all.subspan(at + lag, 1)});
  }
  return data;
}

LagData load_folder(const LagDataOptions& options) {
  LagData data;
  const NamesData& names = data.names.emplace(load_names(options.path));
  data.task = "classify";
  data.classes = names.classes;
  data.alphabet = names.alphabet.symbols();
  const auto sequence = [&](std::size_t place) {
    const NameLine& line = names.lines[place];
    return Sequence{line.tokens, {}, {&line.label, 1}};
  };
  for (const std::size_t place : names.training_lines()) data.training.push_back(sequence(place));
  data.sequences_of_a_pass = static_cast<double>(data.training.size());
  std::vector<std::size_t> test = names.distinct_of(Side::test);
  if (test.empty()) {
    throw Error(options.path, "the test side has no name",
                "the sides go by spelling, 70 : 10 : 20; more names are needed");
  }
  Random random(k_measured_seed);
  for (std::size_t n = 0; n < options.sequences && n < test.size(); ++n) {
    std::swap(test[n], test[n + random.below(test.size() - n)]);
    data.measured.push_back(sequence(test[n]));
  }
  return data;
}

}  // namespace

LagData load_lag_data(const LagDataOptions& options) {
  if (options.lag < 1 || options.lag > 10000) throw Error("--lag", "must be 1 to 10000");
  if (options.sequences < 1 || options.sequences > 100000) {
    throw Error("--sequences", "must be 1 to 100000");
  }
  return std::filesystem::is_directory(options.path) ? load_folder(options) : load_text(options);
}

}  // namespace rondo::tool
