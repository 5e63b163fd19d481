// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// From bytes of a file to the letters a network sees: UTF-8 check, normal form of a name, alphabet.
// Called by the loaders in this room and by the commands that take text from the command line.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rondo::tool {

// The 57 symbols of the classifiers of names, in the order of their tokens.
inline constexpr char k_name_letters_text[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .,;'";
inline constexpr std::string_view k_name_letters = k_name_letters_text;

// The offset of the first byte that is not UTF-8; nothing where the whole text is.
std::optional<std::size_t> utf8_fault(std::string_view text);

// Canonical decomposition, then only what stands in `letters` (ASCII) is kept, which drops the
// marks too; blanks at both ends are cut last, so that no kept name begins or ends with one.
// Throws Error where `utf8` is not UTF-8.
std::string normalize_name(std::string_view utf8, std::string_view letters = k_name_letters);

// A list of one-byte symbols; the token of a symbol is its place in the list.
class Alphabet {
 public:
  // Throws Error where a symbol stands twice.
  explicit Alphabet(std::string_view symbols = k_name_letters);

  std::size_t size() const { return symbols_.size(); }
  const std::string& symbols() const { return symbols_; }

  // The token of `symbol`, -1 where the alphabet lacks it.
  int token(char symbol) const { return tokens_[static_cast<unsigned char>(symbol)]; }

  // One token a character; characters outside the alphabet are left out.
  std::vector<std::uint32_t> encode(std::string_view text) const;

 private:
  std::string symbols_;
  std::array<std::int16_t, 256> tokens_;
};

}  // namespace rondo::tool
