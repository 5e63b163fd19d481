// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// An imported model through the float runtime, for the tests of the ONNX reader and writer.
#pragma once
#include <stdexcept>
#include <vector>

#include "formats/loaded_image.hpp"
#include "formats/safetensors.hpp"
#include "import/imported.hpp"

namespace rondo::tool {

// Scores after each step, (T, outputs). x: tokens (T), or floats (T, inputs).
inline std::vector<float> scores_of(ImageContent content, const Values& x) {
  const auto* const tokens = std::get_if<std::vector<std::int64_t>>(&x);
  const auto* const reals = std::get_if<std::vector<float>>(&x);
  if ((tokens == nullptr) == (content.input == Format::token) || (!tokens && !reals)) {
    throw std::runtime_error("the model reads another kind of input");
  }
  const std::size_t steps = tokens ? tokens->size() : reals->size() / content.inputs;
  for (const ImageLayer& layer : content.layers) {
    if (layer.direction != Direction::only) content.max_steps = static_cast<std::uint32_t>(steps);
  }
  LoadedImage image(pack(content, Packing::host), "test");
  std::vector<float> scores(steps * content.outputs);
  if (tokens) {
    const std::vector<std::uint32_t> list(tokens->begin(), tokens->end());
    image.stream.run(list.data(), steps, scores.data());
  } else {
    image.stream.run_f32(reals->data(), steps, scores.data());
  }
  return scores;
}

}  // namespace rondo::tool
