// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What load refuses of dense, pool and skip, and that what it takes never leaves its memory.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <vector>

#include <rondo/crc32.hpp>

#include "base/random.hpp"
#include "layers_chain.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

using Change = std::function<void(LayerRecord&)>;

// dense, pool, lstm, linear, skip
tool::ImageContent one_of_each(Type type, Format input = Format::s16) {
  const bool f32 = type == Type::f32;
  const Format h = f32 ? Format::f32 : Format::s8, scores = f32 ? Format::f32 : Format::s32;
  const Format in = f32 ? Format::f32 : input;
  return random_chain({"each",
                       in,
                       5,
                       {{Kind::dense, h, 6, mode_of(Activation::relu)},
                        {Kind::pool, h, 6, mode_of(Pool::mean)},
                        {Kind::lstm, h, 7, 0, h},
                        {Kind::linear, scores, 3},
                        {Kind::skip, scores, 3, 0, in}}},
                      type, 1);
}
constexpr std::size_t k_dense = 0, k_pool = 1, k_skip = 4;

LayerRecord record_of(const tool::AlignedBytes& image, std::size_t layer) {
  LayerRecord record;
  std::memcpy(&record, image.data() + sizeof(ImageHeader) + layer * sizeof record, sizeof record);
  return record;
}

void mend_crc(const tool::AlignedBytes& image) {
  const std::uint32_t crc = crc32(image.data() + k_crc_from, image.size() - k_crc_from);
  std::memcpy(image.data() + offsetof(ImageHeader, crc), &crc, sizeof crc);
}

tool::AlignedBytes changed(const tool::ImageContent& content, std::size_t layer,
                           const Change& change, Packing packing = Packing::host) {
  tool::AlignedBytes image(std::span<const std::uint8_t>(tool::pack(content, packing)));
  LayerRecord record = record_of(image, layer);
  change(record);
  std::memcpy(image.data() + sizeof(ImageHeader) + layer * sizeof record, &record, sizeof record);
  mend_crc(image);
  return image;
}

Status measured(const tool::AlignedBytes& image) {
  ArenaBytes bytes{};
  return Model::measure(image.bytes(), all_cells(), bytes);
}

Status with(const tool::ImageContent& content, std::size_t layer, const Change& change) {
  return measured(changed(content, layer, change));
}

// The image with one number of one of its arrays replaced.
template <class T>
Status with_number(const tool::ImageContent& content, std::size_t layer,
                   std::uint32_t LayerRecord::*array, T value) {
  tool::AlignedBytes image(std::span<const std::uint8_t>(tool::pack(content, Packing::host)));
  std::memcpy(image.data() + record_of(image, layer).*array, &value, sizeof value);
  mend_crc(image);
  return measured(image);
}

// Fields that no layer without recurrence has.
const std::vector<Change> k_recurrence = {[](LayerRecord& r) { r.u = 64; },
                                          [](LayerRecord& r) { r.scale_u = 64; },
                                          [](LayerRecord& r) { r.sums_u = 64; },
                                          [](LayerRecord& r) { r.shift_u = 1; },
                                          [](LayerRecord& r) { r.initial = 64; },
                                          [](LayerRecord& r) { r.direction = Direction::forward; },
                                          [](LayerRecord& r) { r.reserved[1] = 1; },
                                          [](LayerRecord& r) { r.cell = 1; },
                                          [](LayerRecord& r) { r.state = 64; },
                                          [](LayerRecord& r) { r.mode = 4; },
                                          [](LayerRecord& r) { r.output = Format::token; },
                                          [](LayerRecord& r) { r.input = Format::token; }};

}  // namespace

TEST_CASE("a field that does not belong to dense, pool or skip is refused") {
  for (const Type type : {Type::s8, Type::f32}) {
    const tool::ImageContent content = one_of_each(type);
    for (const std::size_t layer : {k_dense, k_pool, k_skip}) {
      REQUIRE(with(content, layer, [](LayerRecord&) {}) == Status::ok);
      for (std::size_t i = 0; i < k_recurrence.size(); ++i) {
        CAPTURE(i);
        CHECK(with(content, layer, k_recurrence[i]) == Status::bad_layout);
      }
      const auto other = type == Type::s8 ? Format::f32 : Format::s16;
      CHECK(with(content, layer, [&](LayerRecord& r) { r.output = other; }) == Status::bad_layout);
      CHECK(with(content, layer, [&](LayerRecord& r) { r.recurrent = other; }) ==
            Status::bad_layout);
      if (layer == k_dense) continue;
      CHECK(with(content, layer, [](LayerRecord& r) { r.w = 64; }) == Status::bad_layout);
      CHECK(with(content, layer, [](LayerRecord& r) { r.sums_w = 64; }) == Status::bad_layout);
      if (layer == k_skip && type == Type::s8) continue;  // which has the following two
      CHECK(with(content, layer, [](LayerRecord& r) { r.bias = 64; }) == Status::bad_layout);
      CHECK(with(content, layer, [](LayerRecord& r) { r.shift_w = 1; }) == Status::bad_layout);
      CHECK(with(content, layer, [](LayerRecord& r) { r.scale_w = 64; }) == Status::bad_layout);
    }
    CHECK(with(content, k_pool, [](LayerRecord& r) { r.mode = 3; }) == Status::bad_layout);
    CHECK(with(content, k_skip, [](LayerRecord& r) { r.mode = 1; }) == Status::bad_layout);
  }
  const tool::ImageContent floats = one_of_each(Type::f32);
  CHECK(with(floats, k_dense, [](LayerRecord& r) { r.shift_w = 1; }) == Status::bad_layout);
  CHECK(with(floats, k_dense, [](LayerRecord& r) { r.scale_w = 64; }) == Status::bad_layout);
}

TEST_CASE("arrays that do not fit into the image are refused") {
  using Array = std::uint32_t LayerRecord::*;
  const Array w = &LayerRecord::w, bias = &LayerRecord::bias, scale = &LayerRecord::scale_w,
              sums = &LayerRecord::sums_w;
  struct Case {
    Type type;
    std::size_t layer;
    std::vector<Array> arrays;
  };
  for (const Case& of :
       {Case{Type::s8, k_dense, {w, bias, scale, sums}}, Case{Type::f32, k_dense, {w, bias}},
        Case{Type::s8, k_skip, {bias, scale}}}) {
    const tool::ImageContent content = one_of_each(of.type);
    const auto size = static_cast<std::uint32_t>(tool::pack(content, Packing::host).size());
    for (const Array array : of.arrays) {
      for (const std::uint32_t offset : {0U, 32U, 66U, size, size - 4, 0xFFFFFFFCU}) {
        CHECK(with(content, of.layer, [&](LayerRecord& r) { r.*array = offset; }) ==
              Status::bad_layout);
      }
    }
  }
  // Three numbers of skip may end where the image does, and no later.
  const tool::ImageContent ints = one_of_each(Type::s8);
  const auto size = static_cast<std::uint32_t>(tool::pack(ints, Packing::host).size());
  CHECK(with(ints, k_skip, [&](LayerRecord& r) { r.bias = size - 12; }) == Status::ok);
  CHECK(with(ints, k_skip, [&](LayerRecord& r) { r.bias = size - 8; }) == Status::bad_layout);
}

TEST_CASE("numbers that break a promise of the arithmetic are refused in dense and skip") {
  const tool::ImageContent ints = one_of_each(Type::s8), floats = one_of_each(Type::f32);
  const auto w = &LayerRecord::w, scale = &LayerRecord::scale_w, bias = &LayerRecord::bias;
  CHECK(with_number(ints, k_dense, w, std::int8_t{-128}) == Status::bad_numbers);
  CHECK(with_number(ints, k_dense, &LayerRecord::sums_w, 123456) == Status::bad_numbers);
  CHECK(with_number(ints, k_dense, bias, INT32_MAX) == Status::bad_numbers);
  for (const std::size_t layer : {k_dense, k_skip}) {
    CHECK(with_number(ints, layer, scale, 0) == Status::bad_numbers);
    CHECK(with_number(ints, layer, scale, -1) == Status::bad_numbers);
    CHECK(with_number(ints, layer, scale, 1) == Status::ok);
  }
  CHECK(with_number(ints, k_skip, bias, INT32_MIN) == Status::ok);
  CHECK(with_number(floats, k_dense, w, std::nanf("")) == Status::bad_numbers);
  CHECK(with_number(floats, k_dense, bias, -HUGE_VALF) == Status::bad_numbers);

  const auto shifted = [](Format input, std::uint8_t shift) {
    return with(one_of_each(Type::s8, input), k_skip, [&](LayerRecord& r) { r.shift_w = shift; });
  };
  CHECK(shifted(Format::s16, 14) == Status::ok);
  CHECK(shifted(Format::s16, 15) == Status::bad_numbers);
  CHECK(shifted(Format::s16, 16) == Status::bad_layout);
  CHECK(shifted(Format::s8, 15) == Status::ok);
  CHECK(shifted(Format::s8, 16) == Status::bad_layout);
}

TEST_CASE("the sum that a dense layer rounds has one exact limit") {
  tool::ImageContent content = one_of_each(Type::s8);
  tool::ImageLayer& dense = content.layers[k_dense];
  for (auto& value : dense.w.s8) value = 127;
  for (auto& value : dense.w.scale) value = 1 << 30;
  for (auto& value : dense.bias_s32) value = 0;
  dense.w.shift = 2;
  const std::int32_t of_w = 5 * 127 * 32768 * 2 + 1;  // half of acc << 2, and 1
  dense.bias_s32[3] = -(INT32_MAX - 128 - of_w);
  CHECK(with(content, k_dense, [](LayerRecord&) {}) == Status::ok);
  dense.bias_s32[3] -= 1;
  CHECK(with(content, k_dense, [](LayerRecord&) {}) == Status::bad_numbers);
}

TEST_CASE("a pool keeps format and width; a skip adds the model's own input and stands last") {
  const auto refused = [](const ChainSpec& spec) {
    const tool::AlignedBytes image(
        std::span<const std::uint8_t>(tool::pack(random_chain(spec, Type::s8, 1), Packing::host)));
    return measured(image) == Status::bad_layout;
  };
  const LayerSpec lstm = {Kind::lstm, Format::s16, 4, 0, Format::s8};
  const LayerSpec three = {Kind::linear, Format::s32, 3};
  constexpr Format k_in = Format::s16;
  const LayerSpec skip = {Kind::skip, Format::s32, 3, 0, k_in};
  CHECK(!refused({"right", Format::s16, 3, {lstm, {Kind::pool, Format::s16, 4}, three, skip}}));
  CHECK(refused({"narrower", Format::s16, 3, {lstm, {Kind::pool, Format::s8, 4}, three, skip}}));
  CHECK(refused({"fewer", Format::s16, 3, {lstm, {Kind::pool, Format::s16, 3}, three, skip}}));
  CHECK(refused({"more", Format::s16, 3, {lstm, {Kind::pool, Format::s16, 5}, three, skip}}));
  CHECK(refused({"more scores than inputs", Format::s16, 2, {lstm, three, skip}}));
  CHECK(refused({"another format", Format::s8, 3, {lstm, three, skip}}));
  CHECK(refused({"tokens", Format::token, 3, {lstm, three, skip}}));
  CHECK(refused({"of some", Format::s16, 3, {lstm, three, {Kind::skip, Format::s32, 2, 0, k_in}}}));
  CHECK(refused({"not last", Format::s16, 3, {lstm, three, skip, skip}}));
}

TEST_CASE("a model needs a state, and behind its scores nothing but a whole skip may stand") {
  const auto loads = [](const ChainSpec& spec) {
    return measured(tool::AlignedBytes(std::span<const std::uint8_t>(
        tool::pack(random_chain(spec, Type::f32, 1), Packing::host))));
  };
  const LayerSpec lstm = {Kind::lstm, Format::f32, 4, 0, Format::f32};
  const LayerSpec dense = {Kind::dense, Format::f32, 3}, linear = {Kind::linear, Format::f32, 3};
  const LayerSpec pool = {Kind::pool, Format::f32, 3};
  CHECK(loads({"dense scores", Format::f32, 3, {lstm, dense}}) == Status::ok);
  CHECK(loads({"no state", Format::f32, 3, {dense}}) == Status::bad_layout);
  CHECK(loads({"no state", Format::f32, 3, {pool, dense}}) == Status::bad_layout);
  const LayerSpec skip = {Kind::skip, Format::f32, 3, 0, Format::f32};
  const LayerSpec of_some = {Kind::skip, Format::f32, 2, 0, Format::f32};
  CHECK(loads({"skip", Format::f32, 3, {lstm, linear, skip}}) == Status::ok);
  CHECK(loads({"of some", Format::f32, 3, {lstm, linear, of_some}}) == Status::bad_layout);
  CHECK(loads({"dense behind", Format::f32, 3, {lstm, linear, dense}}) == Status::bad_layout);
  CHECK(loads({"linear behind", Format::f32, 3, {lstm, linear, linear}}) == Status::bad_layout);
  CHECK(loads({"pool behind", Format::f32, 3, {lstm, linear, pool}}) == Status::bad_layout);
}

TEST_CASE("a float linear layer of no form that it can have is refused") {
  const tool::ImageContent content = one_of_each(Type::f32);
  constexpr std::size_t k_linear = 3;
  REQUIRE(with(content, k_linear, [](LayerRecord&) {}) == Status::ok);
  for (const Change& change : k_recurrence) {
    CHECK(with(content, k_linear, change) == Status::bad_layout);
  }
  CHECK(with(content, k_linear, [](LayerRecord& r) { r.mode = 1; }) == Status::bad_layout);
  CHECK(with(content, k_linear, [](LayerRecord& r) { r.outputs = 0; }) == Status::bad_layout);
}

TEST_CASE("where the layout alone is checked, dense and skip may break promises of numbers") {
  const tool::ImageContent content = one_of_each(Type::s8);
  tool::AlignedBytes image(std::span<const std::uint8_t>(tool::pack(content, Packing::host)));
  for (const std::size_t layer : {k_dense, k_skip}) {
    std::memset(image.data() + record_of(image, layer).scale_w, 0, 4);
  }
  mend_crc(image);
  CHECK(measured(image) == Status::bad_numbers);
  alignas(64) std::uint8_t memory[k_most_layers * sizeof(LayerRecord)];
  Arena arena(memory);
  CHECK(Model().load(image.bytes(), all_cells(), arena, Check::layout) == Status::ok);
}

TEST_CASE("a record with any bytes is refused, or runs within its memory") {
  // The guards of Rig see writes behind it; sanitizers see the rest.
  int ran = 0;
  for (const Type type : {Type::s8, Type::f32}) {
    const tool::ImageContent content = one_of_each(type);
    for (const Packing packing : k_every_packing) {
      tool::Random random(7);
      for (int round = 0; round < 600; ++round) {
        const auto layer = static_cast<std::size_t>(random.below(content.layers.size()));
        tool::AlignedBytes image = changed(
            content, layer,
            [&](LayerRecord& record) {
              std::uint8_t* const bytes = reinterpret_cast<std::uint8_t*>(&record);
              const std::uint64_t at = random.below(sizeof record);
              bytes[at] = static_cast<std::uint8_t>(
                  random.below(2) == 0 ? random.below(9) : bytes[at] ^ (1U << random.below(8)));
            },
            packing);
        if (measured(image) != Status::ok) continue;
        ++ran;
        Rig rig(std::move(image));
        const std::vector<float> x(5, 1.0F);
        for (int t = 0; t < 3; ++t) rig.stream.step_f32(x.data());
        CHECK(rig.stream.argmax() < 3);
      }
    }
  }
  CHECK(ran > 20);  // changes of a mode, of an activation, and such
}
