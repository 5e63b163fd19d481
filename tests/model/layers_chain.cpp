// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "layers_chain.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/random.hpp"

namespace rondo::test {
namespace {

using tool::AlignedBytes;
using tool::ImageLayer;
using tool::ImageMatrix;
using tool::Random;

constexpr std::size_t k_guard = 256;
constexpr std::uint8_t k_untouched = 0xA5;

ArenaBytes needed(const AlignedBytes& image) {
  ArenaBytes bytes{};
  const Status status = Model::measure(image.bytes(), all_cells(), bytes);
  REQUIRE_MESSAGE(status == Status::ok, name_of(status));
  return bytes;
}

// What a pre-activation of this layer should be worth, so that some units saturate and most do not.
double typical_t(const ImageLayer& layer) {
  const auto f = static_cast<Activation>(layer.mode);
  if (layer.kind == Kind::linear) return 1 << 18;  // four units of Q15.16
  const bool gates = layer.kind != Kind::dense || f == Activation::tanh || f == Activation::sigmoid;
  if (gates) return 1 << 19;
  return layer.output == Format::s32 ? 1 << 18 : layer.output == Format::s16 ? 1 << 22 : 1 << 14;
}

ImageMatrix random_s8(std::uint32_t rows, std::uint32_t inputs, Format input, double typical,
                      Random& random) {
  ImageMatrix m;
  for (std::size_t i = 0; i < std::size_t{rows} * inputs; ++i) {
    m.s8.push_back(static_cast<std::int8_t>(static_cast<int>(random.below(255)) - 127));
  }
  const bool token = input == Format::token;
  const double largest = token ? 4096 : input == Format::s16 ? 32768 : 128;
  const double bound = (token ? 1 : inputs) * 127 * largest;
  double acc = 73 * std::sqrt(token ? 1 : inputs) * largest * (token ? 1 : 0.57);
  while (acc < 2 * typical && bound * (2 << m.shift) < k_acc_limit && m.shift < k_shift_limit) {
    acc *= 2;
    ++m.shift;
  }
  for (std::uint32_t r = 0; r < rows; ++r) {
    const double scale = 0x1p31 * typical / acc * random.uniform(0.5, 1);
    m.scale.push_back(static_cast<std::int32_t>(std::min(scale, 2147483647.0)));
  }
  return m;
}

ImageMatrix random_f32(std::uint32_t rows, std::uint32_t inputs, Random& random) {
  ImageMatrix m;
  for (std::size_t i = 0; i < std::size_t{rows} * inputs; ++i) {
    m.f32.push_back(static_cast<float>(1.5 * random.normal() / std::sqrt(inputs)));
  }
  return m;
}

void add_rows(ImageLayer& layer, Random& random) {
  const std::uint32_t rows = gates_of(layer.kind) * layer.outputs;
  const bool recurrent = layer.recurrent != Format::token;
  const std::uint32_t biases = rows + (layer.kind == Kind::gru ? layer.outputs : 0);
  if (layer.type == Type::f32) {
    layer.w = random_f32(rows, layer.inputs, random);
    if (recurrent) layer.u = random_f32(rows, layer.outputs, random);
    for (std::uint32_t r = 0; r < biases; ++r) {
      layer.bias_f32.push_back(static_cast<float>(0.5 * random.normal()));
    }
    return;
  }
  const double typical = typical_t(layer);
  layer.w = random_s8(rows, layer.inputs, layer.input, typical, random);
  if (recurrent) layer.u = random_s8(rows, layer.outputs, layer.recurrent, typical, random);
  for (std::uint32_t r = 0; r < biases; ++r) {
    layer.bias_s32.push_back(static_cast<std::int32_t>(0.5 * typical * random.normal()));
  }
}

void add_skip(ImageLayer& layer, Random& random) {
  if (layer.type == Type::f32) return;
  layer.w.shift = layer.recurrent == Format::s16 ? 4 : 12;
  for (std::uint32_t j = 0; j < layer.outputs; ++j) {
    layer.w.scale.push_back(static_cast<std::int32_t>(random.uniform(1, 2147483647.0)));
    layer.bias_s32.push_back(static_cast<std::int32_t>(random.normal() * (1 << 18)));
  }
}

}  // namespace

tool::ImageContent random_chain(const ChainSpec& spec, Type type, std::uint64_t seed) {
  Random random(seed);
  tool::ImageContent content;
  content.input = spec.input;
  content.inputs = spec.inputs;
  content.max_steps = spec.max_steps;
  if (spec.input == Format::s16 || spec.input == Format::s8) {
    content.mean.assign(spec.inputs, 0.0F);
    content.inv_step.assign(spec.inputs, 1.0F);
  }
  Format format = spec.input;
  std::uint32_t width = spec.inputs;
  for (const LayerSpec& of : spec.layers) {
    ImageLayer layer;
    layer.kind = of.kind;
    layer.type = type;
    layer.mode = of.mode;
    layer.direction = of.direction;
    layer.input = format;
    layer.output = of.output;
    layer.recurrent = of.recurrent;
    layer.inputs = width;
    layer.outputs = of.outputs;
    if (of.kind == Kind::skip) {
      add_skip(layer, random);
    } else if (of.kind != Kind::pool) {
      add_rows(layer, random);
    }
    content.layers.push_back(layer);
    if (of.direction == Direction::forward) continue;  // the other half reads the same
    format = of.output;
    width = of.outputs * (of.direction == Direction::only ? 1 : 2);
  }
  content.outputs = width;
  return content;
}

std::vector<Isa> isas() {
  std::vector<Isa> all;
  for (const Isa isa : isa_list()) {
    if (isa_available(isa)) all.push_back(isa);
  }
  return all;
}

Rig::Rig(const tool::ImageContent& content, Packing packing, Isa isa)
    : Rig(AlignedBytes(std::span<const std::uint8_t>(tool::pack(content, packing))), isa) {}

Rig::Rig(AlignedBytes bytes, Isa isa)
    : image(std::move(bytes)),
      memory(needed(image).model + needed(image).state + k_guard),
      scratch(needed(image).scratch + k_guard) {
  for (const AlignedBytes* piece : {&memory, &scratch}) {
    std::memset(piece->data(), k_untouched, piece->size());
  }
  arena = Arena({memory.data(), memory.size() - k_guard});
  const Status status = model.load(image.bytes(), all_cells(), arena);
  REQUIRE_MESSAGE(status == Status::ok, name_of(status));
  REQUIRE(stream.bind(model, arena, isa, {scratch.data(), scratch.size() - k_guard}) == Status::ok);
}

Rig::~Rig() {
  for (const AlignedBytes* piece : {&memory, &scratch}) {
    const std::uint8_t* const end = piece->data() + piece->size();
    if (!std::all_of(end - k_guard, end, [](std::uint8_t b) { return b == k_untouched; })) {
      FAIL_CHECK("a write behind the arena or the scratch");
    }
  }
}

std::vector<std::uint8_t> Rig::save() const {
  std::vector<std::uint8_t> blob(stream.save_bytes());
  REQUIRE(stream.save({blob.data(), blob.size()}) == Status::ok);
  return blob;
}

}  // namespace rondo::test
