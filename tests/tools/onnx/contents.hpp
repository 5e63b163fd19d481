// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Small random float models, one for each thing that the ONNX writer has a form for.
#pragma once
#include <string>
#include <vector>

#include "base/random.hpp"
#include "formats/image.hpp"

namespace rondo::tool {

struct NamedContent {
  std::string name;
  bool every_step;
  ImageContent content;
};

class ContentMaker {
 public:
  explicit ContentMaker(std::uint64_t seed) : random_(seed) {}

  ContentMaker& start(Format input, std::uint32_t inputs) {
    content_ = {};
    content_.input = input;
    content_.inputs = width_ = inputs;
    format_ = input;
    return *this;
  }
  ContentMaker& recurrent(Kind kind, std::uint32_t units, Activation mode = Activation::none,
                          bool initial = false, Direction direction = Direction::only) {
    const std::uint32_t gates = gates_of(kind);
    ImageLayer layer = frame(kind, units);
    layer.recurrent = Format::f32;
    layer.mode = static_cast<std::uint8_t>(mode);
    layer.direction = direction;
    layer.w.f32 = numbers(gates * units * layer.inputs);
    layer.u.f32 = numbers(gates * units * units);
    layer.bias_f32 = numbers((gates + (kind == Kind::gru ? 1 : 0)) * units);
    if (initial) layer.initial_f32 = numbers((kind == Kind::lstm ? 2 : 1) * units);
    return add(layer, direction != Direction::forward);
  }
  ContentMaker& both(Kind kind, std::uint32_t units, Activation mode = Activation::none,
                     bool initial = false) {
    recurrent(kind, units, mode, initial, Direction::forward);
    recurrent(kind, units, mode, initial, Direction::backward);
    width_ = 2 * units;
    return *this;
  }
  ContentMaker& dense(Kind kind, std::uint32_t outputs, Activation mode = Activation::none,
                      bool bias = true) {
    ImageLayer layer = frame(kind, outputs);
    layer.mode = static_cast<std::uint8_t>(mode);
    layer.w.f32 = numbers(outputs * layer.inputs);
    layer.bias_f32 = bias ? numbers(outputs) : std::vector<float>(outputs, 0.0F);
    return add(layer, true);
  }
  ContentMaker& plain(Kind kind, Pool mode = Pool::last) {
    ImageLayer layer = frame(kind, width_);
    layer.mode = static_cast<std::uint8_t>(mode);
    if (kind == Kind::skip) layer.recurrent = Format::f32;
    return add(layer, true);
  }
  ImageContent done() {
    content_.outputs = width_;
    return content_;
  }
  std::vector<float> numbers(std::size_t count) {
    std::vector<float> list(count);
    for (float& v : list) v = static_cast<float>(random_.uniform(-1, 1));
    return list;
  }

 private:
  ImageLayer frame(Kind kind, std::uint32_t outputs) const {
    ImageLayer layer;
    layer.kind = kind;
    layer.type = Type::f32;
    layer.input = format_;
    layer.output = Format::f32;
    layer.inputs = width_;
    layer.outputs = outputs;
    return layer;
  }
  ContentMaker& add(const ImageLayer& layer, bool ends) {
    content_.layers.push_back(layer);
    if (!ends) return *this;
    format_ = Format::f32;
    width_ = layer.outputs;
    return *this;
  }

  Random random_;
  ImageContent content_;
  std::uint32_t width_ = 0;
  Format format_ = Format::f32;
};

inline std::vector<NamedContent> example_contents() {
  ContentMaker m(7);
  const auto reals = [&]() -> ContentMaker& { return m.start(Format::f32, 3); };
  const auto tokens = [&]() -> ContentMaker& { return m.start(Format::token, 9); };
  std::vector<NamedContent> list;
  const auto add = [&](const char* name, bool every_step, ContentMaker& maker) {
    list.push_back({name, every_step, maker.done()});
  };
  add("lstm", true, reals().recurrent(Kind::lstm, 5).dense(Kind::linear, 4));
  add("lstm_last", false, reals().recurrent(Kind::lstm, 5).dense(Kind::linear, 4));
  add("gru", true, reals().recurrent(Kind::gru, 5).dense(Kind::linear, 4));
  add("gru_before", true, reals().recurrent(Kind::gru_before, 5).dense(Kind::linear, 4));
  for (const Activation mode :
       {Activation::tanh, Activation::sigmoid, Activation::relu, Activation::none}) {
    const std::string name = "rnn_" + std::to_string(static_cast<int>(mode));
    list.push_back({name, true, reals().recurrent(Kind::rnn, 5, mode).done()});
  }
  add("stack", false,
      tokens().recurrent(Kind::lstm, 5).recurrent(Kind::gru, 6).dense(Kind::linear, 4));
  add("both", true, reals().both(Kind::gru, 4).both(Kind::lstm, 3).dense(Kind::linear, 4));
  add("both_last", false, tokens().both(Kind::rnn, 4, Activation::relu).dense(Kind::linear, 4));
  add("states", true,
      reals()
          .recurrent(Kind::lstm, 5, Activation::none, true)
          .both(Kind::gru, 3, Activation::none, true)
          .dense(Kind::linear, 2));
  add("embedding", false,
      tokens()
          .dense(Kind::dense, 6, Activation::none, false)
          .recurrent(Kind::gru, 5)
          .dense(Kind::linear, 4));
  add("embedding_tanh", true,
      tokens().dense(Kind::dense, 6, Activation::tanh).recurrent(Kind::lstm, 5));
  add("dense", false,
      reals()
          .dense(Kind::dense, 6, Activation::relu)
          .recurrent(Kind::lstm, 5)
          .dense(Kind::dense, 7, Activation::tanh)
          .recurrent(Kind::gru, 4)
          .dense(Kind::dense, 5, Activation::sigmoid)
          .dense(Kind::linear, 2));
  add("mean", false,
      reals().recurrent(Kind::lstm, 5).plain(Kind::pool, Pool::mean).dense(Kind::linear, 2));
  add("most", false,
      reals().both(Kind::lstm, 5).plain(Kind::pool, Pool::max).dense(Kind::linear, 2));
  add("skip", true, reals().recurrent(Kind::gru, 5).dense(Kind::linear, 3).plain(Kind::skip));
  add("skip_last", false, reals().recurrent(Kind::gru, 5).dense(Kind::linear, 3).plain(Kind::skip));
  return list;
}

}  // namespace rondo::tool
