// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See book.hpp.
#include "data/book.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/random.hpp"
#include "data/text.hpp"

namespace rondo::tool {
namespace {

// Far above any book: it catches the wrong file before it eats the memory.
constexpr std::uintmax_t k_most_file_bytes = std::uintmax_t{64} << 20;

// Two to the 64th over the golden ratio, as in sampler.cpp.
constexpr std::uint64_t k_epoch_stride = 0x9E3779B97F4A7C15;

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

void require_text(const std::filesystem::path& file, std::string_view text) {
  const char* const hint = "give a plain text file in UTF-8";
  const std::optional<std::size_t> fault = utf8_fault(text);
  if (fault) {
    throw Error(file.string(), "is not UTF-8 at byte " + std::to_string(*fault), hint);
  }
  const std::size_t zero = text.find('\0');
  if (zero != std::string_view::npos) {
    throw Error(file.string(), "is not a text: byte " + std::to_string(zero) + " is zero", hint);
  }
}

}  // namespace

std::string normalize_text(std::string_view text) {
  std::string normal;
  for (const char c : text) {
    if (c >= 'a' && c <= 'z') {
      normal += c;
    } else if (c >= 'A' && c <= 'Z') {
      normal += static_cast<char>(c - 'A' + 'a');
    } else if (normal.empty() || normal.back() != ' ') {
      normal += ' ';
    }
  }
  return normal;
}

std::span<const std::uint32_t> Book::side(const std::string& name) const {
  const std::span<const std::uint32_t> all(tokens);
  if (name == "all" || (name == "train" && !split.three_sides)) return all;
  const std::size_t train = tokens.size() * 8 / 10, valid = tokens.size() * 9 / 10;
  std::span<const std::uint32_t> side;
  if (name == "train") {
    side = all.first(train);
  } else if (name == "valid") {
    side = all.subspan(train, valid - train);
  } else if (name == "test") {
    side = all.subspan(valid);
  } else {
    throw Error("--subset", "unknown subset \"" + name + "\"", "known: train, valid, test, all");
  }
  if (!split.three_sides) {
    throw Error("--subset", "all of the text was trained on, so there is no " + name + " side",
                "use --subset all, or train with --sides book");
  }
  if (side.size() < 2) {
    throw Error(
        file.string(),
        "has " + std::to_string(tokens.size()) + " symbols: its " + name + " side is too short",
        "give a longer text");
  }
  return side;
}

Book load_book(const std::filesystem::path& file, const BookSplit& split) {
  const std::string text = read_text(file, k_most_file_bytes);
  require_text(file, text);
  const Alphabet alphabet(k_book_symbols);
  Book book{file, split, {}};
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    const std::string line = normalize_text(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const std::vector<std::uint32_t> tokens = alphabet.encode(without_blanks(line));
    book.tokens.insert(book.tokens.end(), tokens.begin(), tokens.end());
  }
  if (split.max_tokens != 0 && book.tokens.size() > split.max_tokens) {
    book.tokens.resize(split.max_tokens);
  }
  if (book.tokens.size() < 2) {
    throw Error(file.string(),
                "has " + std::to_string(book.tokens.size()) +
                    " letters from a to z, at least 2 were expected",
                "give a longer text in Latin letters");
  }
  return book;
}

BookBatches::BookBatches(std::span<const std::uint32_t> tokens, std::size_t batch,
                         std::size_t steps, std::uint64_t seed)
    : tokens_(tokens), batch_(batch), steps_(steps), seed_(seed) {
  if (batches_from(steps) == 0) {
    throw Error("--batch, --steps",
                "the text to learn from has " + std::to_string(tokens.size()) + " symbols, " +
                    std::to_string(batch * steps + steps + 1) + " are needed for " +
                    std::to_string(batch) + " pieces of " + std::to_string(steps),
                "give a longer text, or smaller numbers");
  }
  start_epoch(0);
}

std::size_t BookBatches::offset_of(std::uint64_t epoch) const {
  Random random(seed_ + k_epoch_stride * epoch);
  return static_cast<std::size_t>(random.below(steps_ + 1));
}

std::size_t BookBatches::batches_from(std::size_t offset) const {
  return tokens_.size() <= offset ? 0 : (tokens_.size() - offset - 1) / batch_ / steps_;
}

void BookBatches::start_epoch(std::uint64_t epoch) {
  offset_ = offset_of(epoch);
  strip_ = (tokens_.size() - offset_ - 1) / batch_;
  done_ = 0;
}

bool BookBatches::next(std::vector<BookPiece>& pieces) {
  pieces.clear();
  if (done_ == batches_from(offset_)) return false;
  for (std::size_t b = 0; b < batch_; ++b) {
    const std::size_t at = offset_ + b * strip_ + done_ * steps_;
    pieces.push_back({tokens_.subspan(at, steps_), tokens_.subspan(at + 1, steps_)});
  }
  ++done_;
  return true;
}

}  // namespace rondo::tool
