// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See modules.hpp.
#include "import/modules.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "import/chain.hpp"

namespace rondo::tool {
namespace {

constexpr const char* k_known =
    "known: nn.LSTM, nn.GRU, nn.RNN, their cells, nn.Linear, nn.Embedding, and i2h, i2o, o2o; "
    "--prefix takes a part of the file";

std::string leaf_of(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? name : name.substr(dot + 1);
}

std::string owner_of(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? "" : name.substr(0, dot);
}

bool is_map(const std::string& name) {
  const std::string leaf = leaf_of(name);
  return leaf == "i2h" || leaf == "i2o" || leaf == "o2o" || leaf == "h2h" || leaf == "h2o";
}

Module& module_named(std::vector<Module>& modules, const std::string& name) {
  const auto found =
      std::find_if(modules.begin(), modules.end(), [&](const Module& m) { return m.name == name; });
  if (found != modules.end()) return *found;
  modules.push_back({name, {}, {}});
  return modules.back();
}

// The modules that --chain names, in its order.
std::vector<Module> chosen(std::vector<Module> modules, const std::string& chain,
                           const std::string& place) {
  std::vector<Module> order;
  std::string known;
  for (const Module& m : modules) known += (known.empty() ? "" : ", ") + m.name;
  for (std::size_t at = 0; at <= chain.size();) {
    const std::size_t end = std::min(chain.find(',', at), chain.size());
    std::string name = chain.substr(at, end - at);
    at = end + 1;
    const std::size_t colon = name.find(':');
    std::string suffix = colon == std::string::npos ? "" : name.substr(colon + 1);
    name.resize(std::min(colon, name.size()));
    const auto found = std::find_if(modules.begin(), modules.end(),
                                    [&](const Module& m) { return m.name == name; });
    if (found == modules.end()) {
      throw Error("--chain", "names \"" + name + "\", which " + place + " has not or has only once",
                  "its modules: " + known);
    }
    found->suffix = std::move(suffix);
    order.push_back(std::move(*found));
    modules.erase(found);
  }
  if (modules.empty()) return order;
  throw Error("--chain", "leaves out " + modules.front().name + " of " + place,
              "name every module once: " + known);
}

Activation activation_from(const std::string& word, const std::string& module) {
  if (word.empty() || word == "none") return Activation::none;
  for (const Activation a : {Activation::tanh, Activation::sigmoid, Activation::relu}) {
    if (word == name_of(a)) return a;
  }
  throw Error("--chain", "gives " + module + " the activation \"" + word + "\"",
              "known: none, tanh, sigmoid, relu, and embedding");
}

// nn.Linear, or nn.Embedding, whose table has a row for each token.
ModuleLayers dense_layers(const Module& module, const Tensor& weight, const std::string& place) {
  const Tensor* const bias = module.find("bias");
  if (weight.shape.size() != 2 || module.tensors.size() != (bias != nullptr ? 2U : 1U)) {
    const Tensor& odd = weight.shape.size() != 2 ? weight : *module.tensors.back();
    throw Error(
        place,
        "tensor " + odd.name + " " + shape_text(odd.shape) + " belongs to no layer that rondo has",
        k_known);
  }
  ModuleLayers result;
  result.name = module.name;
  const bool named = module.name.find("emb") != std::string::npos && module.suffix.empty();
  result.embedding = bias == nullptr && (named || module.suffix == "embedding");
  result.inputs = weight.shape[result.embedding ? 0 : 1];
  result.outputs = weight.shape[result.embedding ? 1 : 0];
  ImageLayer layer;
  layer.kind = Kind::dense;
  layer.outputs = static_cast<std::uint32_t>(result.outputs);
  const auto& w = values_of(weight, weight.shape, place, "");
  layer.w.f32 = result.embedding && !w.empty() ? transposed(w, result.outputs) : w;
  if (bias != nullptr) {
    const std::size_t shape[] = {result.outputs};
    layer.bias_f32 = values_of(*bias, shape, place, "as " + weight.name + " has rows");
  } else {
    layer.bias_f32.assign(result.outputs, 0.0F);
  }
  const auto activation =
      result.embedding ? Activation::none : activation_from(module.suffix, module.name);
  layer.mode = static_cast<std::uint8_t>(activation);
  result.layers.push_back({std::move(layer), module.name, {}});
  return result;
}

}  // namespace

const Tensor* Module::find(const std::string& leaf) const {
  const std::string wanted = tensor_name(leaf);
  for (const Tensor* tensor : tensors) {
    if (tensor->name == wanted) return tensor;
  }
  return nullptr;
}

std::string Module::tensor_name(const std::string& leaf) const {
  return name.empty() ? leaf : name + "." + leaf;
}

std::vector<Module> modules_of(const TensorFile& file, const ImportOptions& options,
                               const std::string& place) {
  std::vector<Module> modules;
  for (const Tensor& tensor : file.tensors) {
    if (!tensor.name.starts_with(options.prefix)) continue;
    std::string owner = owner_of(tensor.name);
    if (is_map(owner)) owner = owner_of(owner);
    module_named(modules, owner).tensors.push_back(&tensor);
  }
  if (modules.empty()) {
    throw Error(place,
                options.prefix.empty() ? "has no tensors"
                                       : "has no tensor whose name begins with " + options.prefix,
                file.tensors.empty() ? "" : "its first tensor is " + file.tensors.front().name);
  }
  return options.chain.empty() ? modules : chosen(std::move(modules), options.chain, place);
}

ModuleLayers layers_of(const Module& module, const ImportOptions& options,
                       const std::string& place) {
  const auto begins = [&](const char* leaf) {
    return std::any_of(module.tensors.begin(), module.tensors.end(), [&](const Tensor* t) {
      return t->name.starts_with(module.tensor_name(leaf));
    });
  };
  if (begins("weight_ih")) {
    ModuleLayers result = recurrent_layers(module, options, place);
    if (module.suffix.empty()) return result;
    throw Error("--chain", "gives the recurrent module " + module.name + " an activation",
                "only linear layers have one; --cell relu makes an RNN a ReLU RNN");
  }
  if (begins("i2h.")) return classroom_layers(module, options, place);
  if (const Tensor* const weight = module.find("weight")) {
    return dense_layers(module, *weight, place);
  }
  const Tensor& odd = *module.tensors.front();
  throw Error(
      place,
      "tensor " + odd.name + " " + shape_text(odd.shape) + " belongs to no layer that rondo has",
      k_known);
}

}  // namespace rondo::tool
