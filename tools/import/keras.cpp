// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A Keras model as RTNeural's script writes it: {"in_shape", "layers": [{"type", "activation",
// "shape", "weights"}]}. Keras has inputs as rows, units as columns; gates i, f, c, o and z, r, h;
// a GRU with reset_after has two biases.
#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "import/chain.hpp"
#include "import/readers.hpp"
#include "import/skip.hpp"

namespace rondo::tool {
namespace {

constexpr const char* k_known =
    "known: dense, time-distributed-dense, lstm, gru, simple-rnn, embedding, activation";

struct KerasLayer {
  std::string type;
  std::string activation;
  std::string name;             // "layer 2 (gru)"
  std::size_t units = 0;        // the last of "shape"
  std::vector<Tensor> weights;  //
};

// The last number of "shape" or "in_shape": [null, null, 8].
std::size_t last_of(const OrderedJson& object, const char* field, const std::string& place) {
  const auto found = object.find(field);
  const bool good = found != object.end() && found->is_array() && !found->empty() &&
                    found->size() <= 4 && found->back().is_number_unsigned() &&
                    found->back().get<std::uint64_t>() <= k_most_inputs;
  if (good) return found->back().get<std::size_t>();
  throw Error(place, std::string("field \"") + field + "\" is missing or does not end in a count",
              "expected such as [null, null, 8]");
}

Activation activation_of(const KerasLayer& layer, const std::string& place, bool last) {
  const std::string& word = layer.activation;
  if (word.empty() || word == "linear") return Activation::none;
  // Scores are what goes into a softmax; predict and the runtime take it from there.
  if (word == "softmax" && last) return Activation::none;
  for (const Activation a : {Activation::tanh, Activation::sigmoid, Activation::relu}) {
    if (word == name_of(a)) return a;
  }
  throw Error(place, layer.name + ": activation \"" + word + "\"",
              "known: linear, tanh, sigmoid, relu, and softmax of the last layer");
}

KerasLayer read_layer(const OrderedJson& json, std::size_t index, const std::string& place) {
  KerasLayer layer;
  layer.name = "layer " + std::to_string(index);
  if (!json.is_object()) throw Error(place, layer.name + " is not a JSON object");
  const std::string at = place + ": " + layer.name;
  layer.type = text_of(json, "type", at, "");
  layer.name += " (" + layer.type + ")";
  layer.activation = text_of(json, "activation", at, "");
  layer.units = last_of(json, "shape", at);
  const auto weights = json.find("weights");
  if (weights == json.end()) return layer;
  if (!weights->is_array() || weights->size() > 8) {
    throw Error(place, layer.name + ": field \"weights\" is not a list of arrays");
  }
  for (std::size_t i = 0; i < weights->size(); ++i) {
    layer.weights.push_back(
        tensor_of((*weights)[i], layer.name + " weights[" + std::to_string(i) + "]", place));
  }
  return layer;
}

void require_weights(const KerasLayer& layer, std::size_t least, std::size_t most,
                     const std::string& place) {
  if (layer.weights.size() >= least && layer.weights.size() <= most) return;
  throw Error(place, layer.name + " has " + std::to_string(layer.weights.size()) +
                         " arrays of weights, expected " + std::to_string(most));
}

// (inputs, units) as (units, inputs).
std::vector<float> matrix_of(const KerasLayer& layer, std::size_t index, std::size_t inputs,
                             std::size_t columns, const std::string& place) {
  const std::size_t shape[] = {inputs, columns};
  const std::string why = "as it reads " + std::to_string(inputs) + " numbers and has " +
                          std::to_string(layer.units) + " units";
  return transposed(values_of(layer.weights[index], shape, place, why), columns);
}

std::vector<float> bias_of(const KerasLayer& layer, std::size_t index, std::size_t rows,
                           const std::string& place) {
  if (index >= layer.weights.size()) return std::vector<float>(rows);
  const std::size_t shape[] = {rows};
  return values_of(layer.weights[index], shape, place,
                   "as it has " + std::to_string(layer.units) + " units");
}

// Blocks of `block` values: Keras' z, r, h as r, z, n.
void swap_gates(std::vector<float>& values, std::size_t block) {
  const auto second = values.begin() + static_cast<std::ptrdiff_t>(block);
  std::swap_ranges(values.begin(), second, second);
}

// The bias of a GRU; returns whether r is applied after the product.
bool read_gru_bias(const KerasLayer& keras, std::size_t units, const std::string& place,
                   std::vector<float>& bias) {
  const std::size_t rows = 3 * units;
  const bool after = keras.weights.size() == 3 && keras.weights[2].shape.size() == 2;
  if (!after) {
    bias = bias_of(keras, 2, rows, place);
    swap_gates(bias, units);
    return false;
  }
  const std::size_t shape[] = {2, rows};
  const auto& both = values_of(keras.weights[2], shape, place, "as reset_after has two biases");
  const auto middle = both.begin() + static_cast<std::ptrdiff_t>(rows);
  bias.assign(both.begin(), middle);
  std::vector<float> inner(middle, both.end());
  swap_gates(bias, units);
  swap_gates(inner, units);
  for (std::size_t r = 0; r < 2 * units; ++r) bias[r] += inner[r];
  bias.insert(bias.end(), inner.end() - static_cast<std::ptrdiff_t>(units), inner.end());
  return true;
}

void add_recurrent(const KerasLayer& keras, Kind kind, ChainBuilder& builder) {
  const std::string& place = builder.place();
  require_weights(keras, 2, 3, place);
  if (!keras.activation.empty() && keras.activation != "tanh" &&
      !(kind == Kind::rnn && keras.activation == "relu")) {
    throw Error(place, keras.name + ": activation \"" + keras.activation + "\"",
                "rondo has this layer with tanh");
  }
  const std::size_t rows = gates_of(kind) * keras.units;
  ImageLayer layer;
  layer.kind = kind;
  layer.outputs = static_cast<std::uint32_t>(keras.units);
  layer.w.f32 = matrix_of(keras, 0, builder.width(), rows, place);
  layer.u.f32 = matrix_of(keras, 1, keras.units, rows, place);
  std::string note;
  if (kind == Kind::gru) {
    const bool after = read_gru_bias(keras, keras.units, place, layer.bias_f32);
    layer.kind = after ? Kind::gru : Kind::gru_before;
    swap_gates(layer.w.f32, keras.units * builder.width());
    swap_gates(layer.u.f32, keras.units * keras.units);
    note = after ? "reset_after" : "reset before the product";
  } else {
    layer.bias_f32 = bias_of(keras, 2, rows, place);
  }
  if (kind == Kind::rnn) {
    const bool relu = keras.activation == "relu";
    layer.mode = static_cast<std::uint8_t>(relu ? Activation::relu : Activation::tanh);
  }
  builder.add(std::move(layer), keras.name, note);
}

void add_dense(const KerasLayer& keras, bool last, ChainBuilder& builder) {
  const std::string& place = builder.place();
  require_weights(keras, 1, 2, place);
  ImageLayer layer;
  layer.kind = Kind::dense;
  layer.outputs = static_cast<std::uint32_t>(keras.units);
  layer.w.f32 = matrix_of(keras, 0, builder.width(), keras.units, place);
  layer.bias_f32 = bias_of(keras, 1, keras.units, place);
  layer.mode = static_cast<std::uint8_t>(activation_of(keras, place, last));
  const bool softmax = keras.activation == "softmax";
  builder.add(std::move(layer), keras.name, softmax ? "scores: before the softmax" : "");
}

void add_embedding(const KerasLayer& keras, ChainBuilder& builder) {
  require_weights(keras, 1, 1, builder.place());
  ImageLayer layer;
  layer.kind = Kind::dense;
  layer.outputs = static_cast<std::uint32_t>(keras.units);
  layer.w.f32 = matrix_of(keras, 0, builder.width(), keras.units, builder.place());
  layer.bias_f32.assign(keras.units, 0.0F);
  builder.add(std::move(layer), keras.name);
}

void add_layer(const KerasLayer& keras, bool last, ChainBuilder& builder) {
  if (keras.units < 1 || keras.units > k_most_units) {
    throw Error(builder.place(), keras.name + " has " + std::to_string(keras.units) +
                                     " units, expected 1 to " + std::to_string(k_most_units));
  }
  if (keras.type == "lstm") return add_recurrent(keras, Kind::lstm, builder);
  if (keras.type == "gru") return add_recurrent(keras, Kind::gru, builder);
  if (keras.type == "simple-rnn" || keras.type == "simplernn") {
    return add_recurrent(keras, Kind::rnn, builder);
  }
  if (keras.type == "dense" || keras.type == "time-distributed-dense") {
    return add_dense(keras, last, builder);
  }
  throw Error(builder.place(), keras.name + " is a kind of layer that rondo does not have",
              k_known);
}

// A layer of type "activation" is that of the dense layer before it.
void join_activations(std::vector<KerasLayer>& layers, const std::string& place) {
  for (std::size_t i = 0; i < layers.size();) {
    const bool after_dense =
        i > 0 && layers[i - 1].type.ends_with("dense") &&
        (layers[i - 1].activation.empty() || layers[i - 1].activation == "linear");
    if (layers[i].type != "activation") {
      ++i;
      continue;
    }
    if (!after_dense) {
      throw Error(place, layers[i].name + " stands behind no dense layer without activation");
    }
    layers[i - 1].activation = layers[i].activation;
    layers.erase(layers.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

// What files of the AIDA-X plugin have beside the layers: the input is added to the output, and
// gains in dB, which are the plugin's and not the network's.
void add_amplifier_fields(const OrderedJson& json, std::size_t inputs, ChainBuilder& builder) {
  if (count_of(json, "in_skip", builder.place(), 0) > 0) add_skip(builder, inputs);
  for (const char* const field : {"in_gain", "out_gain"}) {
    const auto found = json.find(field);
    if (found == json.end() || (found->is_number() && found->get<double>() == 0)) continue;
    builder.say(std::string("\"") + field + "\" is " + found->dump() +
                ": left to the program around the network, which gives and takes plain numbers");
  }
}

}  // namespace

ImportedModel import_keras(const OrderedJson& json, const std::string& place) {
  const OrderedJson& list = json.at("layers");
  if (!list.is_array() || list.empty() || list.size() > 2 * k_most_layers) {
    throw Error(place, "field \"layers\" is not a list of 1 to " + std::to_string(k_most_layers) +
                           " layers");
  }
  std::vector<KerasLayer> layers;
  for (std::size_t i = 0; i < list.size(); ++i) layers.push_back(read_layer(list[i], i, place));
  join_activations(layers, place);
  const bool tokens = layers.front().type == "embedding";
  std::size_t inputs = 0;
  if (tokens) {
    require_weights(layers.front(), 1, 1, place);
    inputs = layers.front().weights[0].shape[0];
  } else {
    inputs = last_of(json, "in_shape", place);
  }
  ChainBuilder builder(place, tokens ? Format::token : Format::f32, inputs);
  if (tokens) add_embedding(layers.front(), builder);
  for (std::size_t i = tokens ? 1 : 0; i < layers.size(); ++i) {
    add_layer(layers[i], i + 1 == layers.size(), builder);
  }
  add_amplifier_fields(json, inputs, builder);
  return builder.finish({{"format", "Keras, as RTNeural writes it"}});
}

}  // namespace rondo::tool
