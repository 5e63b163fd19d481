// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A float model as an ONNX file, for `rondo export MODEL --out FILE.onnx`: operators of version 14,
// which ONNX Runtime and others run. import_onnx reads it back as the same layers.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "formats/image.hpp"

namespace rondo::tool {

// One input, "x": int64 (time, batch) tokens or float (time, batch, inputs), both sizes open; one
// output, "scores": float (time, batch, outputs), or (batch, outputs) of models that answer after
// the last step. Scores are those of rondo, before any softmax. A token out of the vocabulary is no
// input where the first layer reads tokens itself; an embedding must not be asked for one.
struct OnnxDescription {
  bool every_step = false;
  std::string name = "rondo";        // of the graph
  std::string task, alphabet;        // go with it as metadata, where not empty
  std::vector<std::string> classes;  // the same, as a JSON list
};

// `place` names the model in messages. Throws Error where the layers are int8, or ONNX has no plain
// form for them: pooling that answers after every step or feeds a recurrent layer.
std::vector<std::uint8_t> export_onnx(const ImageContent& content,
                                      const OnnxDescription& description, const std::string& place);

}  // namespace rondo::tool
