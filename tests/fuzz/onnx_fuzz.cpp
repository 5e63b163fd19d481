// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Any bytes as an ONNX model. What is read can be packed, and loads.
#include "base/error.hpp"
#include "formats/loaded_image.hpp"
#include "fuzz.hpp"
#include "import/chain.hpp"
#include "onnx/import_onnx.hpp"

using namespace rondo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const tool::ImportedModel model = tool::import_onnx({data, size}, "input");
    fuzz::require(!model.understood.empty());
    const auto image = tool::pack_chain(model.content);
    fuzz::require(tool::LoadedImage(image, "packed").model.outputs() == model.content.outputs);
  } catch (const tool::Error&) {
  }
  return 0;
}
