// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// usage: run_onnx MODEL.onnx INPUT.safetensors
// Imports the model, runs it in float on the tensor "x" and prints one JSON object: what the import
// says of the model, its scores after each step, or the error. For onnx_test.py.
#include <iostream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "onnx/import_onnx.hpp"
#include "run_model.hpp"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  nlohmann::json result;
  try {
    const std::vector<std::uint8_t> bytes = rondo::tool::read_bytes(argv[1]);
    const rondo::tool::ImportedModel model = rondo::tool::import_onnx(bytes, argv[1]);
    const auto file = rondo::tool::read_safetensors(argv[2]);
    const auto& x = rondo::tool::find_tensor(file, "x", argv[2]);
    result = {{"outputs", model.content.outputs},
              {"understood", model.understood},
              {"source", model.source},
              {"scores", rondo::tool::scores_of(model.content, x.values)}};
  } catch (const rondo::tool::Error& error) {
    result["error"] = error.what();
  }
  std::cout << result << "\n";
  return 0;
}
