// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "random_model.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <sstream>

#include "base/random.hpp"

namespace rondo::test {
namespace {

using tool::ImageLayer;
using tool::ImageMatrix;
using tool::Random;

template <class T>
T element(const std::vector<T>& list, std::size_t i) {
  return list[std::min(i, list.size() - 1)];
}

// The typical size of an input in integer steps.
double size_of_input(Format input) {
  return input == Format::token ? k_token_one : input == Format::s16 ? 10000 : 40;
}

// A multiplier and shift that bring the typical sum of `inputs` products to 1.5 in Q12.19.
void choose_scale(ImageMatrix& m, std::uint32_t rows, std::uint32_t inputs, Format input,
                  Random& random) {
  const double weight = 73;  // of -127 .. 127, the root of the mean square
  const double terms = input == Format::token ? 1 : inputs;
  double ratio = 1.5 * (1 << 19) / (weight * size_of_input(input) * std::sqrt(terms));
  while (ratio > 0.9) {
    ratio /= 2;
    ++m.shift;
  }
  for (std::uint32_t r = 0; r < rows; ++r) {
    m.scale.push_back(static_cast<std::int32_t>(ratio * random.uniform(0.7, 1.0) * 0x1p31));
  }
}

ImageMatrix random_matrix(Type type, std::uint32_t rows, std::uint32_t inputs, Format input,
                          double size, Random& random) {
  ImageMatrix m;
  for (std::size_t i = 0; i < std::size_t{rows} * inputs; ++i) {
    if (type == Type::f32) {
      m.f32.push_back(static_cast<float>(random.normal() * size));
    } else {
      m.s8.push_back(static_cast<std::int8_t>(static_cast<int>(random.below(255)) - 127));
    }
  }
  if (type == Type::s8) choose_scale(m, rows, inputs, input, random);
  return m;
}

void random_bias(ImageLayer& layer, Random& random) {
  const std::uint32_t extra = layer.kind == Kind::gru ? 1 : 0;
  const std::uint32_t rows = (gates_of(layer.kind) + extra) * layer.outputs;
  for (std::uint32_t r = 0; r < rows; ++r) {
    if (layer.type == Type::f32) {
      layer.bias_f32.push_back(static_cast<float>(random.normal() * 0.5));
    } else {
      layer.bias_s32.push_back(static_cast<std::int32_t>(random.normal() * 0.5 * (1 << 19)));
    }
  }
}

void random_initial(ImageLayer& layer, Random& random) {
  const bool lstm = layer.kind == Kind::lstm;
  const bool gru = layer.kind == Kind::gru || layer.kind == Kind::gru_before;
  const std::uint32_t count = layer.outputs * (lstm ? 2 : 1);
  for (std::uint32_t i = 0; i < count; ++i) {
    const double limit = lstm && i < layer.outputs ? 3 : 1;  // c before h
    const double value = random.uniform(-limit, limit);
    if (layer.type == Type::f32) {
      layer.initial_f32.push_back(static_cast<float>(value));
    } else {
      const int bits = lstm && i < layer.outputs ? k_cell_bits : gru ? 30 : 15;
      layer.initial_s32.push_back(static_cast<std::int32_t>(std::ldexp(value, bits)));
    }
  }
}

struct LayerShape {
  Kind kind;
  Format input;
  std::uint32_t inputs;
  std::uint32_t outputs;
  Format output;
  Direction direction;
};

ImageLayer random_layer(const ModelShape& model, const LayerShape& shape, Random& random) {
  ImageLayer layer;
  layer.kind = shape.kind;
  layer.type = model.type;
  layer.input = shape.input;
  layer.output = shape.output;
  layer.inputs = shape.inputs;
  layer.outputs = shape.outputs;
  layer.direction = shape.direction;
  if (shape.kind == Kind::rnn) layer.mode = static_cast<std::uint8_t>(model.more.activation);
  const std::uint32_t rows = gates_of(shape.kind) * shape.outputs;
  const double terms = shape.input == Format::token ? 1 : shape.inputs;
  layer.w =
      random_matrix(model.type, rows, shape.inputs, shape.input, 1.5 / std::sqrt(terms), random);
  if (shape.kind != Kind::linear) {
    layer.recurrent = model.type == Type::f32 ? Format::f32 : model.more.recurrent;
    layer.u = random_matrix(model.type, rows, shape.outputs, layer.recurrent,
                            0.5 / std::sqrt(shape.outputs), random);
  }
  random_bias(layer, random);
  if (model.more.initial && shape.kind != Kind::linear) random_initial(layer, random);
  return layer;
}

}  // namespace

std::string text_of(const ModelShape& shape) {
  const LayerShapes& more = shape.more;
  std::ostringstream text;
  const auto number = [](auto value) { return static_cast<int>(value); };
  text << (shape.type == Type::f32 ? "f32" : "s8") << ", input " << number(shape.input) << " x "
       << shape.inputs;
  for (std::size_t i = 0; i < shape.hidden.size(); ++i) {
    text << ", kind " << number(element(more.kinds, i)) << " x " << shape.hidden[i]
         << (element(more.bidirectional, i) ? " both ways" : "");
  }
  text << ", outputs " << shape.outputs << ", activation " << number(more.activation)
       << ", formats " << number(more.recurrent) << number(more.between) << number(more.head)
       << (more.initial ? ", initial" : "");
  return text.str();
}

tool::ImageContent random_model(const ModelShape& shape, std::uint64_t seed) {
  Random random(seed);
  tool::ImageContent content;
  content.input = shape.input;
  content.inputs = shape.inputs;
  content.outputs = shape.outputs;
  content.max_steps = shape.more.max_steps;
  if (shape.input == Format::s16 || shape.input == Format::s8) {
    for (std::uint32_t i = 0; i < shape.inputs; ++i) {
      content.mean.push_back(static_cast<float>(random.normal()));
      content.inv_step.push_back(shape.input == Format::s16 ? 8000.0F : 30.0F);
    }
  }
  const bool is_float = shape.type == Type::f32;
  LayerShape layer = {Kind::lstm, shape.input, shape.inputs, 0, Format::f32, Direction::only};
  for (std::size_t i = 0; i < shape.hidden.size(); ++i) {
    const bool top = i + 1 == shape.hidden.size();
    layer.kind = element(shape.more.kinds, i);
    layer.outputs = shape.hidden[i];
    layer.output = is_float ? Format::f32 : top ? shape.more.head : shape.more.between;
    const bool both = element(shape.more.bidirectional, i);
    layer.direction = both ? Direction::forward : Direction::only;
    content.layers.push_back(random_layer(shape, layer, random));
    layer.direction = Direction::backward;
    if (both) content.layers.push_back(random_layer(shape, layer, random));
    layer.input = layer.output;
    layer.inputs = layer.outputs * (both ? 2 : 1);
  }
  layer.kind = Kind::linear;
  layer.outputs = shape.outputs;
  layer.output = is_float ? Format::f32 : Format::s32;
  layer.direction = Direction::only;
  content.layers.push_back(random_layer(shape, layer, random));
  return content;
}

Runner::Runner(const tool::ImageContent& content, Packing packing, Isa isa, CellList cells)
    : image(std::span<const std::uint8_t>(tool::pack(content, packing))),
      memory([&] {
        ArenaBytes bytes{};
        const Status status = Model::measure(image.bytes(), cells, bytes);
        REQUIRE_MESSAGE(status == Status::ok, name_of(status));
        return bytes.total();
      }()),
      arena(memory.view()) {
  std::memset(memory.data(), 0xFF, memory.size());
  const Status status = model.load(image.bytes(), cells, arena);
  REQUIRE_MESSAGE(status == Status::ok, name_of(status));
  REQUIRE(stream.bind(model, arena, isa) == Status::ok);
}

std::vector<Isa> available_sets() {
  std::vector<Isa> sets;
  for (const Isa isa : isa_list()) {
    if (isa_available(isa)) sets.push_back(isa);
  }
  return sets;
}

}  // namespace rondo::test
