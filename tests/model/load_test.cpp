// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// load takes good images in exactly the memory it asks for, and refuses all others by name.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <vector>

#include <rondo/crc32.hpp>

#include "random_model.hpp"

using namespace rondo;
using rondo::test::AlignedBytes;
using rondo::test::random_model;

namespace {

const test::ModelShape k_small = {Type::s8, Input::token, 6, {5}, 3};

std::vector<std::uint8_t> small_image() {
  return tool::pack(random_model(k_small, 1), Packing::host);
}

Status load(View<const std::uint8_t> image, Check check = Check::full) {
  static AlignedBytes memory(1 << 16);
  Arena arena(memory.view());
  Model model;
  const Status status = model.load(image, all_cells(), arena, check);
  CHECK((status == Status::ok) == model.loaded());
  if (status != Status::ok) CHECK(arena.used() == 0);
  return status;
}

// The small image after `change`, with its CRC made right again.
Status load_changed(const std::function<void(std::uint8_t*)>& change,
                    const test::ModelShape& shape = k_small, Packing packing = Packing::host) {
  AlignedBytes image(std::span<const std::uint8_t>(tool::pack(random_model(shape, 1), packing)));
  change(image.data());
  ImageHeader header;
  std::memcpy(&header, image.data(), sizeof header);
  header.crc = crc32(image.data() + k_crc_from, image.size() - k_crc_from);
  std::memcpy(image.data(), &header, sizeof header);
  return load(image.bytes());
}

template <class T>
void set(std::uint8_t* at, T value) {
  std::memcpy(at, &value, sizeof value);
}

std::uint8_t* record_field(std::uint8_t* image, std::size_t layer, std::size_t offset) {
  return image + sizeof(ImageHeader) + layer * sizeof(LayerRecord) + offset;
}

std::uint32_t word(const std::uint8_t* at) {
  std::uint32_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace

TEST_CASE("an image cut short at any length is refused") {
  const std::vector<std::uint8_t> bytes = small_image();
  const AlignedBytes image{std::span<const std::uint8_t>(bytes)};
  CHECK(load(image.bytes()) == Status::ok);
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    REQUIRE(load({image.data(), n}) == Status::image_truncated);
  }
  CHECK(load({nullptr, 0}) == Status::image_truncated);
}

TEST_CASE("an image with any single bit flipped is refused") {
  const std::vector<std::uint8_t> bytes = small_image();
  const AlignedBytes image{std::span<const std::uint8_t>(bytes)};
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    image.data()[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const Status status = load(image.bytes());
    REQUIRE(status != Status::ok);
    if (bit < 32) REQUIRE(status == Status::bad_magic);
    image.data()[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
  }
  CHECK(load(image.bytes()) == Status::ok);
}

TEST_CASE("an image in a larger flash region loads; a misaligned one does not") {
  const std::vector<std::uint8_t> bytes = small_image();
  AlignedBytes region(bytes.size() + 100);
  std::memcpy(region.data(), bytes.data(), bytes.size());
  CHECK(load(region.bytes()) == Status::ok);
  for (std::size_t off : {1U, 2U, 3U}) {
    std::memmove(region.data() + off, bytes.data(), bytes.size());
    CHECK(load({region.data() + off, bytes.size()}) == Status::image_misaligned);
  }
}

TEST_CASE("the arena is too small below the bytes asked for, and right at them") {
  for (const test::ModelShape& shape : std::vector<test::ModelShape>{
           k_small, {Type::s8, Input::s16, 7, {12, 9}, 70}, {Type::f32, Input::f32, 3, {6}, 2}}) {
    for (const Packing packing : {Packing::host, Packing::cortex_m}) {
      const AlignedBytes image{
          std::span<const std::uint8_t>(tool::pack(random_model(shape, 1), packing))};
      ArenaBytes bytes{};
      REQUIRE(Model::measure(image.bytes(), all_cells(), bytes) == Status::ok);
      const AlignedBytes memory(bytes.total());
      for (std::size_t size = 0; size <= bytes.total(); ++size) {
        Arena arena(View<std::uint8_t>(memory.data(), size));
        Model model;
        Stream stream;
        Status status = model.load(image.bytes(), all_cells(), arena);
        if (status == Status::ok) status = stream.bind(model, arena);
        REQUIRE(status == (size < bytes.total() ? Status::arena_too_small : Status::ok));
        if (status == Status::ok) {
          CHECK(arena.used() == bytes.total());
          CHECK(model.arena_bytes().total() == bytes.total());
        }
      }
    }
  }
}

TEST_CASE("wrong version, unknown packing, kind or feature, missing cell") {
  CHECK(load_changed([](auto* b) { set<std::uint16_t>(b + 8, 1); }) == Status::unsupported_version);
  CHECK(load_changed([](auto* b) { b[10] = 2; }) == Status::bad_layout);
  CHECK(load_changed([](auto* b) { b[11] = 0; }) == Status::bad_layout);
  CHECK(load_changed([](auto* b) { b[11] = 33; }) == Status::bad_layout);
  CHECK(load_changed([](auto* b) { set<std::uint32_t>(b + 12, 63); }) == Status::bad_layout);
  CHECK(load_changed([](auto* b) { set<std::uint32_t>(b + 24, 1); }) == Status::bad_layout);
  CHECK(load_changed([](auto* b) { *record_field(b, 0, 0) = 77; }) == Status::cell_not_linked);
  CHECK(load_changed([](auto* b) { *record_field(b, 0, 1) = 9; }) != Status::ok);

  const AlignedBytes image{std::span<const std::uint8_t>(small_image())};
  AlignedBytes memory(4096);
  Arena arena(memory.view());
  Model model;
  const Cell* const no_head[] = {&cell::lstm_s8};
  const Cell* const floats[] = {&cell::lstm_f32, &cell::linear_f32};
  CHECK(model.load(image.bytes(), no_head, arena) == Status::cell_not_linked);
  CHECK(model.load(image.bytes(), floats, arena) == Status::cell_not_linked);
  CHECK(model.load(image.bytes(), {}, arena) == Status::cell_not_linked);
  CHECK(arena.used() == 0);
}

TEST_CASE("a field of a record that points outside, or does not fit its neighbor, is refused") {
  const std::uint32_t size = static_cast<std::uint32_t>(small_image().size());
  for (std::size_t layer = 0; layer < 2; ++layer) {
    for (std::size_t offset = 8; offset < sizeof(LayerRecord); offset += 4) {
      for (const std::uint32_t value : {std::uint32_t{0xFFFFFFFF}, std::uint32_t{0xFFFFFFFC}, size,
                                        size - 4, std::uint32_t{0}, std::uint32_t{1}}) {
        const Status status = load_changed([&](std::uint8_t* b) {
          std::uint8_t* const field = record_field(b, layer, offset);
          set(field, word(field) == value ? value + 2 : value);
        });
        CHECK((status == Status::bad_layout || status == Status::bad_numbers));
      }
    }
  }
  for (std::size_t offset : {2U, 3U, 6U, 7U}) {
    CHECK(load_changed([&](auto* b) { *record_field(b, 0, offset) ^= 0x40; }) ==
          Status::bad_layout);
  }
  CHECK(load_changed([](auto* b) { *record_field(b, 0, 4) = 16; }) == Status::bad_layout);
}

TEST_CASE("numbers that break a promise of the arithmetic are refused") {
  const auto at = [](std::uint8_t* b, std::size_t layer, std::size_t field) {
    return b + word(record_field(b, layer, field));
  };
  // offsets of fields in LayerRecord
  const std::size_t w = offsetof(LayerRecord, w), u = offsetof(LayerRecord, u),
                    scale = offsetof(LayerRecord, scale_w), bias = offsetof(LayerRecord, bias),
                    sums = offsetof(LayerRecord, sums_u);
  CHECK(load_changed([&](auto* b) { *at(b, 0, w) = 0x80; }) == Status::bad_numbers);
  CHECK(load_changed([&](auto* b) { *at(b, 0, u) = 0x80; }) == Status::bad_numbers);
  CHECK(load_changed([&](auto* b) { *at(b, 0, u) ^= 1; }) == Status::bad_numbers);  // its row sum
  CHECK(load_changed([&](auto* b) { *at(b, 0, sums) ^= 1; }) == Status::bad_numbers);
  CHECK(load_changed([&](auto* b) { set<std::int32_t>(at(b, 0, scale), 0); }) ==
        Status::bad_numbers);
  CHECK(load_changed([&](auto* b) { set<std::int32_t>(at(b, 1, scale), -1); }) ==
        Status::bad_numbers);
  CHECK(load_changed([&](auto* b) { set(at(b, 0, bias), INT32_MAX); }) == Status::bad_numbers);
  CHECK(load_changed([&](auto* b) { set(at(b, 1, bias), INT32_MIN); }) == Status::bad_numbers);
  CHECK(load_changed([&](auto* b) { *record_field(b, 1, 4) = 15; }) == Status::bad_numbers);
  // Unit 5 of a model of 5 units is padding: rows 5, 13, 21, 29 of the block of 8.
  CHECK(load_changed([&](auto* b) { set<std::int32_t>(at(b, 0, bias) + 4 * 5, 1); }) ==
        Status::bad_numbers);
  CHECK(load_changed([&](auto* b) { at(b, 0, w)[5] = 1; }) == Status::bad_numbers);

  const auto nan = std::nanf("");
  const test::ModelShape floats = {Type::f32, Input::f32, 3, {5}, 2};
  for (const std::size_t layer : {0U, 1U}) {
    for (const std::size_t field : {w, bias}) {
      CHECK(load_changed([&](auto* b) { set(at(b, layer, field), nan); }, floats) ==
            Status::bad_numbers);
    }
  }
  const test::ModelShape reals = {Type::s8, Input::s16, 3, {5}, 2};
  for (const std::size_t field : {offsetof(ImageHeader, mean), offsetof(ImageHeader, inv_step)}) {
    CHECK(load_changed([&](auto* b) { set(b + word(b + field), nan); }, reals) ==
          Status::bad_numbers);
  }
}

TEST_CASE("the same numbers are refused where there are no row sums to notice a change") {
  const auto changed = [](const std::function<void(std::uint8_t*)>& change) {
    return load_changed(change, k_small, Packing::cortex_m);
  };
  const auto u_of = [](std::uint8_t* b) {
    return b + word(record_field(b, 0, offsetof(LayerRecord, u)));
  };
  CHECK(changed([](auto*) {}) == Status::ok);
  CHECK(changed([&](auto* b) { u_of(b)[0] = 1; }) == Status::ok);
  CHECK(changed([&](auto* b) { u_of(b)[0] = 0x80; }) == Status::bad_numbers);
  // 5 inputs: in the second group of a block of 4 rows only k = 0 is one of them.
  CHECK(changed([&](auto* b) { u_of(b)[16] = 1; }) == Status::ok);
  for (const std::size_t padding : {17U, 18U, 19U, 31U}) {
    CHECK(changed([&](auto* b) { u_of(b)[padding] = 1; }) == Status::bad_numbers);
  }
}

TEST_CASE("bias and both products together have one exact limit") {
  for (const Packing packing : {Packing::host, Packing::cortex_m}) {
    tool::ImageContent content = random_model({Type::s8, Input::token, 3, {4}, 2}, 1);
    tool::ImageLayer& layer = content.layers[0];
    for (auto* m : {&layer.w, &layer.u}) {
      m->shift = 8;
      for (auto& w : m->s8) w = 127;
      for (auto& scale : m->scale) scale = 1 << 30;
    }
    for (auto& b : layer.bias_s32) b = 0;
    // Half of acc << shift, and 1: a token of 127 * 2^12, or 4 weights of 127 with 128.
    const std::int32_t of_w = 127 * 4096 * 128 + 1, of_u = 4 * 127 * 128 * 128 + 1;
    layer.bias_s32[5] = INT32_MAX - 128 - of_w - of_u;
    const AlignedBytes at_limit{std::span<const std::uint8_t>(tool::pack(content, packing))};
    CHECK(load(at_limit.bytes()) == Status::ok);
    layer.bias_s32[5] += 1;
    const AlignedBytes beyond{std::span<const std::uint8_t>(tool::pack(content, packing))};
    CHECK(load(beyond.bytes()) == Status::bad_numbers);
  }
}

TEST_CASE("a token counts as 2^12 in the bound of its accumulator") {
  tool::ImageContent content = random_model({Type::s8, Input::token, 3, {4}, 2}, 1);
  for (auto& w : content.layers[0].w.s8) w = 127;
  for (auto& scale : content.layers[0].w.scale) scale = 1;
  for (const std::uint8_t shift : {std::uint8_t{11}, std::uint8_t{12}}) {
    content.layers[0].w.shift = shift;
    const AlignedBytes image{std::span<const std::uint8_t>(tool::pack(content, Packing::host))};
    CHECK(load(image.bytes()) == (shift == 11 ? Status::ok : Status::bad_numbers));
  }
}

TEST_CASE("the head's input is there to the end of its last group, in every alignment") {
  for (std::uint32_t hidden = 1; hidden <= 9; ++hidden) {
    const AlignedBytes image{std::span<const std::uint8_t>(
        tool::pack(random_model({Type::s8, Input::token, 3, {hidden}, 2}, 1), Packing::cortex_m))};
    ArenaBytes bytes{};
    REQUIRE(Model::measure(image.bytes(), all_cells(), bytes, 4) == Status::ok);
    const std::uint32_t padded = (hidden + 3) / 4 * 4;
    CHECK(bytes.state == 4 * hidden + padded + 2 * padded);
  }
}

TEST_CASE("Check::layout skips CRC and proofs, not offsets") {
  AlignedBytes image{std::span<const std::uint8_t>(small_image())};
  image.data()[image.size() - 4] ^= 1;
  CHECK(load(image.bytes()) == Status::crc_mismatch);
  CHECK(load(image.bytes(), Check::layout) == Status::ok);
  set(record_field(image.data(), 0, offsetof(LayerRecord, w)), std::uint32_t{0xFFFFFFF0});
  CHECK(load(image.bytes(), Check::layout) == Status::bad_layout);
}

TEST_CASE("the exact limit of an accumulator is accepted and one step more is not") {
  // 64 weights of 127 with 16-bit inputs sum to 0.99 * 2^28: shift 2 fits, 3 does not.
  tool::ImageContent content = random_model({Type::s8, Input::s16, 64, {4}, 2}, 1);
  for (auto& v : content.layers[0].w.s8) v = 127;
  for (auto& v : content.layers[0].w.scale) v = 1 << 20;
  for (const std::uint8_t shift : {std::uint8_t{2}, std::uint8_t{3}}) {
    content.layers[0].w.shift = shift;
    const AlignedBytes image{std::span<const std::uint8_t>(tool::pack(content, Packing::host))};
    CHECK(load(image.bytes()) == (shift == 2 ? Status::ok : Status::bad_numbers));
  }
}

TEST_CASE("pack, unpack and pack again gives the same bytes, from any packing") {
  for (const test::ModelShape& shape :
       std::vector<test::ModelShape>{{Type::s8, Input::token, 6, {5, 17}, 3},
                                     {Type::s8, Input::s16, 9, {33}, 3},
                                     {Type::f32, Input::f32, 3, {6}, 2}}) {
    tool::ImageContent content = random_model(shape, 3);
    content.metadata = "{\"classes\":[]}";
    content.user_version = 7;
    const auto host = tool::pack(content, Packing::host);
    const auto device = tool::pack(content, Packing::cortex_m);
    CHECK(tool::pack(tool::unpack(device), Packing::host) == host);
    CHECK(tool::pack(tool::unpack(host), Packing::cortex_m) == device);
    CHECK(tool::unpack(host).metadata == content.metadata);
    const AlignedBytes image{std::span<const std::uint8_t>(host)};
    CHECK(metadata_of(image.bytes()).size() == content.metadata.size());
  }
}
