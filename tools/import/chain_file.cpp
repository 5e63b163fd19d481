// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See chain_file.hpp.
#include "import/chain_file.hpp"

#include <algorithm>
#include <fstream>
#include <set>

#include "base/error.hpp"
#include "base/file.hpp"
#include "formats/description.hpp"
#include "import/chain.hpp"
#include "import/numbers.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

constexpr int k_chain_format = 1;
constexpr const char* k_embedding = "embedding";

bool is_embedding(const ImageLayer& layer) {
  return layer.kind == Kind::dense && layer.input == Format::token;
}

json to_json(const ImageLayer& layer) {
  json j = {{"kind", is_embedding(layer) ? k_embedding : name_of(layer.kind)},
            {"units", layer.outputs}};
  if (layer.kind == Kind::rnn || layer.kind == Kind::dense) {
    j["activation"] = name_of(static_cast<Activation>(layer.mode));
  }
  if (layer.kind == Kind::pool) j["pool"] = name_of(static_cast<Pool>(layer.mode));
  if (layer.direction == Direction::forward) j["direction"] = "forward";
  if (layer.direction == Direction::backward) j["direction"] = "backward";
  return j;
}

// "layers.2."; both halves of a bidirectional layer are one module.
std::vector<std::string> prefixes_of(const std::vector<Direction>& directions) {
  std::vector<std::string> prefixes;
  std::size_t module = 0;
  for (const Direction direction : directions) {
    if (direction == Direction::backward && module > 0) --module;
    prefixes.push_back("layers." + std::to_string(module++) + ".");
  }
  return prefixes;
}

std::string end_of(Direction direction) {
  return direction == Direction::backward ? "_l0_reverse" : "_l0";
}

std::string word_of(const json& layer, const char* field, const std::string& place) {
  const auto found = layer.find(field);
  if (found == layer.end()) return {};
  if (found->is_string()) return found->get<std::string>();
  throw Error(place, std::string("a layer's field \"") + field + "\" has the wrong type");
}

// The index of a word in a list of names; throws Error where it is none of them.
template <std::size_t N, class Name>
std::uint8_t index_of(const std::string& word, const char* field, const std::string& place,
                      Name name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (word == name(i)) return static_cast<std::uint8_t>(i);
  }
  throw Error(place, std::string("a layer has \"") + field + "\": \"" + word +
                         "\", which this version does not know");
}

struct LayerHead {
  ImageLayer layer;  // without arrays
  bool embedding = false;
};

LayerHead head_of(const json& j, const std::string& place) {
  if (!j.is_object()) throw Error(place, "a layer in its metadata is not an object");
  LayerHead head;
  ImageLayer& layer = head.layer;
  const std::string kind = word_of(j, "kind", place);
  head.embedding = kind == k_embedding;
  layer.kind = head.embedding
                   ? Kind::dense
                   : static_cast<Kind>(index_of<k_kinds>(kind, "kind", place, [](std::size_t i) {
                       return name_of(static_cast<Kind>(i));
                     }));
  layer.outputs = static_cast<std::uint32_t>(count_of(OrderedJson(j), "units", place));
  if (layer.kind == Kind::rnn || layer.kind == Kind::dense) {
    layer.mode =
        index_of<k_activations>(word_of(j, "activation", place), "activation", place,
                                [](std::size_t i) { return name_of(static_cast<Activation>(i)); });
  } else if (layer.kind == Kind::pool) {
    layer.mode = index_of<k_pools>(word_of(j, "pool", place), "pool", place,
                                   [](std::size_t i) { return name_of(static_cast<Pool>(i)); });
  }
  const std::string direction = word_of(j, "direction", place);
  if (direction == "forward") {
    layer.direction = Direction::forward;
  } else if (direction == "backward") {
    layer.direction = Direction::backward;
  } else if (!direction.empty()) {
    throw Error(place, "a layer has the direction \"" + direction + "\"");
  }
  return head;
}

// Hands out tensors by name and knows which were never asked for.
class Tensors {
 public:
  Tensors(const TensorFile& file, std::string place) : file_(file), place_(std::move(place)) {}
  bool has(const std::string& name) const {
    return std::any_of(file_.tensors.begin(), file_.tensors.end(),
                       [&](const Tensor& t) { return t.name == name; });
  }
  const std::vector<float>& take(const std::string& name, std::vector<std::size_t> shape) {
    taken_.insert(name);
    return floats_of(find_tensor(file_, name, place_), shape, place_);
  }
  void require_all_taken() const {
    for (const Tensor& tensor : file_.tensors) {
      if (taken_.count(tensor.name) == 0) {
        throw Error(place_, "tensor " + tensor.name + " does not belong to the network described");
      }
    }
  }

 private:
  const TensorFile& file_;
  std::string place_;
  std::set<std::string> taken_;
};

void take_state(Tensors& tensors, const std::string& prefix, const std::string& end,
                std::size_t inputs, ImageLayer& layer) {
  const std::size_t units = layer.outputs, rows = gates_of(layer.kind) * units;
  layer.w.f32 = tensors.take(prefix + "weight_ih" + end, {rows, inputs});
  layer.u.f32 = tensors.take(prefix + "weight_hh" + end, {rows, units});
  layer.bias_f32 = tensors.take(prefix + "bias_ih" + end, {rows});
  const auto& b_hh = tensors.take(prefix + "bias_hh" + end, {rows});
  const std::size_t apart = layer.kind == Kind::gru ? units : 0;
  for (std::size_t r = 0; r < rows - apart; ++r) layer.bias_f32[r] += b_hh[r];
  layer.bias_f32.insert(layer.bias_f32.end(), b_hh.end() - static_cast<std::ptrdiff_t>(apart),
                        b_hh.end());
  if (!tensors.has(prefix + "initial_h" + end)) return;
  if (layer.kind == Kind::lstm) {
    layer.initial_f32 = tensors.take(prefix + "initial_c" + end, {units});
  }
  const auto& h = tensors.take(prefix + "initial_h" + end, {units});
  layer.initial_f32.insert(layer.initial_f32.end(), h.begin(), h.end());
}

void take_arrays(Tensors& tensors, const std::string& prefix, const LayerHead& head,
                 std::size_t inputs, ImageLayer& layer) {
  const std::size_t units = layer.outputs;
  if (has_state(layer.kind)) {
    take_state(tensors, prefix, end_of(layer.direction), inputs, layer);
  } else if (head.embedding) {
    layer.w.f32 = transposed(tensors.take(prefix + "weight", {inputs, units}), units);
    layer.bias_f32.assign(units, 0.0F);
    if (tensors.has(prefix + "bias")) layer.bias_f32 = tensors.take(prefix + "bias", {units});
  } else if (layer.kind == Kind::dense || layer.kind == Kind::linear) {
    layer.w.f32 = tensors.take(prefix + "weight", {units, inputs});
    layer.bias_f32 = tensors.take(prefix + "bias", {units});
  }
}

json description_in(const TensorFile& file, const std::string& place) {
  const auto found = file.metadata.find("rondo");
  json j = found == file.metadata.end() ? json() : parse_description(found->second, place);
  if (!j.is_object() || j.value("task", json()) != k_chain) {
    throw Error(place, "is no imported network of rondo", "make one with rondo import");
  }
  if (j.value("format", json()) != k_chain_format) {
    throw Error(place, "is of another format of checkpoints",
                "import the network again with this version");
  }
  return j;
}

std::vector<std::string> classes_in(const json& j, const std::string& place) {
  const auto found = j.find("classes");
  if (found == j.end()) return {};
  try {
    return found->get<std::vector<std::string>>();
  } catch (const json::exception&) {
    throw Error(place, "field \"classes\" is not a list of names");
  }
}

// Where the network is from: texts and numbers, for people and for export.
json source_in(const json& j, const std::string& place) {
  json source = j.value("source", json::object());
  bool good = source.is_object();
  for (const auto& [name, value] : source.items()) {
    if (name == "sample_rate" || name == "opset") {
      good = good && value.is_number();
    } else if (name == "softmax") {
      good = good && value.is_boolean();
    } else if (name == "notes") {
      good = good && value.is_array();
      for (const json& note : value) good = good && note.is_string();
    } else {
      good = good && value.is_string();
    }
  }
  if (good) return source;
  throw Error(place, "field \"source\" is not an object of texts");
}

void add_layers(const json& list, Tensors& tensors, ChainBuilder& builder) {
  const std::string& place = builder.place();
  std::vector<LayerHead> heads;
  std::vector<Direction> directions;
  for (const json& j : list) {
    heads.push_back(head_of(j, place));
    directions.push_back(heads.back().layer.direction);
  }
  const std::vector<std::string> prefixes = prefixes_of(directions);
  std::size_t below = builder.width();
  for (std::size_t i = 0; i < heads.size(); ++i) {
    ImageLayer& layer = heads[i].layer;
    if (layer.direction != Direction::backward) below = builder.width();
    if (heads[i].embedding && i > 0) throw Error(place, "an embedding stands behind other layers");
    take_arrays(tensors, prefixes[i], heads[i], below, layer);
    builder.add(std::move(layer), prefixes[i].substr(0, prefixes[i].size() - 1));
  }
}

void push(std::vector<Tensor>& tensors, std::string name, std::vector<std::size_t> shape,
          std::vector<float> values) {
  tensors.push_back({std::move(name), std::move(shape), std::move(values)});
}

}  // namespace

void append_tensors(const ImageLayer& layer, const std::string& prefix, const std::string& end,
                    std::vector<Tensor>& tensors) {
  const std::size_t units = layer.outputs, rows = gates_of(layer.kind) * units;
  if (is_embedding(layer)) {
    push(tensors, prefix + "weight", {layer.inputs, units}, transposed(layer.w.f32, layer.inputs));
    const auto& b = layer.bias_f32;
    if (std::any_of(b.begin(), b.end(), [](float v) { return v != 0; })) {
      push(tensors, prefix + "bias", {units}, b);
    }
  } else if (has_state(layer.kind)) {
    const auto middle = layer.bias_f32.begin() + static_cast<std::ptrdiff_t>(rows);
    std::vector<float> b_hh(rows);
    std::copy_backward(middle, layer.bias_f32.end(), b_hh.end());  // of a GRU's n
    push(tensors, prefix + "weight_ih" + end, {rows, layer.inputs}, layer.w.f32);
    push(tensors, prefix + "weight_hh" + end, {rows, units}, layer.u.f32);
    push(tensors, prefix + "bias_ih" + end, {rows}, {layer.bias_f32.begin(), middle});
    push(tensors, prefix + "bias_hh" + end, {rows}, std::move(b_hh));
    if (layer.initial_f32.empty()) return;
    const auto h = layer.initial_f32.end() - static_cast<std::ptrdiff_t>(units);
    if (layer.kind == Kind::lstm) {
      push(tensors, prefix + "initial_c" + end, {units}, {layer.initial_f32.begin(), h});
    }
    push(tensors, prefix + "initial_h" + end, {units}, {h, layer.initial_f32.end()});
  } else if (layer.kind == Kind::dense || layer.kind == Kind::linear) {
    push(tensors, prefix + "weight", {units, layer.inputs}, layer.w.f32);
    push(tensors, prefix + "bias", {units}, layer.bias_f32);
  }
}

nlohmann::json description_of(const ImportedModel& model) {
  return {{"task", k_chain}, {"classes", model.classes}, {"source", model.source}};
}

bool is_chain(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  char start[9] = {};
  if (!in.read(start, sizeof start) || start[8] != '{') return false;
  const TensorFile file = read_safetensors(path);
  const auto found = file.metadata.find("rondo");
  if (found == file.metadata.end()) return false;
  const json j = parse_description(found->second, path.string());
  return j.is_object() && j.value("task", json()) == k_chain;
}

ImportedModel read_chain(const std::filesystem::path& path) {
  const std::string place = path.string();
  const TensorFile file = read_safetensors(path);
  const json j = description_in(file, place);
  const std::string input = word_of(j, "input", place);
  const auto layers = j.find("layers");
  if ((input != "tokens" && input != "reals") || layers == j.end() || !layers->is_array() ||
      layers->size() > k_most_layers) {
    throw Error(place, "field \"input\" or \"layers\" is missing or has no sense");
  }
  ChainBuilder builder(place, input == "tokens" ? Format::token : Format::f32,
                       count_of(OrderedJson(j), "inputs", place));
  Tensors tensors(file, place);
  add_layers(*layers, tensors, builder);
  tensors.require_all_taken();
  ImportedModel model = builder.finish(source_in(j, place));
  model.classes = classes_in(j, place);
  if (!model.classes.empty() && model.classes.size() != model.content.outputs) {
    throw Error(place, "has " + std::to_string(model.classes.size()) + " class names for " +
                           std::to_string(model.content.outputs) + " outputs");
  }
  return model;
}

void write_chain(const std::filesystem::path& path, const ImportedModel& model) {
  json j = description_of(model);
  j["format"] = k_chain_format;
  j["input"] = model.content.input == Format::token ? "tokens" : "reals";
  j["inputs"] = model.content.inputs;
  j["layers"] = json::array();
  std::vector<Direction> directions;
  for (const ImageLayer& layer : model.content.layers) {
    j["layers"].push_back(to_json(layer));
    directions.push_back(layer.direction);
  }
  const std::vector<std::string> prefixes = prefixes_of(directions);
  TensorFile file;
  for (std::size_t i = 0; i < prefixes.size(); ++i) {
    append_tensors(model.content.layers[i], prefixes[i], end_of(directions[i]), file.tensors);
  }
  file.metadata["format"] = "pt";
  // A file name need not be UTF-8; JSON must be.
  file.metadata["rondo"] = j.dump(-1, ' ', false, json::error_handler_t::replace);
  write_safetensors(path, file);
}

}  // namespace rondo::tool
