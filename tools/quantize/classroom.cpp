// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See classroom.hpp.
#include "quantize/classroom.hpp"

namespace rondo::tool {
namespace {

// Appends the rows of a map of [x, h] (rows, I + H): those of x to W, those of h, with zeros for
// the units that are not read back, to U.
void add_map(const Checkpoint& checkpoint, const std::string& name, ImageLayer& layer) {
  const TensorFile file{checkpoint.tensors, {}};
  const auto floats = [&](const std::string& end) {
    return std::get<std::vector<float>>(find_tensor(file, name + end, "checkpoint").values);
  };
  const std::vector<float> weight = floats(".weight"), bias = floats(".bias");
  const std::size_t inputs = checkpoint.shape.inputs, hidden = checkpoint.shape.hidden;
  layer.bias_f32.insert(layer.bias_f32.end(), bias.begin(), bias.end());
  for (std::size_t row = 0; row < bias.size(); ++row) {
    const float* const x = &weight[row * (inputs + hidden)];
    layer.w.f32.insert(layer.w.f32.end(), x, x + inputs);
    layer.u.f32.insert(layer.u.f32.end(), x + inputs, x + inputs + hidden);
    layer.u.f32.insert(layer.u.f32.end(), checkpoint.shape.outputs, 0.0F);
  }
}

}  // namespace

ImageContent classroom_content(const Checkpoint& checkpoint) {
  const NetShape& shape = checkpoint.shape;
  ImageContent content;
  content.inputs = static_cast<std::uint32_t>(shape.inputs);
  content.outputs = static_cast<std::uint32_t>(shape.outputs);
  content.input = shape.input == InputKind::tokens ? Format::token : Format::f32;
  ImageLayer layer;
  layer.kind = Kind::rnn;
  layer.mode = static_cast<std::uint8_t>(Activation::none);
  layer.type = Type::f32;
  layer.input = content.input;
  layer.output = layer.recurrent = Format::f32;
  layer.inputs = content.inputs;
  layer.outputs = static_cast<std::uint32_t>(shape.hidden + shape.outputs);
  add_map(checkpoint, "i2h", layer);
  add_map(checkpoint, "i2o", layer);
  ImageLayer head;
  head.kind = Kind::linear;
  head.type = Type::f32;
  head.input = head.output = Format::f32;
  head.inputs = layer.outputs;
  head.outputs = content.outputs;
  head.bias_f32.assign(shape.outputs, 0.0F);
  head.w.f32.assign(shape.outputs * head.inputs, 0.0F);
  for (std::size_t o = 0; o < shape.outputs; ++o) {
    head.w.f32[o * head.inputs + shape.hidden + o] = 1;
  }
  content.layers = {std::move(layer), std::move(head)};
  return content;
}

}  // namespace rondo::tool
