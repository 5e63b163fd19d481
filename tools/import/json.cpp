// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Foreign models in JSON: which format a file has, and those that are lists of tensors. GuitarML
// (Proteus) wraps a PyTorch state_dict with a head that may add the input; NAM packs an LSTM into
// one list of numbers. Keras is in keras.cpp.
#include <algorithm>

#include "base/error.hpp"
#include "import/chain.hpp"
#include "import/readers.hpp"
#include "import/skip.hpp"

namespace rondo::tool {
namespace {

// Reads a list of numbers from front to back.
class Flat {
 public:
  Flat(const std::vector<float>& values, const std::string& place)
      : values_(values), place_(place) {}

  std::vector<float> take(std::size_t count, const std::string& what) {
    if (count > values_.size() - at_) {
      throw Error(place_,
                  "\"weights\" ends at " + std::to_string(values_.size()) + " numbers within " +
                      what + ", which would end at " + std::to_string(at_ + count),
                  "does \"config\" belong to these weights?");
    }
    const auto first = values_.begin() + static_cast<std::ptrdiff_t>(at_);
    at_ += count;
    return {first, first + static_cast<std::ptrdiff_t>(count)};
  }
  void require_end() const {
    if (at_ == values_.size()) return;
    throw Error(place_,
                "\"weights\" has " + std::to_string(values_.size()) + " numbers, expected " +
                    std::to_string(at_),
                "does \"config\" belong to these weights?");
  }

 private:
  const std::vector<float>& values_;
  const std::string& place_;
  std::size_t at_ = 0;
};

const OrderedJson& object_in(const OrderedJson& json, const char* field, const std::string& place) {
  const auto found = json.find(field);
  if (found != json.end() && found->is_object()) return *found;
  throw Error(place, std::string("field \"") + field + "\" is missing or is not an object");
}

void require_at_most(std::size_t value, std::size_t most, const char* what,
                     const std::string& place) {
  if (value >= 1 && value <= most) return;
  throw Error(place, std::string("field \"") + what + "\" is " + std::to_string(value) +
                         ", expected 1 to " + std::to_string(most));
}

// Rows of [W | U], then the bias, h and c at the start.
ImageLayer nam_layer(Flat& flat, std::size_t inputs, std::size_t units, const std::string& name) {
  const std::size_t rows = k_lstm_gates * units, columns = inputs + units;
  const std::vector<float> joined = flat.take(rows * columns, name);
  ImageLayer layer;
  layer.kind = Kind::lstm;
  layer.outputs = static_cast<std::uint32_t>(units);
  for (std::size_t r = 0; r < rows; ++r) {
    const auto x = joined.begin() + static_cast<std::ptrdiff_t>(r * columns);
    const auto h = x + static_cast<std::ptrdiff_t>(inputs);
    layer.w.f32.insert(layer.w.f32.end(), x, h);
    layer.u.f32.insert(layer.u.f32.end(), h, h + static_cast<std::ptrdiff_t>(units));
  }
  layer.bias_f32 = flat.take(rows, name + ", bias");
  const std::vector<float> h = flat.take(units, name + ", first h");
  layer.initial_f32 = flat.take(units, name + ", first c");
  layer.initial_f32.insert(layer.initial_f32.end(), h.begin(), h.end());
  return layer;
}

}  // namespace

void add_skip(ChainBuilder& builder, std::size_t inputs) {
  if (builder.width() > inputs) {
    throw Error(builder.place(), "skip adds the input to " + std::to_string(builder.width()) +
                                     " outputs, but there are only " + std::to_string(inputs) +
                                     " inputs");
  }
  ImageLayer skip;
  skip.kind = Kind::skip;
  skip.outputs = static_cast<std::uint32_t>(builder.width());
  builder.add(std::move(skip), "the outputs are the difference to the input");
}

ImportedModel import_nam(const OrderedJson& json, const std::string& place) {
  const std::string architecture = text_of(json, "architecture", place, "");
  if (architecture != "LSTM") {
    throw Error(place, "is a NAM model of the architecture \"" + architecture + "\"",
                "rondo runs recurrent networks; of NAM's the LSTM");
  }
  const OrderedJson& config = object_in(json, "config", place);
  const std::size_t inputs = count_of(config, "input_size", place);
  const std::size_t units = count_of(config, "hidden_size", place);
  const std::size_t layers = count_of(config, "num_layers", place);
  const std::size_t outputs = count_of(config, "out_channels", place, 1);
  require_at_most(inputs, k_most_inputs, "input_size", place);
  require_at_most(units, k_most_units, "hidden_size", place);
  require_at_most(layers, k_most_layers - 1, "num_layers", place);
  require_at_most(outputs, k_most_units, "out_channels", place);
  const auto found = json.find("weights");
  if (found == json.end()) throw Error(place, "field \"weights\" is missing");
  const Tensor weights = tensor_of(*found, "field \"weights\"", place);
  if (weights.shape.size() != 1) throw Error(place, "\"weights\" is not one flat list");
  Flat flat(std::get<std::vector<float>>(weights.values), place);
  ChainBuilder builder(place, Format::f32, inputs);
  for (std::size_t l = 0; l < layers; ++l) {
    const std::string name = "layer " + std::to_string(l);
    builder.add(nam_layer(flat, builder.width(), units, name), name);
  }
  ImageLayer head;
  head.kind = Kind::dense;
  head.outputs = static_cast<std::uint32_t>(outputs);
  head.w.f32 = flat.take(outputs * units, "the head");
  head.bias_f32 = flat.take(outputs, "the head's bias");
  builder.add(std::move(head), "head");
  flat.require_end();
  nlohmann::json source = {{"format", "NAM"}};
  const auto rate = json.find("sample_rate");
  if (rate != json.end() && rate->is_number()) source["sample_rate"] = rate->get<double>();
  return builder.finish(std::move(source));
}

TensorFile tensors_of(const OrderedJson& json, const std::string& place) {
  TensorFile file;
  for (const auto& [name, value] : json.items()) {
    if (value.is_array()) file.tensors.push_back(tensor_of(value, name, place));
  }
  return file;
}

ImportedModel import_guitarml(const OrderedJson& json, const ImportOptions& options,
                              const std::string& place) {
  const OrderedJson& data = object_in(json, "model_data", place);
  const std::string model = text_of(data, "model", place, "SimpleRNN");
  if (model != "SimpleRNN") {
    throw Error(place, "is a GuitarML model of the kind \"" + model + "\"",
                "known: SimpleRNN, a recurrent layer and a linear one");
  }
  ImportOptions own = options;
  own.prefix.clear();
  own.chain = options.chain.empty() ? "rec,lin" : options.chain;
  std::string unit = text_of(data, "unit_type", place, "LSTM");
  std::transform(unit.begin(), unit.end(), unit.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (unit != "lstm" && unit != "gru" && unit != "rnn") {
    throw Error(place, "has \"unit_type\" \"" + unit + "\"", "known: LSTM, GRU, RNN");
  }
  own.cell = unit;
  const TensorFile file = tensors_of(object_in(json, "state_dict", place), place);
  ImportedModel bare = import_state_dict(file, own, place, true);
  const std::size_t inputs = count_of(data, "input_size", place, bare.content.inputs);
  const std::size_t hidden = count_of(data, "hidden_size", place, bare.content.layers[0].outputs);
  if (inputs != bare.content.inputs || hidden != bare.content.layers[0].outputs) {
    throw Error(place, "\"model_data\" says " + std::to_string(inputs) + " inputs and " +
                           std::to_string(hidden) + " units, its tensors have " +
                           std::to_string(bare.content.inputs) + " and " +
                           std::to_string(bare.content.layers[0].outputs));
  }
  nlohmann::json source = {{"format", "GuitarML"}};
  ChainBuilder builder(place, Format::f32, inputs);
  for (ImageLayer& layer : bare.content.layers) {
    if (layer.kind == Kind::linear) layer.kind = Kind::dense;
    const char* const name = layer.kind == Kind::dense ? "lin" : "rec";
    builder.add(std::move(layer), name);
  }
  if (count_of(data, "skip", place, 0) > 0) add_skip(builder, inputs);
  return builder.finish(std::move(source));
}

ImportedModel import_json(const std::filesystem::path& path, const ImportOptions& options) {
  const std::string place = path.string();
  const OrderedJson json = read_json(path);
  if (!json.is_object()) throw Error(place, "is JSON, but not an object that holds a model");
  if (json.contains("architecture")) return import_nam(json, place);
  if (json.contains("model_data")) return import_guitarml(json, options, place);
  if (json.contains("layers")) return import_keras(json, place);
  const TensorFile file = tensors_of(json, place);
  if (file.tensors.empty()) {
    throw Error(place, "is JSON, but no model that rondo knows",
                "known: RTNeural (Keras and torch), GuitarML (Proteus), NAM; the to_json of Keras "
                "has no weights");
  }
  ImportedModel model = import_state_dict(file, options, place, true);
  model.source["format"] = "PyTorch state_dict as JSON";
  return model;
}

}  // namespace rondo::tool
