// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Random models of any shape for the tests of load and Stream, and memory to run them in.
#pragma once
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include <rondo/rondo.hpp>

#include "base/random.hpp"
#include "formats/image.hpp"

namespace rondo::test {

struct ModelShape {
  Type type;
  Input input;
  std::uint32_t inputs;
  std::vector<std::uint32_t> hidden;
  std::uint32_t outputs;
};

// Bytes whose first one is aligned to 64, or `off` bytes beyond that.
class AlignedBytes {
 public:
  explicit AlignedBytes(std::size_t size, std::size_t off = 0)
      : memory_(new std::uint8_t[size + off + 64]()), size_(size) {
    const auto address = reinterpret_cast<std::uintptr_t>(memory_.get());
    data_ = memory_.get() + (round_up(address, 64) - address) + off;
  }
  explicit AlignedBytes(std::span<const std::uint8_t> bytes) : AlignedBytes(bytes.size()) {
    std::memcpy(data_, bytes.data(), bytes.size());
  }
  std::uint8_t* data() const { return data_; }
  std::size_t size() const { return size_; }
  View<std::uint8_t> view() const { return {data_, size_}; }
  View<const std::uint8_t> image() const { return {data_, size_}; }

 private:
  std::unique_ptr<std::uint8_t[]> memory_;
  std::size_t size_;
  std::uint8_t* data_;
};

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
