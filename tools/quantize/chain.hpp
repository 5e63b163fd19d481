// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Imported networks (chains of float layers) to int8, and what that cost: the same as quantize.hpp
// and compare.hpp for networks that are no Checkpoint. Everything is measured by the real runtime.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "formats/image.hpp"
#include "import/series.hpp"
#include "quantize/compare.hpp"
#include "quantize/quantize.hpp"

namespace rondo::tool {

// `data`: what the ranges of inputs and of dense layers are taken from. activations: 8 or 16 bits
// of h; dense layers always hand on 16. max_steps: of a bidirectional network. Throws Error naming
// the layer that int8 cannot hold.
Quantized quantize_chain(const ImageContent& chain, const Series& data, int activations,
                         std::size_t max_steps);

// Float and int8 side by side.
struct ChainComparison {
  struct At {
    std::size_t step;  // counted from 1
    Deviation scores;  // of all starts
  };
  std::vector<At> at;  // steps 10, 100 and 1,000 after a reset, where the data is long enough
  Deviation scores;    // at every step
  double signal = 0;   // sum of squares of the float scores, and of the differences
  double error = 0;    //
  std::uint64_t sequences = 0;
  std::uint64_t steps = 0;
  std::uint64_t saturated_inputs = 0;

  // Energy of the error in that of the signal.
  double error_to_signal() const { return signal > 0 ? error / signal : 0; }
};
ChainComparison compare_chain(std::span<const std::uint8_t> float_image,
                              std::span<const std::uint8_t> int8_image, const Series& data);
nlohmann::json to_json(const ChainComparison& comparison);

}  // namespace rondo::tool
