// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See export_onnx.hpp. Numbers of fields and types are those of onnx.proto.
#include "onnx/export_onnx.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "onnx/draft.hpp"

namespace rondo::tool {
namespace {

const char* activation_name(std::uint8_t mode) {
  switch (static_cast<Activation>(mode)) {
    case Activation::tanh:
      return "Tanh";
    case Activation::sigmoid:
      return "Sigmoid";
    case Activation::relu:
      return "Relu";
    case Activation::none:
      break;
  }
  return "Affine";
}

bool is_recurrent(const ImageLayer& layer) {
  return layer.kind == Kind::lstm || layer.kind == Kind::gru || layer.kind == Kind::gru_before ||
         layer.kind == Kind::rnn;
}

// The file's gate k is rondo's gate order[k]: i, o, f, c of i, f, g, o; z, r, h of r, z, n.
std::vector<std::size_t> gate_order(Kind kind) {
  if (kind == Kind::lstm) return {0, 3, 1, 2};
  if (kind == Kind::rnn) return {0};
  return {1, 0, 2};
}

// Gates of `width` numbers a unit in the file's order.
void add_gates(const ImageLayer& layer, const float* from, std::size_t width,
               std::vector<float>& to) {
  const std::size_t gate = layer.outputs * width;
  for (const std::size_t k : gate_order(layer.kind)) {
    to.insert(to.end(), from + k * gate, from + (k + 1) * gate);
  }
}

class Exporter {
 public:
  Exporter(const ImageContent& content, const OnnxDescription& description,
           const std::string& place)
      : content_(content), description_(description), place_(place) {}

  std::vector<std::uint8_t> run();

 private:
  // Layers that go on with the sequence stand before the last recurrent one, or pooling.
  bool feeds_recurrence(std::size_t layer) const {
    return std::any_of(content_.layers.begin() + static_cast<std::ptrdiff_t>(layer) + 1,
                       content_.layers.end(), is_recurrent);
  }
  void add_input();
  void add_recurrent(std::size_t first, std::size_t count);
  std::string initial_state(std::size_t first, std::size_t count, bool cell);
  void add_dense(const ImageLayer& layer);
  void add_pool(std::size_t index);
  void add_skip(const ImageLayer& layer);
  void take_last();
  std::string last_of(const std::string& value);

  const ImageContent& content_;
  const OnnxDescription& description_;
  const std::string& place_;
  OnnxDraft draft_;
  std::string value_ = "x";  // what the layers so far give
  bool one_step_ = false;    // the time axis is gone
};

void Exporter::add_input() {
  const bool tokens = content_.input == Format::token;
  draft_.input("x", tokens, tokens ? 0 : content_.inputs);
  if (!tokens || content_.layers[0].kind == Kind::dense) return;
  const std::string depth = draft_.integers("depth", {content_.inputs});
  const std::string values = draft_.floats("off_on", {2}, {0, 1});
  value_ = draft_.node("OneHot", {value_, depth, values});
}

// (D, 1, H), repeated for each sequence of the batch.
std::string Exporter::initial_state(std::size_t first, std::size_t count, bool cell) {
  std::vector<float> state;
  const std::uint32_t units = content_.layers[first].outputs;
  for (std::size_t i = first; i < first + count; ++i) {
    const ImageLayer& layer = content_.layers[i];
    std::vector<float> all = layer.initial_f32;
    all.resize(std::size_t{units} * (layer.kind == Kind::lstm ? 2 : 1), 0.0F);
    const std::size_t at = layer.kind == Kind::lstm && !cell ? units : 0;
    state.insert(state.end(), all.begin() + static_cast<std::ptrdiff_t>(at),
                 all.begin() + static_cast<std::ptrdiff_t>(at + units));
  }
  const auto directions = static_cast<std::int64_t>(count);
  const std::string one = draft_.floats("initial", {directions, 1, units}, state);
  const std::string shape = draft_.node("Shape", {"x"});
  const std::string batch =
      draft_.node("Slice", {shape, draft_.integers("one", {1}), draft_.integers("two", {2})});
  const std::string whole = draft_.node(
      "Concat",
      {draft_.integers("directions", {directions}), batch, draft_.integers("units", {units})},
      {{"axis", 0}});
  return draft_.node("Expand", {one, whole});
}

void Exporter::add_recurrent(std::size_t first, std::size_t count) {
  const ImageLayer& layer = content_.layers[first];
  std::vector<float> w, u, b;
  bool has_state = false;
  std::vector<std::string> names;
  for (std::size_t i = first; i < first + count; ++i) {
    const ImageLayer& half = content_.layers[i];
    add_gates(half, half.w.f32.data(), half.inputs, w);
    add_gates(half, half.u.f32.data(), half.outputs, u);
    const std::size_t rows = half.u.f32.size() / half.outputs;
    add_gates(half, half.bias_f32.data(), 1, b);
    std::vector<float> inner(rows, 0.0F);  // of a GRU's n, behind the reset
    if (half.kind == Kind::gru) {
      std::copy_n(half.bias_f32.end() - half.outputs, half.outputs, inner.end() - half.outputs);
    }
    b.insert(b.end(), inner.begin(), inner.end());
    has_state = has_state || !half.initial_f32.empty();
    names.emplace_back(activation_name(half.mode));
  }
  const auto d = static_cast<std::int64_t>(count);
  const std::int64_t units = layer.outputs, rows = static_cast<std::int64_t>(b.size()) / (2 * d);
  std::vector<std::string> inputs = {value_, draft_.floats("W", {d, rows, layer.inputs}, w),
                                     draft_.floats("R", {d, rows, units}, u),
                                     draft_.floats("B", {d, 2 * rows}, b)};
  if (has_state) {
    inputs.emplace_back();
    inputs.push_back(initial_state(first, count, false));
    if (layer.kind == Kind::lstm) inputs.push_back(initial_state(first, count, true));
  }
  const char* const op = layer.kind == Kind::lstm  ? "LSTM"
                         : layer.kind == Kind::rnn ? "RNN"
                                                   : "GRU";
  OnnxAttributes attributes = {{"hidden_size", units}};
  if (layer.kind == Kind::gru) attributes.integers["linear_before_reset"] = 1;
  attributes.direction = count == 2 ? "bidirectional" : "forward";
  if (layer.kind == Kind::rnn) {
    attributes.activations = names;
    if (layer.mode == 0) attributes.affine = true;
  }
  const std::string y = draft_.node(op, inputs, attributes);
  if (count == 1) {
    value_ = draft_.node("Squeeze", {y, draft_.integers("direction", {1})});
    return;
  }
  OnnxAttributes order;
  order.lists["perm"] = {0, 2, 1, 3};
  const std::string shape = draft_.integers("side_by_side", {0, 0, 2 * units});
  value_ = draft_.node("Reshape", {draft_.node("Transpose", {y}, order), shape});
}

void Exporter::add_dense(const ImageLayer& layer) {
  const std::int64_t inputs = layer.inputs, outputs = layer.outputs;
  std::vector<float> columns(layer.w.f32.size());
  for (std::size_t o = 0; o < layer.outputs; ++o) {
    for (std::size_t i = 0; i < layer.inputs; ++i) {
      columns[i * layer.outputs + o] = layer.w.f32[o * layer.inputs + i];
    }
  }
  const std::string matrix = draft_.floats("matrix", {inputs, outputs}, columns);
  const bool biased =
      std::any_of(layer.bias_f32.begin(), layer.bias_f32.end(), [](float v) { return v != 0; });
  if (layer.input == Format::token) {
    value_ = draft_.node("Gather", {matrix, value_});
  } else {
    value_ = draft_.node("MatMul", {value_, matrix});
  }
  if (biased) {
    value_ = draft_.node("Add", {value_, draft_.floats("bias", {outputs}, layer.bias_f32)});
  }
  if (layer.kind == Kind::dense && layer.mode != 0) {
    value_ = draft_.node(activation_name(layer.mode), {value_});
  }
}

std::string Exporter::last_of(const std::string& value) {
  return draft_.node("Gather", {value, draft_.integer("last", -1)}, {{"axis", 0}});
}

void Exporter::take_last() {
  if (!one_step_) value_ = last_of(value_);
  one_step_ = true;
}

void Exporter::add_pool(std::size_t index) {
  const auto mode = static_cast<Pool>(content_.layers[index].mode);
  if (mode == Pool::last) return;
  if (description_.every_step || feeds_recurrence(index)) {
    throw Error(place_, "pools over time and answers after every step, or feeds a recurrent layer",
                "ONNX has pooling of whole sequences only");
  }
  OnnxAttributes attributes = {{"keepdims", 0}};
  attributes.lists["axes"] = {0};
  value_ = draft_.node(mode == Pool::mean ? "ReduceMean" : "ReduceMax", {value_}, attributes);
  one_step_ = true;
}

void Exporter::add_skip(const ImageLayer& layer) {
  if (layer.outputs != content_.inputs) {
    throw Error(place_, "adds a part of its input to its scores, which is not written to ONNX");
  }
  value_ = draft_.node("Add", {value_, one_step_ ? last_of("x") : "x"});
}

std::vector<std::uint8_t> Exporter::run() {
  for (const ImageLayer& layer : content_.layers) {
    if (layer.type != Type::f32) {
      throw Error(place_, "has int8 weights, which ONNX has no recurrent operators for",
                  "export the float checkpoint it was quantized from");
    }
  }
  add_input();
  for (std::size_t i = 0; i < content_.layers.size(); ++i) {
    const ImageLayer& layer = content_.layers[i];
    if (is_recurrent(layer)) {
      const std::size_t count = layer.direction == Direction::forward ? 2 : 1;
      add_recurrent(i, count);
      i += count - 1;
    } else if (layer.kind == Kind::pool) {
      add_pool(i);
    } else if (layer.kind == Kind::skip) {
      add_skip(layer);
    } else {
      add_dense(layer);
    }
    const bool pools = i + 1 < content_.layers.size() && content_.layers[i + 1].kind == Kind::pool;
    if (!description_.every_step && !feeds_recurrence(i) && !pools) take_last();
  }
  draft_.output("scores", value_, !one_step_, content_.outputs);
  if (!description_.task.empty()) draft_.metadata("task", description_.task);
  if (!description_.alphabet.empty()) draft_.metadata("alphabet", description_.alphabet);
  if (!description_.classes.empty()) {
    draft_.metadata("classes", nlohmann::json(description_.classes).dump());
  }
  return draft_.file(description_.name);
}

}  // namespace

std::vector<std::uint8_t> export_onnx(const ImageContent& content,
                                      const OnnxDescription& description,
                                      const std::string& place) {
  return Exporter(content, description, place).run();
}

}  // namespace rondo::tool
