// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The readers of foreign models. Each turns a file into an ImportedModel or throws Error naming
// file, tensor or field, what was expected and what to do. `rondo import` picks one.
#pragma once
#include <filesystem>
#include <string>

#include "formats/safetensors.hpp"
#include "import/imported.hpp"
#include "import/numbers.hpp"

namespace rondo::tool {

// What a file of bare tensors does not say.
struct ImportOptions {
  // lstm, gru, rnn, relu or classroom; empty: told by the shapes, where rnn and relu are alike.
  std::string cell;
  // Only tensors whose names begin so; the rest of the file is left alone.
  std::string prefix;
  // The modules in the order of the data, commas between; what stands behind a colon is their
  // activation or "embedding": "emb:embedding,lstm,fc1:relu,fc2". Empty: told by the shapes.
  std::string chain;
  // The first layer reads one-hot vectors: they become tokens.
  bool tokens = false;
};

// Tensors by PyTorch's names, float32 (floats of other widths are turned into it before).
// `file_order`: whether they stand in the order in which the network was written.
ImportedModel import_state_dict(const TensorFile& file, const ImportOptions& options,
                                const std::string& place, bool file_order);

// A .safetensors file with a PyTorch state_dict.
ImportedModel import_safetensors(const std::filesystem::path& path, const ImportOptions& options);

// A JSON file: a state_dict as RTNeural's scripts write it, a Keras model as RTNeural exports it, a
// model of GuitarML (Proteus), an LSTM of NAM.
ImportedModel import_json(const std::filesystem::path& path, const ImportOptions& options);

// The parts of import_json.
ImportedModel import_keras(const OrderedJson& json, const std::string& place);
ImportedModel import_nam(const OrderedJson& json, const std::string& place);
ImportedModel import_guitarml(const OrderedJson& json, const ImportOptions& options,
                              const std::string& place);
TensorFile tensors_of(const OrderedJson& json, const std::string& place);

}  // namespace rondo::tool
