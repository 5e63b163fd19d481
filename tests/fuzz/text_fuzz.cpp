// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Any bytes as a book: its symbols, sides and mini-batches.
#include "base/error.hpp"
#include "data/book.hpp"
#include "fuzz.hpp"

using namespace rondo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::MemoryFile file;
  fuzz::Choices choices(data, size);
  const std::size_t batch = 1 + choices.below(4), steps = 1 + choices.below(8);
  const tool::BookSplit split = {choices.flag(), choices.below(200)};
  try {
    const tool::Book book = tool::load_book(file.fill(choices.rest()), split);
    for (const std::uint32_t token : book.tokens) {
      fuzz::require(token < tool::k_book_symbols.size());
    }
    tool::BookBatches batches(book.side("train"), batch, steps, 1);
    std::vector<tool::BookPiece> pieces;
    while (batches.next(pieces)) {
      fuzz::require(pieces.size() == batch);
      for (const auto& piece : pieces) fuzz::require(piece.targets.size() == piece.tokens.size());
    }
  } catch (const tool::Error&) {
  }
  return 0;
}
