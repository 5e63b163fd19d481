// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// UTF-8 check, normal form, alphabet and split. The expected CRCs are those of Python's zlib.
#include "data/text.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/error.hpp"
#include "data/split.hpp"

using namespace rondo::tool;

TEST_CASE("utf8_fault passes text of one to four bytes a code point") {
  CHECK_FALSE(utf8_fault(""));
  CHECK_FALSE(utf8_fault("abc \xC3\xA9 \xE1\xBB\x85 \xF0\x9F\x8E\xB5"));
  CHECK_FALSE(utf8_fault(std::string_view("a\0b", 3)));
}

TEST_CASE("utf8_fault gives the place of the first bad byte") {
  CHECK(utf8_fault("ab\xE9") == 2);             // Latin-1
  CHECK(utf8_fault("\xC3\xA9\xC3") == 2);       // cut off
  CHECK(utf8_fault("a\xC0\xAF") == 1);          // overlong
  CHECK(utf8_fault("\xED\xA0\x80") == 0);       // surrogate
  CHECK(utf8_fault("x\xF4\x90\x80\x80") == 1);  // past the last code point
  CHECK(utf8_fault("\xFF\xFE"
                   "A") == 0);  // UTF-16 with its mark
}

TEST_CASE("normalize_name keeps the 57 letters as they are") {
  CHECK(k_name_letters.size() == 57);
  CHECK(normalize_name(std::string("x") + std::string(k_name_letters)) ==
        "x" + std::string(k_name_letters));
}

TEST_CASE("normalize_name takes marks off letters, composed or not") {
  CHECK(normalize_name("\xC5\x9Alus\xC3\xA0rski") == "Slusarski");
  CHECK(normalize_name("e\xCC\x81") == "e");               // e and a combining acute
  CHECK(normalize_name("Nguy\xE1\xBB\x85n") == "Nguyen");  // two marks on one letter
  CHECK(normalize_name("\xE2\x84\xAA") == "K");            // the Kelvin sign
  CHECK(normalize_name("\xEF\xAC\x81") == "");             // a ligature is no canonical fi
}

TEST_CASE("normalize_name drops what has no place among the letters") {
  CHECK(normalize_name("Au-Yong1:/") == "AuYong");
  CHECK(normalize_name("Marsza\xC5\x82"
                       "ek") == "Marszaek");  // l with a stroke is no mark
  // U+0141 ends in the byte of an A.
  CHECK(normalize_name("\xC5\x81\xC3\xB3"
                       "d\xC5\xBA") == "odz");
  CHECK(normalize_name("\xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD").empty());  // Cyrillic
  CHECK(normalize_name("\xEF\xBB\xBF"
                       "Abel") == "Abel");  // byte order mark
}

TEST_CASE("normalize_name cuts blanks at both ends only, also those that dropping bares") {
  CHECK(normalize_name("  De la fontaine \r") == "De la fontaine");
  CHECK(normalize_name("- Abel -") == "Abel");
  CHECK(normalize_name("   ").empty());
}

TEST_CASE("normalize_name takes another list of letters") {
  CHECK(normalize_name("Bim-Bad", "Bimad-") == "Bim-Bad");
  CHECK(normalize_name("Bim-Bad", "ab") == "a");
}

TEST_CASE("normalize_name refuses what is not UTF-8") {
  CHECK_THROWS_WITH_AS(normalize_name("Jos\xE9"),
                       "name: is not UTF-8 at byte 3 (give the text as UTF-8)", Error);
}

TEST_CASE("Alphabet numbers the letters in their order: small, large, the others") {
  const Alphabet alphabet;
  CHECK(alphabet.size() == 57);
  CHECK(alphabet.token('a') == 0);
  CHECK(alphabet.token('z') == 25);
  CHECK(alphabet.token('A') == 26);
  CHECK(alphabet.token('Z') == 51);
  CHECK(alphabet.token(' ') == 52);
  CHECK(alphabet.token('\'') == 56);
  CHECK(alphabet.token('-') == -1);
  CHECK(alphabet.token('\xE9') == -1);
}

TEST_CASE("Alphabet encodes what it has and leaves out the rest") {
  const Alphabet alphabet("cab");
  CHECK(alphabet.symbols() == "cab");
  CHECK(alphabet.encode("abxc") == std::vector<std::uint32_t>{1, 2, 0});
  CHECK(alphabet.encode("").empty());
}

TEST_CASE("Alphabet refuses a symbol that stands twice") {
  CHECK_THROWS_WITH_AS(Alphabet("abca"),
                       "alphabet: has the symbol 'a' twice (each symbol has one token)", Error);
}

TEST_CASE("side_of goes by the CRC of the spelling: 70 train, 10 valid, 20 test") {
  // Names found with zlib.crc32(name) % 100 at both sides of each border.
  CHECK(side_of("Bizet") == Side::train);          // 0
  CHECK(side_of("De Kodaly") == Side::train);      // 69
  CHECK(side_of("Van Prokofiev") == Side::valid);  // 70
  CHECK(side_of("Dvorak") == Side::valid);         // 79
  CHECK(side_of("De Tavener") == Side::test);      // 80
  CHECK(side_of("Pachelbel") == Side::test);       // 99
}
