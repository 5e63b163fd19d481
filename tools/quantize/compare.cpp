// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "quantize/compare.hpp"

#include <algorithm>
#include <cmath>

#include <rondo/numeric.hpp>

#include "formats/loaded_image.hpp"

namespace rondo::tool {
namespace {

// What the watched cells showed in the last step, by layer.
struct SeenLayer {
  std::size_t units = 0;
  std::vector<std::int32_t> t;  // (4, H) Q12.19
  std::vector<std::int32_t> c;  // (H) Q9.22
};

void see_block(void* user, std::size_t layer, std::size_t first, std::size_t units,
               const std::int32_t* t, const std::int32_t* c) {
  SeenLayer& seen = (*static_cast<std::vector<SeenLayer>*>(user))[layer];
  for (std::size_t k = 0; k < units && first + k < seen.units; ++k) {
    for (std::size_t gate = 0; gate < 4; ++gate) {
      seen.t[gate * seen.units + first + k] = t[gate * units + k];
    }
    seen.c[first + k] = c[k];
  }
}

constexpr std::size_t k_candidate = 2;  // the tanh gate, g

void compare_layer(const SeenLayer& seen, const LayerTrace& trace, std::size_t step,
                   const std::int8_t* h, LayerDeviation& result) {
  const std::size_t units = seen.units;
  for (std::size_t gate = 0; gate < 4; ++gate) {
    const bool is_tanh = gate == k_candidate;
    for (std::size_t k = 0; k < units; ++k) {
      const std::int32_t t = seen.t[gate * units + k];
      const double got = (is_tanh ? tanh_gate(t) : sigmoid_gate(t)) * 0x1p-15;
      result.gates[gate].add(got - trace.gates[(step * 4 + gate) * units + k]);
      if (std::abs(rshr(t, is_tanh ? 7 : 8)) > 32767) ++result.saturated_gates;
    }
  }
  for (std::size_t k = 0; k < units; ++k) {
    result.c.add(std::ldexp(seen.c[k], -k_cell_bits) - trace.c[step * units + k]);
    result.h.add(h[k] * 0x1p-7 - trace.h[step * units + k]);
    if (seen.c[k] == INT32_MAX || seen.c[k] == INT32_MIN) ++result.saturated_cells;
  }
}

// Inputs that do not fit into the steps of the model.
std::uint64_t count_saturated(const Model& model, std::span<const float> x) {
  const auto* const mean =
      static_cast<const float*>(static_cast<const void*>(model.image() + model.mean_offset()));
  const auto* const inv_step =
      static_cast<const float*>(static_cast<const void*>(model.image() + model.inv_step_offset()));
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::abs((x[i] - mean[i]) * inv_step[i]) > 32767.5F) ++count;
  }
  return count;
}

}  // namespace

void Deviation::add(double difference) {
  sum += std::abs(difference);
  largest = std::max(largest, std::abs(difference));
  ++count;
}

Comparison compare(Trainer& trainer, std::span<const std::uint8_t> bytes, Batch sequences) {
  const Cell* const cells[] = {&cell::lstm_s8_watched, &cell::linear_s8};
  LoadedImage image(bytes, "quantized model", cells);
  const std::size_t layers = trainer.shape().layers, outputs = trainer.shape().outputs;
  std::vector<SeenLayer> seen(layers);
  for (SeenLayer& layer : seen) {
    layer.units = trainer.shape().hidden;
    layer.t.resize(4 * layer.units);
    layer.c.resize(layer.units);
  }
  const Watch watch = {see_block, &seen};
  image.stream.watch(&watch);

  Comparison result;
  result.layers.resize(layers);
  std::vector<float> scores(outputs);
  for (const Sequence& sequence : sequences) {
    const Trace trace = trainer.forward_trace(sequence);
    const std::size_t steps = sequence.steps(trainer.shape()), width = trainer.shape().inputs;
    image.stream.reset();
    for (std::size_t step = 0; step < steps; ++step) {
      if (image.model.input() == Input::token) {
        image.stream.step(sequence.tokens[step]);
      } else {
        const auto x = sequence.reals.subspan(step * width, width);
        image.stream.step_f32(x.data());
        result.saturated_inputs += count_saturated(image.model, x);
      }
      for (std::size_t l = 0; l < layers; ++l) {
        compare_layer(seen[l], trace.layers[l], step, image.stream.hidden_s8(l), result.layers[l]);
      }
    }
    image.stream.scores({scores.data(), scores.size()});
    const std::span<const float> logits(trace.logits.data() + trace.logits.size() - outputs,
                                        outputs);
    for (std::size_t o = 0; o < outputs; ++o) result.scores.add(double{scores[o]} - logits[o]);
    const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
    if (image.stream.argmax() == static_cast<std::uint32_t>(best)) ++result.agreeing;
    ++result.sequences;
    result.steps += steps;
  }
  return result;
}

nlohmann::json to_json(const Comparison& comparison) {
  const auto deviation = [](const Deviation& d) {
    return nlohmann::json{{"mean", d.mean()}, {"largest", d.largest}};
  };
  nlohmann::json layers = nlohmann::json::array();
  for (const LayerDeviation& layer : comparison.layers) {
    layers.push_back({{"gate_i", deviation(layer.gates[0])},
                      {"gate_f", deviation(layer.gates[1])},
                      {"gate_g", deviation(layer.gates[2])},
                      {"gate_o", deviation(layer.gates[3])},
                      {"c", deviation(layer.c)},
                      {"h", deviation(layer.h)},
                      {"saturated_gates", layer.saturated_gates},
                      {"saturated_cells", layer.saturated_cells}});
  }
  return {{"layers", layers},
          {"scores", deviation(comparison.scores)},
          {"sequences", comparison.sequences},
          {"steps", comparison.steps},
          {"agreeing", comparison.agreeing},
          {"saturated_inputs", comparison.saturated_inputs}};
}

}  // namespace rondo::tool
