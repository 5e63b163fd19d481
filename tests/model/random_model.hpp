// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Random models of any shape for the tests of load and Stream, and memory to run them in.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include <rondo/rondo.hpp>

#include "formats/image.hpp"
#include "formats/loaded_image.hpp"

namespace rondo::test {

struct ModelShape {
  Type type;
  Input input;
  std::uint32_t inputs;
  std::vector<std::uint32_t> hidden;
  std::uint32_t outputs;
};

using tool::AlignedBytes;

tool::ImageContent random_model(const ModelShape& shape, std::uint64_t seed);

// Model and Stream in an arena of exactly the size asked for.
struct Runner {
  AlignedBytes image;
  AlignedBytes memory;
  Arena arena;
  Model model;
  Stream stream;
  explicit Runner(const tool::ImageContent& content, Packing packing = Packing::host,
                  CellList cells = all_cells());
};

}  // namespace rondo::test
