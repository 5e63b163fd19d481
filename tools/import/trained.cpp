// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See trained.hpp.
#include "import/trained.hpp"

#include <map>

#include "base/error.hpp"
#include "data/text.hpp"
#include "import/chain.hpp"
#include "import/chain_file.hpp"
#include "quantize/quantize.hpp"

namespace rondo::tool {
namespace {

bool same_shape(const ImageLayer& a, const ImageLayer& b) {
  const bool both = (a.direction == Direction::only) == (b.direction == Direction::only);
  return a.kind == b.kind && a.mode == b.mode && a.outputs == b.outputs && both;
}

// What keeps the network from being one that `train` makes; empty: nothing.
std::string obstacle(const ImageContent& content) {
  const ImageLayer &first = content.layers.front(), &last = content.layers.back();
  if (content.input != Format::token) return "it does not read tokens";
  const bool cell = first.kind == Kind::lstm || first.kind == Kind::gru ||
                    (first.kind == Kind::rnn && (first.mode == 1 || first.mode == 3));
  if (!cell) return std::string("its first layer is ") + name_of(first.kind);
  if (last.kind != Kind::linear) return std::string("its last layer is ") + name_of(last.kind);
  for (std::size_t i = 0; i + 1 < content.layers.size(); ++i) {
    const ImageLayer& layer = content.layers[i];
    if (!same_shape(layer, first)) return "its layers differ in kind or width";
    if (!layer.initial_f32.empty()) return "it has an initial state";
  }
  return {};
}

CellKind cell_of(const ImageLayer& layer) {
  if (layer.kind == Kind::lstm) return CellKind::lstm;
  if (layer.kind == Kind::gru) return CellKind::gru;
  return static_cast<Activation>(layer.mode) == Activation::relu ? CellKind::relu : CellKind::rnn;
}

// "lstm", and "lstm2" for the second module of a kind.
std::string module_name(const std::string& kind, std::map<std::string, int>& used) {
  const int number = ++used[kind];
  return number == 1 ? kind : kind + std::to_string(number);
}

std::string kind_name(const ImageLayer& layer) {
  if (layer.kind == Kind::dense && layer.input == Format::token) return "embedding";
  return name_of(layer.kind);
}

[[noreturn]] void no_module(const std::string& what) {
  throw Error("--out", "PyTorch has no module for " + what,
              "the chain kind of checkpoint that import writes keeps it");
}

void require_module(const ImageLayer& layer) {
  if (layer.kind == Kind::gru_before) no_module("a GRU that resets before the product");
  const auto mode = static_cast<Activation>(layer.mode);
  if (layer.kind == Kind::rnn && mode != Activation::tanh && mode != Activation::relu) {
    no_module(std::string("an RNN with the activation ") + name_of(mode));
  }
}

}  // namespace

Checkpoint as_classifier(const ImportedModel& model, const std::string& alphabet,
                         const std::string& place) {
  const ImageContent& content = model.content;
  std::string why = obstacle(content);
  if (why.empty() && alphabet.size() != content.inputs) {
    why = "it reads " + std::to_string(content.inputs) + " symbols, --alphabet has " +
          std::to_string(alphabet.size());
  }
  if (why.empty() && model.classes.size() != content.outputs) {
    why = "it has " + std::to_string(content.outputs) + " outputs, --classes names " +
          std::to_string(model.classes.size());
  }
  for (const std::string& name : model.classes) {
    if (why.empty() && utf8_fault(name)) why = "the name of a class is not UTF-8";
  }
  if (why.empty() && utf8_fault(alphabet)) why = "--alphabet is not UTF-8";
  if (!why.empty()) {
    throw Error(place, "cannot be a classifier of texts: " + why,
                "without --alphabet it is imported as it is, for predict and quantize");
  }
  const ImageLayer& first = content.layers.front();
  Checkpoint checkpoint;
  NetShape& shape = checkpoint.shape;
  shape.cell = cell_of(first);
  shape.inputs = content.inputs;
  shape.hidden = first.outputs;
  shape.bidirectional = first.direction != Direction::only;
  shape.layers = (content.layers.size() - 1) / shape.halves();
  shape.outputs = content.outputs;
  checkpoint.classes = model.classes;
  checkpoint.alphabet = alphabet;
  constexpr auto k_replace = nlohmann::json::error_handler_t::replace;
  checkpoint.training = {{"imported", model.source.dump(-1, ' ', false, k_replace)}};
  for (std::size_t i = 0; i + 1 < content.layers.size(); ++i) {
    const bool back = content.layers[i].direction == Direction::backward;
    const std::string end = "_l" + std::to_string(i / shape.halves()) + (back ? "_reverse" : "");
    append_tensors(content.layers[i], "", end, checkpoint.tensors);
  }
  append_tensors(content.layers.back(), "linear.", "", checkpoint.tensors);
  require_sane(shape);
  return checkpoint;
}

ImportedModel read_float_model(const std::filesystem::path& path) {
  if (is_chain(path)) return read_chain(path);
  const Checkpoint checkpoint = read_checkpoint(path);
  ImportedModel model;
  model.content = float_content(checkpoint, checkpoint.shape.bidirectional ? 1 : 0);
  model.content.max_steps = 0;
  model.classes = checkpoint.classes;
  const bool last = checkpoint.shape.head == Head::last_step;
  model.source = {{"format", "rondo"},
                  {"task", checkpoint.task},
                  {"alphabet", checkpoint.alphabet},
                  {"answers", last ? "last_step" : "every_step"}};
  return model;
}

void write_state_dict(const std::filesystem::path& path, const ImportedModel& model) {
  const std::vector<ImageLayer>& layers = model.content.layers;
  TensorFile file;
  std::map<std::string, int> used;
  std::string prefix;
  std::size_t depth = 0;  // of the layer in its module
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const ImageLayer& layer = layers[i];
    const bool back = layer.direction == Direction::backward;
    if (layer.kind == Kind::skip || layer.kind == Kind::pool) continue;  // no parameters
    require_module(layer);
    const std::size_t halves = layer.direction == Direction::only ? 1 : 2;
    const bool state = !layer.u.f32.empty();
    const bool deeper = state && i >= halves && same_shape(layer, layers[i - halves]);
    if (!back) {
      depth = deeper ? depth + 1 : 0;
      if (!deeper) prefix = module_name(kind_name(layer), used) + ".";
    }
    append_tensors(layer, prefix, "_l" + std::to_string(depth) + (back ? "_reverse" : ""),
                   file.tensors);
  }
  file.metadata["format"] = "pt";
  write_safetensors(path, file);
}

void export_state_dict(const std::filesystem::path& model, const std::filesystem::path& out) {
  if (!is_chain(model)) {
    const Checkpoint checkpoint = read_checkpoint(model);
    if (checkpoint.shape.joined_maps()) {
      write_safetensors(out, {checkpoint.tensors, {{"format", "pt"}}});
      return;
    }
  }
  write_state_dict(out, read_float_model(model));
}

}  // namespace rondo::tool
