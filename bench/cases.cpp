// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See cases.hpp.
#include "cases.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "base/random.hpp"
#include "formats/image.hpp"
#include "kernel/kernels.hpp"

namespace rondo::bench {
namespace {

using tool::ImageLayer;
using tool::ImageMatrix;
using tool::Random;

constexpr float k_s8_steps = 30;  // integer steps of an input of 1: normal inputs fit
constexpr float k_s16_steps = 8000;

void require(Status status) {
  if (status != Status::ok) throw std::logic_error(std::string("bench: ") + rondo::name_of(status));
}

// Pre-activations of about a unit, so that gates open and close.
ImageMatrix random_matrix(Type type, std::uint32_t rows, std::uint32_t inputs, Format input,
                          Random& random) {
  ImageMatrix m;
  const double spread = 1 / std::sqrt(static_cast<double>(inputs));
  // A weight of 64 times an input of 64 (8 bits) or 2^14, shifted and scaled to Q12.19.
  m.shift = type == Type::f32 || input == Format::s16 ? 0 : input == Format::token ? 4 : 6;
  for (std::size_t i = 0; i < std::size_t{rows} * inputs; ++i) {
    if (type == Type::f32) {
      m.f32.push_back(static_cast<float>(random.normal() * spread));
    } else {
      m.s8.push_back(static_cast<std::int8_t>(static_cast<int>(random.below(255)) - 127));
    }
  }
  if (type == Type::s8) {
    m.scale.assign(rows, static_cast<std::int32_t>(0x40000000 * std::min(1.0, 4 * spread)));
  }
  return m;
}

ImageLayer recurrent_layer(const Case& which, Size size, Random& random) {
  ImageLayer layer;
  layer.kind = which.kind;
  layer.type = which.type;
  layer.input = which.input;
  layer.output = which.type == Type::f32 ? Format::f32 : Format::s16;
  layer.recurrent = which.recurrent;
  layer.mode =
      static_cast<std::uint8_t>(which.kind == Kind::rnn ? Activation::tanh : Activation::none);
  layer.inputs = size.inputs;
  layer.outputs = size.hidden;
  const std::uint32_t rows = gates_of(which.kind) * size.hidden;
  layer.w = random_matrix(which.type, rows, size.inputs, which.input, random);
  layer.u = random_matrix(which.type, rows, size.hidden, which.recurrent, random);
  const std::uint32_t biases = rows + (which.kind == Kind::gru ? size.hidden : 0);
  for (std::uint32_t r = 0; r < biases; ++r) {
    const double bias = 0.5 * random.normal();
    if (which.type == Type::f32) {
      layer.bias_f32.push_back(static_cast<float>(bias));
    } else {
      layer.bias_s32.push_back(static_cast<std::int32_t>(bias * (1 << 19)));
    }
  }
  return layer;
}

ImageLayer head(Type type, std::uint32_t inputs) {
  ImageLayer layer;
  layer.kind = Kind::linear;
  layer.type = type;
  layer.input = type == Type::f32 ? Format::f32 : Format::s16;
  layer.output = type == Type::f32 ? Format::f32 : Format::s32;
  layer.inputs = inputs;
  layer.outputs = 1;
  if (type == Type::f32) {
    layer.w.f32.assign(inputs, 0.5F);
    layer.bias_f32 = {0};
  } else {
    layer.w.s8.assign(inputs, 1);
    layer.w.scale = {1 << 30};
    layer.bias_s32 = {0};
  }
  return layer;
}

std::vector<std::uint8_t> image_of(const Case& which, Size size) {
  Random random(1);
  tool::ImageContent content;
  content.input = which.input;
  content.inputs = size.inputs;
  content.outputs = 1;
  if (which.input == Format::s8 || which.input == Format::s16) {
    content.mean.assign(size.inputs, 0);
    content.inv_step.assign(size.inputs, which.input == Format::s8 ? k_s8_steps : k_s16_steps);
  }
  content.layers = {recurrent_layer(which, size, random), head(which.type, size.hidden)};
  return tool::pack(content, Packing::host);
}

std::vector<float> transposed(const std::vector<float>& w, std::size_t rows) {
  const std::size_t inputs = w.size() / rows;
  std::vector<float> result(w.size());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t i = 0; i < inputs; ++i) result[i * rows + r] = w[r * inputs + i];
  }
  return result;
}

std::size_t model_bytes(View<const std::uint8_t> image) {
  ArenaBytes bytes{};
  require(Model::measure(image, all_cells(), bytes));
  return bytes.model;
}

}  // namespace

std::string name_of(Size size) {
  return std::to_string(size.inputs) + "x" + std::to_string(size.hidden);
}

std::string id_of(const char* name, const char* set, Size size) {
  std::string id = name;
  return id.append("/").append(set).append("/").append(name_of(size));
}

std::vector<Isa> sets_of(Type type) {
  std::vector<Isa> sets;
  for (const Isa isa : isa_list()) {
    const bool same =
        type == Type::f32 && !sets.empty() && &kernel::f32(sets.back()) == &kernel::f32(isa);
    if (isa_available(isa) && !same) sets.push_back(isa);
  }
  return sets;
}

Network::Network(const Case& which, Size size)
    : image_(std::span<const std::uint8_t>(image_of(which, size))),
      memory_(model_bytes(image_.bytes())) {
  Arena arena(memory_.view());
  require(model_.load(image_.bytes(), all_cells(), arena));
}

std::vector<std::span<const std::uint8_t>> Network::weights() const {
  const LayerRecord& record = model_.record(0);
  const Shape shape =
      shape_of(gates_of(record.kind), record.type, record.outputs, model_.packing());
  const std::size_t size = record.type == Type::f32 ? 4 : 1;
  const std::size_t inputs = record.input == Format::token ? 1 : shape.padded(record.inputs);
  const std::uint8_t* const image = model_.image();
  return {{image + record.w, size * shape.rows() * inputs},
          {image + record.u, size * shape.rows() * shape.padded(record.outputs)}};
}

std::size_t Network::weight_bytes() const {
  std::size_t bytes = 0;
  for (const auto& part : weights()) bytes += part.size();
  return bytes;
}

std::size_t Network::products() const {
  const LayerRecord& record = model_.record(0);
  const std::size_t inputs = record.input == Format::token ? 0 : record.inputs;
  return gates_of(record.kind) * std::size_t{record.outputs} * (inputs + record.outputs);
}

Player::Player(const Network& network, Call call, Isa isa)
    : call_(call),
      input_(network.model().input()),
      width_(network.model().inputs()),
      memory_(network.model().arena_bytes().total()) {
  Arena arena(memory_.view());
  require(stream_.bind(network.model(), arena, isa));
  Random random(2);
  const float scale = input_ == Format::s8 ? k_s8_steps : k_s16_steps;
  const double most = input_ == Format::s8 ? 127 : 32767;
  for (std::size_t i = 0; i < k_run_steps * width_; ++i) {
    floats_.push_back(static_cast<float>(random.normal()));
    steps_.push_back(static_cast<std::int16_t>(
        std::clamp(std::floor(double{floats_.back()} * double{scale} + 0.5), -most, most)));
  }
  for (std::size_t i = 0; i < k_run_steps; ++i) {
    tokens_.push_back(static_cast<std::uint32_t>(random.below(width_)));
  }
}

void Player::play(std::size_t calls) {
  if (call_ == Call::run) {
    for (std::size_t n = 0; n < calls; ++n) {
      if (input_ == Format::f32) {
        stream_.run_f32(floats_.data(), k_run_steps);
      } else {
        stream_.run_s16(steps_.data(), k_run_steps);
      }
    }
  } else if (input_ == Format::token) {
    for (std::size_t n = 0; n < calls; ++n) stream_.step(tokens_[n % k_run_steps]);
  } else if (input_ == Format::f32 || call_ == Call::step_f32) {
    for (std::size_t n = 0; n < calls; ++n) {
      stream_.step_f32(floats_.data() + n % k_run_steps * width_);
    }
  } else {
    for (std::size_t n = 0; n < calls; ++n) {
      stream_.step_s16(steps_.data() + n % k_run_steps * width_);
    }
  }
}

NaiveLstm naive_rows_of(const Network& network) {
  const View<const std::uint8_t> image = network.image();
  const ImageLayer layer = tool::unpack({image.data(), image.size()}).layers[0];
  NaiveLstm net{layer.inputs, layer.outputs, layer.w.f32, layer.u.f32, layer.bias_f32, {}, {}, {}};
  net.t.resize(net.bias.size());
  net.c.resize(net.hidden);
  net.h.resize(net.hidden);
  return net;
}

NaiveLstm naive_columns_of(const Network& network) {
  NaiveLstm net = naive_rows_of(network);
  net.w = transposed(net.w, net.bias.size());
  net.u = transposed(net.u, net.bias.size());
  return net;
}

}  // namespace rondo::bench
