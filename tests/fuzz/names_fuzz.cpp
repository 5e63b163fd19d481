// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Any bytes as a class of names, beside another class that is good.
#include <filesystem>

#include "base/error.hpp"
#include "data/names.hpp"
#include "folder.hpp"
#include "fuzz.hpp"

using namespace rondo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Folder folder;
  static fuzz::MemoryFile file;
  static const bool linked = [] {
    folder.write("Good.txt", "Anna\nBert\n");
    std::filesystem::create_symlink(file.fill({}), folder.path() / "Any.txt");
    return true;
  }();
  fuzz::require(linked);
  file.fill({data, size});
  try {
    const tool::NamesData names = tool::load_names(folder.path());
    for (const tool::NameLine& line : names.lines) {
      fuzz::require(!line.tokens.empty() && line.label < names.classes.size());
      for (const std::uint32_t token : line.tokens) fuzz::require(token < names.alphabet.size());
    }
    names.distinct_of(tool::Side::test);
    names.training_lines();
  } catch (const tool::Error&) {
  }
  return 0;
}
