// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A network that another program made, in the one form that every reader makes (PyTorch, ONNX,
// Keras, RTNeural, GuitarML, NAM) and every writer takes: a chain of float layers.
#pragma once
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "formats/image.hpp"

namespace rondo::tool {

struct ImportedModel {  // NOLINT(bugprone-exception-escape): moving json throws nothing
  // f32 layers in the image's own conventions: weights as PyTorch has them (row = gate * units +
  // unit; LSTM i, f, g, o; GRU r, z, n), both biases added but for the n of Kind::gru, initial
  // states LSTM c then h. `input` is token or f32; of a bidirectional pair forward stands first;
  // max_steps is left 0, metadata empty.
  ImageContent content;
  std::vector<std::string> understood;  // a line a layer, for people
  std::vector<std::string> classes;     // of the outputs; may be empty
  nlohmann::json source;                // where it is from: {"format": "onnx", "file": ...}
};

}  // namespace rondo::tool
