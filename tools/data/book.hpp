// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// One text file as a sequence of 28 symbols, its three sides, and the mini-batches of a character
// language model. Called by the commands that train, measure and continue text; what a model makes
// of it is not known here.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::tool {

// The symbols in the order of their tokens: unknown (no text has it), blank, a-z.
inline constexpr char k_book_symbols_text[] = "? abcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view k_book_symbols = k_book_symbols_text;

// Letters a-z in lower case; whatever stands between them is one blank. Blanks at the ends stay.
std::string normalize_text(std::string_view text);

// Which part of a book a model may learn from.
struct BookSplit {
  bool three_sides = true;     // false: everything is for training
  std::size_t max_tokens = 0;  // only so many from the start; 0: the whole book
};

struct Book {
  std::filesystem::path file;
  BookSplit split;
  std::vector<std::uint32_t> tokens;

  // "train": the first 80 %, "valid": the next 10 %, "test": the last 10 %, or "all". Without three
  // sides "train" is all, and there are no others. Throws Error where there is no such side.
  std::span<const std::uint32_t> side(const std::string& name) const;
};

// Each line in normal form, without blanks at its ends, and one line right after another, as
// classroom texts have it. Throws Error where the file is no text or has fewer than two letters.
Book load_book(const std::filesystem::path& file, const BookSplit& split);

// A mini-batch has B pieces of T tokens, and as targets the tokens that follow each. Piece b of the
// next mini-batch goes on where piece b of this one ended: the text is cut into B long strips.
struct BookPiece {
  std::span<const std::uint32_t> tokens;   // (T)
  std::span<const std::uint32_t> targets;  // (T)
};

class BookBatches {
 public:
  // Each epoch begins 0 .. steps tokens into the text, at random, so that pieces are cut elsewhere;
  // what fills no whole piece at the end is left out. Epoch 0 is ready to be read. Throws Error
  // where the text is too short for one mini-batch.
  BookBatches(std::span<const std::uint32_t> tokens, std::size_t batch, std::size_t steps,
              std::uint64_t seed);

  // Replaces `pieces` by the next B; false at the end of the epoch.
  bool next(std::vector<BookPiece>& pieces);

  // The offset depends on seed and number alone.
  void start_epoch(std::uint64_t epoch);
  // Mini-batches of an epoch: one fewer where its offset is unlucky.
  std::size_t batches_of(std::uint64_t epoch) const { return batches_from(offset_of(epoch)); }

 private:
  std::size_t offset_of(std::uint64_t epoch) const;
  std::size_t batches_from(std::size_t offset) const;

  std::span<const std::uint32_t> tokens_;
  std::size_t batch_;
  std::size_t steps_;
  std::uint64_t seed_;
  std::size_t offset_ = 0;
  std::size_t strip_ = 0;  // tokens from one piece of a mini-batch to the next
  std::size_t done_ = 0;   // mini-batches of this epoch
};

}  // namespace rondo::tool
