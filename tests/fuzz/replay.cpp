// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The fuzz targets without a fuzzer, for the suite: each file of a corpus, then the same files with
// bytes changed at random, always in the same way. usage: fuzz_NAME FOLDER COUNT
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "base/file.hpp"
#include "base/random.hpp"
#include "fuzz.hpp"

namespace {

using Bytes = std::vector<std::uint8_t>;

void change(Bytes& bytes, const Bytes& other, rondo::tool::Random& random) {
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random.below(n)); };
  for (std::size_t left = 1 + below(4); left > 0 && !bytes.empty(); --left) {
    const std::size_t at = below(bytes.size());
    switch (below(5)) {
      case 0:
        bytes[at] = static_cast<std::uint8_t>(random.below(256));
        break;
      case 1:
        bytes[at] ^= static_cast<std::uint8_t>(1U << random.below(8));
        break;
      case 2:
        bytes.resize(at);
        break;
      case 3:
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes[at]);
        break;
      default:
        for (std::size_t i = at, n = below(16); i < std::min(bytes.size(), at + n); ++i) {
          if (i < other.size()) bytes[i] = other[i];
        }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "usage: %s FOLDER COUNT\n", argv[0]), 1;
  const std::size_t count = std::strtoul(argv[2], nullptr, 10);
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Bytes> corpus;
  for (const auto& file : files) corpus.push_back(rondo::tool::read_bytes(file));
  if (corpus.empty()) return std::fprintf(stderr, "%s is empty: nothing was run\n", argv[1]), 1;
  for (const Bytes& bytes : corpus) LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  rondo::tool::Random random(1);
  for (std::size_t i = 0; i < count; ++i) {
    Bytes bytes = corpus[i % corpus.size()];
    change(bytes, corpus[random.below(corpus.size())], random);
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  std::printf("%zu files of %s and %zu made of them\n", corpus.size(), argv[1], count);
}
