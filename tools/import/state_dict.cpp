// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A PyTorch state_dict as a chain: its modules (modules.hpp), in the order of the data, layer by
// layer. Functions between modules, such as activations, are not in a state_dict: --chain names
// them.
#include <algorithm>

#include "base/error.hpp"
#include "import/chain.hpp"
#include "import/modules.hpp"
#include "import/readers.hpp"

namespace rondo::tool {
namespace {

// float64 becomes float32, whole numbers stay out.
TensorFile as_floats(TensorFile file, const std::string& prefix, const std::string& place) {
  for (Tensor& tensor : file.tensors) {
    if (const auto* wide = std::get_if<std::vector<double>>(&tensor.values)) {
      std::vector<float> values;
      values.reserve(wide->size());
      for (const double v : *wide) values.push_back(static_cast<float>(v));
      tensor.values = std::move(values);
    } else if (std::holds_alternative<std::vector<std::int64_t>>(tensor.values) &&
               tensor.name.starts_with(prefix)) {
      throw Error(place, "tensor " + tensor.name + " holds whole numbers",
                  "weights are floats; layers that count (batch norm) are not known to rondo");
    }
  }
  return file;
}

bool sorted_by_name(const TensorFile& file) {
  return std::is_sorted(file.tensors.begin(), file.tensors.end(),
                        [](const Tensor& a, const Tensor& b) { return a.name < b.name; });
}

std::string order_of(const std::vector<ModuleLayers>& modules) {
  std::string order;
  for (const ModuleLayers& m : modules) order += (order.empty() ? "" : ",") + m.name;
  return order;
}

}  // namespace

ImportedModel import_state_dict(const TensorFile& file, const ImportOptions& options,
                                const std::string& place, bool file_order) {
  std::vector<ModuleLayers> modules;
  for (const Module& module : modules_of(file, options, place)) {
    modules.push_back(layers_of(module, options, place));
  }
  const bool sure = order_modules(modules, !options.chain.empty(), file_order, place);
  const bool tokens = options.tokens || modules.front().embedding;
  ChainBuilder builder(place, tokens ? Format::token : Format::f32, modules.front().inputs);
  bool bare = false;  // a linear layer between others
  for (std::size_t i = 0; i < modules.size(); ++i) {
    for (ModuleLayers::Named& named : modules[i].layers) {
      builder.add(std::move(named.layer), named.name, named.note);
    }
    bare = bare || (!modules[i].recurrent && !modules[i].embedding && i + 1 < modules.size());
  }
  if (!sure) {
    builder.say("other orders would fit too; --chain " + order_of(modules) +
                " says this one in so many words");
  }
  if (bare && options.chain.empty()) {
    builder.say("a state_dict does not tell activations: linear layers have none here; --chain " +
                order_of(modules) + " with NAME:tanh, NAME:sigmoid or NAME:relu gives them one");
  }
  return builder.finish({{"format", "PyTorch state_dict"}});
}

ImportedModel import_safetensors(const std::filesystem::path& path, const ImportOptions& options) {
  const std::string place = path.string();
  TensorFile file = read_safetensors(path);
  if (file.metadata.contains("rondo")) {
    throw Error(place, "is a checkpoint of rondo already", "use it as it is, without import");
  }
  const bool file_order = !sorted_by_name(file);
  return import_state_dict(as_floats(std::move(file), options.prefix, place), options, place,
                           file_order);
}

}  // namespace rondo::tool
