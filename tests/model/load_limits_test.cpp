// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The exact limits of the overflow proofs of load: what is at a limit is taken, one step more is
// refused; and the pairs and sizes of bidirectional layers.
#include <doctest/doctest.h>
#include <sys/mman.h>

#include <cstdint>
#include <string>
#include <vector>

#include <rondo/numeric.hpp>

#include "changed_image.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

constexpr Kind k_every_kind[] = {Kind::lstm, Kind::gru, Kind::gru_before, Kind::rnn};

// Every weight 127, so that sums are known; biases 0.
void make_plain(tool::ImageLayer& layer, std::uint8_t shift, std::int32_t scale) {
  for (tool::ImageMatrix* const m : {&layer.w, &layer.u}) {
    for (auto& w : m->s8) w = 127;
    for (auto& s : m->scale) s = scale;
    m->shift = shift;
  }
  for (auto& b : layer.bias_s32) b = 0;
}

}  // namespace

TEST_CASE("biases and both products together have one exact limit in every row") {
  // Half of acc << shift, and 1: a token of 127 * 2^12, or 4 weights of 127 with 128.
  const std::int32_t of_w = 127 * 4096 * 128 + 1, of_u = 4 * 127 * 128 * 128 + 1;
  const std::int32_t limit = INT32_MAX - 128 - of_w - of_u;
  for (const Kind kind : k_every_kind) {
    for (const Packing packing : k_every_packing) {
      tool::ImageContent content =
          random_model({Type::s8, Format::token, 3, {4}, 2, {.kinds = {kind}}}, 1);
      tool::ImageLayer& layer = content.layers[0];
      make_plain(layer, 8, 1 << 30);
      for (std::size_t row = 0; row < gates_of(kind) * layer.outputs; ++row) {
        for (const int sign : {1, -1}) {
          layer.bias_s32[row] = sign * limit;
          CHECK(ChangedImage(content, packing).load() == Status::ok);
          layer.bias_s32[row] += sign;
          CHECK(ChangedImage(content, packing).load() == Status::bad_numbers);
        }
        layer.bias_s32[row] = 0;
      }
      layer.bias_s32[2] = INT32_MIN;
      CHECK(ChangedImage(content, packing).load() == Status::bad_numbers);
    }
  }
}

TEST_CASE("both biases of n count together in a GRU, and for no other gate") {
  const std::int32_t of_w = 127 * 4096 * 128 + 1, of_u = 4 * 127 * 128 * 128 + 1;
  const std::int32_t limit = INT32_MAX - 128 - of_w - of_u;
  for (const Packing packing : k_every_packing) {
    tool::ImageContent content =
        random_model({Type::s8, Format::token, 3, {4}, 2, {.kinds = {Kind::gru}}}, 1);
    tool::ImageLayer& layer = content.layers[0];
    make_plain(layer, 8, 1 << 30);
    for (std::size_t unit = 0; unit < 4; ++unit) {
      std::int32_t& of_n = layer.bias_s32[2 * 4 + unit];
      std::int32_t& inside = layer.bias_s32[3 * 4 + unit];
      for (const std::int32_t part : {0, 1, limit / 2, limit}) {
        for (const int sign : {1, -1}) {
          of_n = limit - part;
          inside = sign * part;
          CHECK(ChangedImage(content, packing).load() == Status::ok);
          inside += sign;
          CHECK(ChangedImage(content, packing).load() == Status::bad_numbers);
        }
      }
      // Gates r and z of the same unit have their own sums.
      of_n = limit;
      inside = 0;
      layer.bias_s32[unit] = layer.bias_s32[4 + unit] = limit;
      CHECK(ChangedImage(content, packing).load() == Status::ok);
      layer.bias_s32[unit] = layer.bias_s32[4 + unit] = of_n = 0;
    }
  }
}

TEST_CASE("an accumulator has one exact limit, for W and U in either width") {
  struct Case {
    Format format;
    std::uint32_t inputs;
    std::uint8_t shift;  // the greatest that fits
  };
  // Tokens count as 2^12; 64 weights of 127 with 2^15 are 0.99 * 2^28, with 2^7 0.99 * 2^20.
  for (const Case& of :
       {Case{Format::token, 3, 11}, Case{Format::s16, 64, 2}, Case{Format::s8, 64, 10}}) {
    for (const Kind kind : k_every_kind) {
      tool::ImageContent content =
          random_model({Type::s8, of.format, of.inputs, {64}, 2, {.kinds = {kind}}}, 1);
      tool::ImageLayer& layer = content.layers[0];
      make_plain(layer, 0, 1);
      layer.w.shift = of.shift;
      CHECK(ChangedImage(content).load() == Status::ok);
      ++layer.w.shift;
      CHECK(ChangedImage(content).load() == Status::bad_numbers);
      layer.w.shift = 0;
      if (of.format == Format::token) continue;
      layer.recurrent = of.format;
      layer.u.shift = of.shift;
      CHECK(ChangedImage(content).load() == Status::ok);
      ++layer.u.shift;
      CHECK(ChangedImage(content).load() == Status::bad_numbers);
    }
  }
}

TEST_CASE("a shift beyond the limit of the format is refused, even of zeros") {
  tool::ImageContent content = random_model({Type::s8, Format::s8, 3, {4}, 2}, 1);
  for (auto& w : content.layers[0].w.s8) w = 0;
  content.layers[0].w.shift = k_shift_limit;
  CHECK(ChangedImage(content).load() == Status::ok);
  ++content.layers[0].w.shift;
  CHECK(ChangedImage(content).load() == Status::bad_layout);
}

TEST_CASE("halves of a bidirectional layer come in pairs that fit") {
  for (const Type type : {Type::s8, Type::f32}) {
    const LayerShapes both = {.kinds = {Kind::gru}, .bidirectional = {true}, .max_steps = 9};
    const ModelShape shape = {type, Format::token, 6, {5}, 3, both};
    const auto changed = [&](auto change) {
      tool::ImageContent content = random_model(shape, 1);
      change(content);
      return ChangedImage(content).load();
    };
    const auto direction = [&](Direction forward, Direction backward) {
      return changed([&](auto& content) {
        content.layers[0].direction = forward;
        content.layers[1].direction = backward;
      });
    };
    const Direction only = Direction::only, forward = Direction::forward,
                    backward = Direction::backward;
    CHECK(direction(forward, backward) == Status::ok);
    for (const auto& [one, other] : {std::pair{forward, forward},
                                     {backward, forward},
                                     {backward, backward},
                                     {only, backward},
                                     {forward, only},
                                     {only, only},
                                     {forward, static_cast<Direction>(3)}}) {
      CHECK(direction(one, other) == Status::bad_layout);
    }
    const tool::ImageContent wider = random_model({type, Format::token, 6, {6}, 3, both}, 2);
    LayerShapes lstm = both;
    lstm.kinds = {Kind::lstm};
    const tool::ImageContent other_kind = random_model({type, Format::token, 6, {5}, 3, lstm}, 2);
    const tool::ImageContent other_input = random_model({type, Format::token, 7, {5}, 3, both}, 2);
    for (const auto* const other : {&wider, &other_kind, &other_input}) {
      CHECK(changed([&](auto& c) { c.layers[0] = other->layers[0]; }) == Status::bad_layout);
      CHECK(changed([&](auto& c) { c.layers[1] = other->layers[1]; }) == Status::bad_layout);
    }
    CHECK(changed([](auto& c) { c.layers.erase(c.layers.begin()); }) == Status::bad_layout);
    CHECK(changed([](auto& c) { c.layers.erase(c.layers.begin() + 1); }) == Status::bad_layout);
    CHECK(changed([](auto& c) { c.layers.resize(1); }) == Status::bad_layout);
    CHECK(changed([](auto& c) { c.layers.resize(2); }) == Status::bad_layout);
    CHECK(changed([](auto& c) { c.layers[2].direction = Direction::forward; }) ==
          Status::bad_layout);
    CHECK(changed([](auto& c) { c.max_steps = 0; }) == Status::bad_layout);
    CHECK(changed([](auto& c) { c.max_steps = k_most_steps; }) == Status::ok);
    CHECK(changed([](auto& c) { c.max_steps = k_most_steps + 1; }) == Status::bad_layout);
  }
  tool::ImageContent one_way = random_model({Type::s8, Format::token, 6, {5}, 3}, 1);
  one_way.max_steps = 9;
  CHECK(ChangedImage(one_way).load() == Status::bad_layout);
  LayerShapes mixed = {.bidirectional = {true}, .max_steps = 9};
  tool::ImageContent widths = random_model({Type::s8, Format::token, 6, {5}, 3, mixed}, 1);
  widths.layers[1].recurrent = Format::s16;
  CHECK(ChangedImage(widths).load() == Status::bad_layout);
}

TEST_CASE("sequences that take more than a gigabyte are refused, not computed modulo 2^32") {
  const LayerShapes both = {.bidirectional = {true}, .max_steps = k_most_steps};
  // 65,536 steps of 65,536 inputs in 16 bits: 2^33 bytes, 0 in 32 bits.
  tool::ImageContent wide = random_model({Type::s8, Format::s16, k_most_inputs, {1}, 1, both}, 1);
  for (tool::ImageLayer& layer : wide.layers) layer.w.s8.assign(layer.w.s8.size(), 0);
  ChangedImage image(wide);
  CHECK(image.load() == Status::bad_layout);
  for (const std::uint32_t steps : {8192U, 8193U}) {
    image.header.max_steps = steps;
    CHECK(image.load() == (steps == 8192 ? Status::ok : Status::bad_layout));
  }
  // A token is one number, however many there are.
  CHECK(ChangedImage({Type::s8, Format::token, k_most_inputs, {1}, 1, both}).load() == Status::ok);
  // 16,384 scores of 4 bytes: 2^16 bytes a step.
  ChangedImage scores({Type::f32, Format::token, 2, {1}, 16384, both});
  CHECK(scores.load() == Status::bad_layout);
  scores.header.max_steps = 16384;
  CHECK(scores.load() == Status::ok);
  ArenaBytes bytes;
  REQUIRE(Model::measure(scores.bytes(), all_cells(), bytes) == Status::ok);
  CHECK(bytes.scratch >= (1U << 30));
}

TEST_CASE("float weights of more than 4 gigabytes are refused, not counted modulo 2^32") {
  // 4 gates of 16,384 units and 65,536 inputs: 2^34 bytes of W and 2^32 of U, both 0 in 32 bits.
  // The metadata is as long as the biases, which are really there.
  tool::ImageContent content = random_model({Type::f32, Format::f32, 3, {5}, 2}, 1);
  content.metadata = std::string(std::size_t{4} * 4 * k_most_units, ' ');
  ChangedImage image(content);
  REQUIRE(image.load_layout() == Status::ok);
  LayerRecord& lstm = image.records[0];
  lstm.inputs = image.header.inputs = k_most_inputs;
  lstm.outputs = image.records[1].inputs = k_most_units;
  lstm.bias = image.header.metadata;
  CHECK(image.load_layout() == Status::bad_layout);
}

TEST_CASE("int8 weights of more than 4 gigabytes are refused, not counted modulo 2^32") {
  // The same layer has 2^32 bytes of W, and 2^30 of U, for which there is room: a gigabyte of
  // addresses, of which nothing but the records is ever touched.
  ChangedImage small({Type::s8, Format::s16, 3, {5}, 2});
  const std::size_t size = (std::size_t{1} << 30) + (std::size_t{1} << 22);
  void* const region = mmap(nullptr, size, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  REQUIRE(region != MAP_FAILED);
  const auto load = [&](std::uint32_t inputs) {
    LayerRecord& lstm = small.records[0];
    lstm.inputs = small.header.inputs = inputs;
    lstm.outputs = small.records[1].inputs = k_most_units;
    for (const auto array :
         {&LayerRecord::w, &LayerRecord::u, &LayerRecord::scale_w, &LayerRecord::scale_u,
          &LayerRecord::bias, &LayerRecord::sums_w, &LayerRecord::sums_u}) {
      lstm.*array = 1024;
      small.records[1].*array = (&LayerRecord::u == array || &LayerRecord::scale_u == array ||
                                 &LayerRecord::sums_u == array)
                                    ? 0
                                    : 1024;
    }
    small.header.bytes = static_cast<std::uint32_t>(size);
    small.header.mean = small.header.inv_step = 1024;
    std::memcpy(region, &small.header, sizeof small.header);
    std::memcpy(static_cast<ImageHeader*>(region) + 1, small.records.data(),
                small.records.size() * sizeof(LayerRecord));
    alignas(64) std::uint8_t memory[k_most_layers * sizeof(LayerRecord)];
    Arena arena(memory);
    return Model().load({static_cast<const std::uint8_t*>(region), size}, all_cells(), arena,
                        Check::layout);
  };
  CHECK(load(16384) == Status::ok);  // 2^30 bytes of W too
  CHECK(load(k_most_inputs) == Status::bad_layout);
  munmap(region, size);
}
