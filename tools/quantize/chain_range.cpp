// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See chain_range.hpp.
#include "quantize/chain_range.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#include "formats/loaded_image.hpp"
#include "import/chain.hpp"

namespace rondo::tool {
namespace {

// Ranges settle long before; more steps would only take time.
constexpr std::size_t k_most_calibration_steps = 200000;
constexpr std::size_t k_most_range = 4096;  // steps of a sequence of a bidirectional network

// y = f(W x + b); of a token its column.
std::vector<double> through_dense(const ImageLayer& layer, const std::vector<double>& x,
                                  std::uint32_t token) {
  std::vector<double> y(layer.bias_f32.begin(), layer.bias_f32.end());
  for (std::size_t r = 0; r < y.size(); ++r) {
    const float* const w = &layer.w.f32[r * layer.inputs];
    if (layer.input == Format::token) y[r] += double{w[token]};
    for (std::size_t i = 0; i < x.size(); ++i) y[r] += double{w[i]} * x[i];
    switch (static_cast<Activation>(layer.mode)) {
      case Activation::none:
        break;
      case Activation::tanh:
        y[r] = std::tanh(y[r]);
        break;
      case Activation::sigmoid:
        y[r] = 1 / (1 + std::exp(-y[r]));
        break;
      case Activation::relu:
        y[r] = std::max(y[r], 0.0);
        break;
    }
  }
  return y;
}

// The greatest |output| of dense layers 0 .. last in front of all others, on one sequence.
double stateless_range(const ImageContent& chain, std::size_t last, const Series::Sequence& s,
                       std::size_t steps) {
  double largest = 0;
  for (std::size_t t = 0; t < steps; ++t) {
    const std::uint32_t token = s.tokens.empty() ? 0 : s.tokens[t];
    std::vector<double> y;
    if (s.tokens.empty()) {
      const auto x = s.reals.begin() + static_cast<std::ptrdiff_t>(t * chain.inputs);
      y.assign(x, x + static_cast<std::ptrdiff_t>(chain.inputs));
    }
    for (std::size_t i = 0; i <= last; ++i) y = through_dense(chain.layers[i], y, token);
    for (const double v : y) largest = std::max(largest, std::abs(v));
  }
  return largest;
}

// The same behind layers with a state, which the runtime runs: it takes the last layer's outputs
// for scores.
double runtime_range(LoadedImage& image, const Series::Sequence& s, std::size_t steps) {
  std::vector<float> outputs(steps * image.model.outputs());
  image.stream.reset();
  if (image.model.input() == Format::token) {
    image.stream.run(s.tokens.data(), steps, outputs.data());
  } else {
    image.stream.run_f32(s.reals.data(), steps, outputs.data());
  }
  double largest = 0;
  for (const float y : outputs) largest = std::max(largest, std::abs(double{y}));
  return largest;
}

}  // namespace

double range_of(const ImageContent& chain, std::size_t last, const Series& data) {
  const auto end = chain.layers.begin() + static_cast<std::ptrdiff_t>(last) + 1;
  const bool stateless = std::all_of(chain.layers.begin(), end,
                                     [](const ImageLayer& l) { return l.kind == Kind::dense; });
  ImageContent part = chain;
  part.layers.assign(chain.layers.begin(), end);
  part.outputs = part.layers.back().outputs;
  std::unique_ptr<LoadedImage> image;
  if (!stateless)
    image = std::make_unique<LoadedImage>(pack_chain(part, k_most_range), "imported network");
  const bool bound = is_bidirectional(part);
  double largest = 0;
  std::size_t left = k_most_calibration_steps;
  for (const Series::Sequence& s : data.sequences) {
    const std::size_t steps = std::min({s.steps, left, bound ? k_most_range : s.steps});
    largest = std::max(largest, stateless ? stateless_range(chain, last, s, steps)
                                          : runtime_range(*image, s, steps));
    left -= steps;
    if (left == 0) break;
  }
  return largest;
}

}  // namespace rondo::tool
