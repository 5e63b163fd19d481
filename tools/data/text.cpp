// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See text.hpp. Unicode is utf8proc's affair; nothing of it leaves this file.
#include "data/text.hpp"

#include <utf8proc.h>

#include "base/error.hpp"

namespace rondo::tool {
namespace {

// The longest canonical decomposition of one code point has 4 code points (Unicode UAX 15);
// twice that leaves room for the tables of a later Unicode.
constexpr std::size_t k_most_parts = 8;

// Reads the code point at the head of `text` and returns its length in bytes, 0 where that is no
// UTF-8. `text` is not empty.
std::size_t read_code_point(std::string_view text, utf8proc_int32_t& code_point) {
  const utf8proc_ssize_t length =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                       static_cast<utf8proc_ssize_t>(text.size()), &code_point);
  return length > 0 ? static_cast<std::size_t>(length) : 0;
}

std::string cut_blanks(const std::string& text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

std::optional<std::size_t> utf8_fault(std::string_view text) {
  utf8proc_int32_t code_point = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = read_code_point(text.substr(at), code_point);
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

std::string normalize_name(std::string_view utf8, std::string_view letters) {
  std::string kept;
  for (std::size_t at = 0; at < utf8.size();) {
    utf8proc_int32_t code_point = 0;
    const std::size_t length = read_code_point(utf8.substr(at), code_point);
    if (length == 0) {
      throw Error("name", "is not UTF-8 at byte " + std::to_string(at), "give the text as UTF-8");
    }
    at += length;
    utf8proc_int32_t parts[k_most_parts];
    const utf8proc_ssize_t count =
        utf8proc_decompose_char(code_point, parts, k_most_parts, UTF8PROC_DECOMPOSE, nullptr);
    // Marks need no reordering as in full NFD, since none of them is kept.
    for (utf8proc_ssize_t i = 0; i < count; ++i) {
      if (parts[i] >= 128) continue;
      const char letter = static_cast<char>(parts[i]);
      if (letters.find(letter) != std::string_view::npos) kept += letter;
    }
  }
  return cut_blanks(kept);
}

Alphabet::Alphabet(std::string_view symbols) : symbols_(symbols) {
  tokens_.fill(-1);
  std::int16_t next = 0;
  for (const char symbol : symbols_) {
    std::int16_t& place = tokens_[static_cast<unsigned char>(symbol)];
    if (place >= 0) {
      throw Error("alphabet", "has the symbol '" + std::string(1, symbol) + "' twice",
                  "each symbol has one token");
    }
    place = next++;
  }
}

std::vector<std::uint32_t> Alphabet::encode(std::string_view text) const {
  std::vector<std::uint32_t> tokens;
  tokens.reserve(text.size());
  for (const char symbol : text) {
    const int found = token(symbol);
    if (found >= 0) tokens.push_back(static_cast<std::uint32_t>(found));
  }
  return tokens;
}

}  // namespace rondo::tool
