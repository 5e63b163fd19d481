// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// load takes what pack writes, and refuses by name what is cut short, damaged, misplaced, of
// another version, or needs a cell that is not there.
#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <vector>

#include "changed_image.hpp"
#include "inputs.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

constexpr Kind k_every_kind[] = {Kind::lstm, Kind::gru, Kind::gru_before, Kind::rnn};

ModelShape small(Kind kind = Kind::lstm, Type type = Type::s8) {
  return {type, Format::token, 6, {5}, 3, {.kinds = {kind}, .initial = true}};
}

std::vector<ModelShape> every_shape() {
  std::vector<ModelShape> shapes;
  for (const Kind kind : k_every_kind) {
    const LayerShapes both = {
        .kinds = {kind}, .bidirectional = {true}, .max_steps = 7, .initial = true};
    shapes.push_back({Type::s8, Format::token, 6, {5, 17}, 3, {.kinds = {kind}}});
    shapes.push_back({Type::s8, Format::s16, 9, {33}, 3, {.kinds = {kind}, .initial = true}});
    shapes.push_back({Type::s8, Format::s8, 18, {33}, 3, both});
    shapes.push_back({Type::f32, Format::f32, 3, {6}, 2, {.kinds = {kind}, .initial = true}});
    shapes.push_back({Type::f32, Format::token, 3, {6, 18}, 2, both});
  }
  return shapes;
}

// An image as a file in memory would be, without a CRC made right.
Status load(View<const std::uint8_t> image) {
  static AlignedBytes memory(1 << 12);
  Arena arena(memory.view());
  Model model;
  const Status status = model.load(image, all_cells(), arena);
  CHECK((status == Status::ok) == model.loaded());
  if (status != Status::ok) CHECK(arena.used() == 0);
  return status;
}

}  // namespace

TEST_CASE("load takes what pack writes") {
  int images = 0;
  for (const ModelShape& shape : every_shape()) {
    for (const Packing packing : k_every_packing) {
      CHECK(ChangedImage(shape, packing).load() == Status::ok);
      CHECK(ChangedImage(shape, packing).load_layout() == Status::ok);
      ++images;
    }
  }
  CHECK(images == 20 * static_cast<int>(std::size(k_every_packing)));
}

TEST_CASE("an image cut short at any length is refused") {
  for (const Kind kind : k_every_kind) {
    ChangedImage image(small(kind));
    const View<const std::uint8_t> bytes = image.bytes();
    CHECK(load(bytes) == Status::ok);
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      REQUIRE(load({bytes.data(), n}) == Status::image_truncated);
    }
  }
  CHECK(load({nullptr, 0}) == Status::image_truncated);
}

TEST_CASE("an image with any single bit flipped is refused") {
  for (const Kind kind : k_every_kind) {
    ChangedImage image(small(kind));
    const View<const std::uint8_t> bytes = image.bytes();
    for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
      image.data()[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
      const Status status = load(bytes);
      REQUIRE(status != Status::ok);
      if (bit < 32) REQUIRE(status == Status::bad_magic);
      image.data()[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    }
    CHECK(load(bytes) == Status::ok);
  }
}

TEST_CASE("an image in a larger flash region loads; a misaligned one does not") {
  ChangedImage image(small());
  const View<const std::uint8_t> bytes = image.bytes();
  AlignedBytes region(bytes.size() + 100);
  for (const std::size_t off : {0U, 4U, 60U}) {
    std::memcpy(region.data() + off, bytes.data(), bytes.size());
    CHECK(load({region.data() + off, region.size() - off}) == Status::ok);
  }
  for (const std::size_t off : {1U, 2U, 3U}) {
    std::memcpy(region.data() + off, bytes.data(), bytes.size());
    CHECK(load({region.data() + off, bytes.size()}) == Status::image_misaligned);
  }
}

TEST_CASE("an image of another version is refused by name") {
  ChangedImage image(small());
  for (const unsigned version : {1U, 2U, 0xFFFFU}) {
    image.header.version = static_cast<std::uint16_t>(version);
    CHECK(image.load() == Status::unsupported_version);
  }
}

TEST_CASE("a cell that is not on the list is missed by name") {
  for (const Type type : {Type::s8, Type::f32}) {
    ChangedImage image(small(Kind::gru, type));
    const bool s8 = type == Type::s8;
    const Cell* const both[] = {s8 ? &cell::gru_s8 : &cell::gru_f32,
                                s8 ? &cell::linear_s8 : &cell::linear_f32};
    const Cell* const other_type[] = {s8 ? &cell::gru_f32 : &cell::gru_s8,
                                      s8 ? &cell::linear_f32 : &cell::linear_s8};
    const Cell* const other_kind[] = {s8 ? &cell::gru_before_s8 : &cell::gru_before_f32,
                                      s8 ? &cell::linear_s8 : &cell::linear_f32};
    CHECK(image.load(both) == Status::ok);
    CHECK(image.load({both, 1}) == Status::cell_not_linked);
    CHECK(image.load({both + 1, 1}) == Status::cell_not_linked);
    CHECK(image.load(other_type) == Status::cell_not_linked);
    CHECK(image.load(other_kind) == Status::cell_not_linked);
    CHECK(image.load({}) == Status::cell_not_linked);
  }
}

TEST_CASE("the first 256 cells of a list are looked at: a record has a byte for which it is") {
  ChangedImage image(small(Kind::gru));
  std::vector<const Cell*> cells(254, &cell::lstm_s8);
  cells.push_back(&cell::gru_s8);
  cells.push_back(&cell::linear_s8);
  CHECK(image.load({cells.data(), cells.size()}) == Status::ok);
  cells.insert(cells.begin(), &cell::lstm_s8);
  CHECK(image.load({cells.data(), cells.size()}) == Status::cell_not_linked);
}

TEST_CASE("a Model that load refuses a second image stays what it was") {
  ChangedImage good(small());
  AlignedBytes memory(1 << 12);
  Arena arena(memory.view());
  Model model;
  REQUIRE(model.load(good.bytes(), all_cells(), arena) == Status::ok);
  const std::size_t used = arena.used();
  ChangedImage bad({Type::f32, Format::f32, 9, {7}, 2});
  bad.records[1].inputs = 3;
  CHECK(model.load(bad.bytes(), all_cells(), arena) == Status::bad_layout);
  CHECK(arena.used() == used);
  CHECK(model.image() == good.data());
  CHECK(model.inputs() == 6);
  CHECK(model.type() == Type::s8);
  CHECK(model.record(0).outputs == 5);
}

TEST_CASE("header and records overwritten after load change nothing") {
  for (const ModelShape& shape : every_shape()) {
    for (const Packing packing : k_every_packing) {
      const tool::ImageContent content = random_model(shape, 3);
      const Inputs inputs = random_inputs(content, 7, 4);
      Runner untouched(content, packing), changed(content, packing);
      const std::size_t size = sizeof(ImageHeader) + changed.model.layers() * sizeof(LayerRecord);
      std::memset(changed.image.data(), 0xFF, size);
      changed.stream.reset();
      CHECK(run_with_scores(changed.stream, inputs, 0, 7) ==
            run_with_scores(untouched.stream, inputs, 0, 7));
    }
  }
}

TEST_CASE("Check::layout skips CRC and proofs, not offsets") {
  ChangedImage image(small());
  image.at<std::int8_t>(image.records[0].u)[0] = -128;
  CHECK(image.load() == Status::bad_numbers);
  CHECK(image.load_layout() == Status::ok);
  const View<const std::uint8_t> bytes = image.bytes();
  image.data()[bytes.size() - 4] ^= 1;
  CHECK(load(bytes) == Status::crc_mismatch);
  AlignedBytes memory(1 << 12);
  Arena arena(memory.view());
  CHECK(Model().load(bytes, all_cells(), arena, Check::layout) == Status::ok);
  image.records[0].w = 0xFFFFFFF0;
  CHECK(image.load_layout() == Status::bad_layout);
}

TEST_CASE("pack, unpack and pack again gives the same bytes, from any packing") {
  for (const ModelShape& shape : every_shape()) {
    tool::ImageContent content = random_model(shape, 3);
    content.metadata = "{\"classes\":[]}";
    content.user_version = 7;
    std::vector<std::vector<std::uint8_t>> packed;
    for (const Packing packing : k_every_packing) packed.push_back(tool::pack(content, packing));
    for (const auto& image : packed) {
      for (std::size_t i = 0; i < packed.size(); ++i) {
        CHECK(tool::pack(tool::unpack(image), k_every_packing[i]) == packed[i]);
      }
      CHECK(tool::unpack(image).metadata == content.metadata);
      const AlignedBytes aligned{std::span<const std::uint8_t>(image)};
      CHECK(metadata_of(aligned.bytes()).size() == content.metadata.size());
    }
  }
}
