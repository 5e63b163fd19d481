// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// An image to break on purpose: change its header, records and arrays, then load it with its CRC
// made right again. For the tests of load.
#pragma once
#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include <rondo/crc32.hpp>

#include "random_model.hpp"

namespace rondo::test {

// Rows and weights of a layer as packed: see format.hpp.
struct Sizes {
  std::uint32_t rows, w, u, biases;
};
inline Sizes sizes_of(const LayerRecord& record, Packing packing) {
  const Shape shape = shape_of(gates_of(record.kind), record.type, record.outputs, packing);
  const bool columns = record.input == Format::token;
  const std::uint32_t biases = shape.rows() + (record.kind == Kind::gru ? shape.units : 0);
  return {shape.rows(), shape.rows() * (columns ? record.inputs : shape.padded(record.inputs)),
          record.recurrent == Format::token ? 0 : shape.rows() * shape.padded(record.outputs),
          biases};
}

class ChangedImage {
 public:
  explicit ChangedImage(const std::vector<std::uint8_t>& bytes)
      : bytes_(std::span<const std::uint8_t>(bytes)) {
    std::memcpy(&header, bytes.data(), sizeof header);
    records.resize(header.layers);
    std::memcpy(records.data(), bytes.data() + sizeof header, header.layers * sizeof(LayerRecord));
  }
  explicit ChangedImage(const tool::ImageContent& content, Packing packing = Packing::host)
      : ChangedImage(tool::pack(content, packing)) {}
  ChangedImage(const ModelShape& shape, Packing packing = Packing::host)
      : ChangedImage(random_model(shape, 1), packing) {}

  ImageHeader header;
  std::vector<LayerRecord> records;

  std::uint8_t* data() const { return bytes_.data(); }
  std::size_t size() const { return bytes_.size(); }
  // An array of the image.
  template <class T>
  T* at(std::uint32_t offset) const {
    return static_cast<T*>(static_cast<void*>(bytes_.data() + offset));
  }

  // The image with header and records as they are now, and its CRC made right.
  View<const std::uint8_t> bytes() {
    put_back();
    header.crc = crc32(bytes_.data() + k_crc_from, bytes_.size() - k_crc_from);
    std::memcpy(bytes_.data() + offsetof(ImageHeader, crc), &header.crc, sizeof header.crc);
    return bytes_.bytes();
  }

  // load and measure agree, and leave nothing behind where they refuse.
  Status load(CellList cells = all_cells()) {
    const View<const std::uint8_t> image = bytes();
    const Status status = load(image, cells, Check::full);
    ArenaBytes needed;
    CHECK(Model::measure(image, cells, needed) == status);
    return status;
  }
  Status load_layout() {
    put_back();
    return load(bytes_.bytes(), all_cells(), Check::layout);
  }

 private:
  void put_back() {
    std::memcpy(bytes_.data() + sizeof header, records.data(),
                records.size() * sizeof(LayerRecord));
    std::memcpy(bytes_.data(), &header, sizeof header);
  }

  static Status load(View<const std::uint8_t> image, CellList cells, Check check) {
    alignas(64) std::uint8_t memory[k_most_layers * sizeof(LayerRecord)];
    Arena arena(memory);
    Model model;
    const Status status = model.load(image, cells, arena, check);
    CHECK((status == Status::ok) == model.loaded());
    if (status != Status::ok) CHECK(arena.used() == 0);
    return status;
  }

  AlignedBytes bytes_;
};

}  // namespace rondo::test
