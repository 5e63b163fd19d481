// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "random_model.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "base/random.hpp"

namespace rondo::test {
namespace {

using tool::ImageLayer;
using tool::ImageMatrix;
using tool::Random;

ImageMatrix random_matrix(Type type, std::uint32_t rows, std::uint32_t inputs, double scale,
                          std::uint8_t shift, Random& random) {
  ImageMatrix m;
  for (std::size_t i = 0; i < std::size_t{rows} * inputs; ++i) {
    if (type == Type::f32) {
      m.f32.push_back(static_cast<float>(random.normal() * scale));
    } else {
      m.s8.push_back(static_cast<std::int8_t>(static_cast<int>(random.below(255)) - 127));
    }
  }
  if (type == Type::f32) return m;
  m.shift = shift;
  // Between half and all of 2^31: pre-activations of some units.
  for (std::uint32_t r = 0; r < rows; ++r) {
    m.scale.push_back(static_cast<std::int32_t>((1U << 30) + random.below((1U << 30) - 1)));
  }
  return m;
}

ImageLayer random_layer(Kind kind, Type type, Input input, std::uint32_t inputs,
                        std::uint32_t outputs, bool wide, Random& random) {
  ImageLayer layer;
  layer.kind = kind;
  layer.type = type;
  layer.input = input;
  layer.inputs = inputs;
  layer.outputs = outputs;
  layer.wide = wide;
  const std::uint32_t rows = gates_of(kind) * outputs;
  const double scale = 1.5 / std::sqrt(static_cast<double>(inputs));
  layer.w = random_matrix(type, rows, inputs, scale, input == Input::s16 ? 0 : 4, random);
  if (kind == Kind::lstm) layer.u = random_matrix(type, rows, outputs, scale, 5, random);
  for (std::uint32_t r = 0; r < rows; ++r) {
    if (type == Type::f32) {
      layer.bias_f32.push_back(static_cast<float>(random.normal() * 0.5));
    } else {
      layer.bias_s32.push_back(static_cast<std::int32_t>(random.normal() * 0.5 * (1 << 19)));
    }
  }
  return layer;
}

}  // namespace

tool::ImageContent random_model(const ModelShape& shape, std::uint64_t seed) {
  Random random(seed);
  tool::ImageContent content;
  content.input = shape.input;
  content.inputs = shape.inputs;
  content.outputs = shape.outputs;
  if (shape.input == Input::s16 || shape.input == Input::s8) {
    for (std::uint32_t i = 0; i < shape.inputs; ++i) {
      content.mean.push_back(static_cast<float>(random.normal()));
      content.inv_step.push_back(shape.input == Input::s16 ? 8000.0F : 30.0F);
    }
  }
  Input input = shape.input;
  std::uint32_t inputs = shape.inputs;
  for (std::size_t i = 0; i < shape.hidden.size(); ++i) {
    const bool last = i + 1 == shape.hidden.size();
    content.layers.push_back(random_layer(Kind::lstm, shape.type, input, inputs, shape.hidden[i],
                                          last && shape.type == Type::s8, random));
    input = shape.type == Type::f32 ? Input::f32 : Input::s8;
    inputs = shape.hidden[i];
  }
  content.layers.push_back(random_layer(Kind::linear, shape.type,
                                        shape.type == Type::f32 ? Input::f32 : Input::s16, inputs,
                                        shape.outputs, false, random));
  if (shape.type == Type::s8) content.layers.back().w.shift = 0;
  return content;
}

Runner::Runner(const tool::ImageContent& content, Packing packing, CellList cells)
    : image(std::span<const std::uint8_t>(tool::pack(content, packing))),
      memory([&] {
        ArenaBytes bytes{};
        const Status status = Model::measure(image.bytes(), cells, bytes);
        REQUIRE_MESSAGE(status == Status::ok, name_of(status));
        return bytes.total();
      }()),
      arena(memory.view()) {
  const Status status = model.load(image.bytes(), cells, arena);
  REQUIRE_MESSAGE(status == Status::ok, name_of(status));
  REQUIRE(stream.bind(model, arena) == Status::ok);
}

}  // namespace rondo::test
