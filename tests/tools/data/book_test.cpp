// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A book: its normal form, its sides, its mini-batches, and what is refused.
#include "data/book.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "data/text.hpp"
#include "folder.hpp"

using namespace rondo::tool;

namespace {

std::string text_of(std::span<const std::uint32_t> tokens) {
  std::string text;
  for (const std::uint32_t token : tokens) text += k_book_symbols[token];
  return text;
}

Book book_of(const std::string& text, const BookSplit& split = {}) {
  Folder folder;
  folder.write("book.txt", text);
  return load_book(folder.path() / "book.txt", split);
}

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was refused";
}

// 0, 1, 2, ...: a token tells its place.
std::vector<std::uint32_t> places(std::size_t n) {
  std::vector<std::uint32_t> tokens(n);
  std::iota(tokens.begin(), tokens.end(), 0U);
  return tokens;
}

}  // namespace

TEST_CASE("the normal form keeps letters in lower case and one blank between them") {
  CHECK(normalize_text("When  HE--wakes 2 up!") == "when he wakes up ");
  CHECK(normalize_text(" \t7") == " ");
  CHECK(normalize_text("") == "");
  CHECK(normalize_text("caf\xC3\xA9 au") == "caf au");
}

TEST_CASE("lines lose the blanks at their ends and follow one another directly") {
  const Book book = book_of("The Garden,\r\n\n  was 3 miles\nwide.");
  CHECK(text_of(book.tokens) == "the gardenwas mileswide");
  CHECK(Alphabet(k_book_symbols).size() == 28);
}

TEST_CASE("sides go by position, 80 : 10 : 10") {
  std::string text;
  for (int i = 0; i < 103; ++i) text += static_cast<char>('a' + i % 26);
  const Book book = book_of(text);
  const auto train = book.side("train"), valid = book.side("valid"), test = book.side("test");
  CHECK(train.size() == 82);
  CHECK(valid.size() == 10);
  CHECK(test.size() == 11);
  CHECK(text_of(train) + text_of(valid) + text_of(test) == text);
  CHECK(text_of(book.side("all")) == text);
}

TEST_CASE("only the first symbols are taken where so many are asked for") {
  CHECK(text_of(book_of("ab cd ef", {.three_sides = false, .max_tokens = 4}).tokens) == "ab c");
  CHECK(book_of("ab cd ef", {.three_sides = false, .max_tokens = 100}).tokens.size() == 8);
}

TEST_CASE("without three sides all is for training, and the others are refused") {
  const Book book = book_of("a stitch in time", {.three_sides = false, .max_tokens = 0});
  CHECK(book.side("train").size() == book.tokens.size());
  CHECK(book.side("all").size() == book.tokens.size());
  for (const char* const side : {"valid", "test"}) {
    CHECK(refusal([&] { (void)book.side(side); }) ==
          "--subset: all of the text was trained on, so there is no " + std::string(side) +
              " side (use --subset all, or train with --sides book)");
  }
  CHECK(refusal([&] { (void)book.side("most"); }).find("known: train, valid, test, all") !=
        std::string::npos);
}

TEST_CASE("what is no text is refused by the file's name") {
  const auto message = [](const std::string& bytes) { return refusal([&] { book_of(bytes); }); };
  CHECK(message("abc\xFF").find("book.txt: is not UTF-8 at byte 3") != std::string::npos);
  CHECK(message(std::string("ab\0c", 4)).find("byte 2 is zero") != std::string::npos);
  CHECK(message("1234\n5").find("has 0 letters") != std::string::npos);
  CHECK(message("").find("has 0 letters") != std::string::npos);
  CHECK(refusal([] { load_book("/no/such/book.txt", {}); }).find("/no/such/book.txt") == 0);
  CHECK(refusal([] { (void)book_of("ab").side("test"); }).find("is too short") !=
        std::string::npos);
}

TEST_CASE("mini-batches are strips of the text, each going on where the last ended") {
  const auto tokens = places(1000);
  BookBatches batches(tokens, 4, 7, 1);
  std::set<std::size_t> offsets;
  for (std::uint64_t epoch = 0; epoch < 60; ++epoch) {
    batches.start_epoch(epoch);
    std::vector<BookPiece> pieces, before;
    std::size_t count = 0;
    while (batches.next(pieces)) {
      REQUIRE(pieces.size() == 4);
      for (std::size_t b = 0; b < 4; ++b) {
        REQUIRE(pieces[b].tokens.size() == 7);
        for (std::size_t t = 0; t < 7; ++t) {
          REQUIRE(pieces[b].targets[t] == pieces[b].tokens[t] + 1);
          REQUIRE(pieces[b].tokens[t] == pieces[b].tokens[0] + t);
        }
        if (count > 0) REQUIRE(pieces[b].tokens[0] == before[b].targets[6]);
      }
      if (count == 0) {
        const std::size_t offset = pieces[0].tokens[0];
        offsets.insert(offset);
        for (std::size_t b = 0; b < 4; ++b) {
          CHECK(pieces[b].tokens[0] == offset + b * ((999 - offset) / 4));
        }
      }
      before = pieces;
      ++count;
    }
    CHECK(count == batches.batches_of(epoch));
    CHECK(count >= (999 - 7) / 4 / 7);
  }
  CHECK(*offsets.begin() == 0);
  CHECK(*offsets.rbegin() == 7);
}

TEST_CASE("the order of an epoch depends on seed and number alone") {
  const auto tokens = places(500);
  const auto first_of = [&](std::uint64_t seed, std::uint64_t epoch) {
    BookBatches batches(tokens, 2, 30, seed);
    batches.start_epoch(epoch);
    std::vector<BookPiece> pieces;
    batches.next(pieces);
    return pieces[0].tokens[0];
  };
  int differ = 0;
  for (std::uint64_t epoch = 0; epoch < 20; ++epoch) {
    CHECK(first_of(3, epoch) == first_of(3, epoch));
    if (first_of(3, epoch) != first_of(4, epoch)) ++differ;
  }
  CHECK(differ > 10);
}

TEST_CASE("a text too short for one mini-batch is refused with the length it needs") {
  CHECK(refusal([] { BookBatches(places(9 * 5), 8, 5, 1); }) ==
        "--batch, --steps: the text to learn from has 45 symbols, 46 are needed for 8 pieces of 5 "
        "(give a longer text, or smaller numbers)");
  CHECK(refusal([] { BookBatches(places(9 * 5 + 1), 8, 5, 1); }) == "nothing was refused");
}
