// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "quantize/compare.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <rondo/numeric.hpp>

#include "formats/loaded_image.hpp"

namespace rondo::tool {
namespace {

// What a watched cell showed in its last step, and its steps so far.
struct SeenLayer {
  CellKind cell = CellKind::lstm;
  std::size_t units = 0;
  std::size_t step = 0;
  std::vector<std::int32_t> t;    // (G, H) Q12.19
  std::vector<std::int32_t> t_h;  // (G, H) GRU: h's part
  std::vector<std::int32_t> c;    // (H) Q9.22, LSTM

  SeenLayer(const NetShape& shape)
      : cell(shape.cell),
        units(shape.hidden),
        t(shape.gates() * units),
        t_h(shape.cell == CellKind::gru ? t.size() : 0),
        c(shape.cell == CellKind::lstm ? units : 0) {}
};

// A sequence in the making: the int8 net shows its steps, the float net's are known.
struct Sight {
  std::vector<SeenLayer> layers;
  Trace trace;
  Comparison result;
};

void compare_gates(const SeenLayer& seen, const LayerTrace& trace, LayerDeviation& result);

void see_block(void* user, std::size_t layer, std::size_t first, std::size_t units,
               const std::int32_t* t, const std::int32_t* t_h, const std::int32_t* state) {
  Sight& sight = *static_cast<Sight*>(user);
  SeenLayer& seen = sight.layers[layer];
  for (std::size_t k = 0; k < units && first + k < seen.units; ++k) {
    for (std::size_t gate = 0; gate < seen.t.size() / seen.units; ++gate) {
      seen.t[gate * seen.units + first + k] = t[gate * units + k];
      if (!seen.t_h.empty()) seen.t_h[gate * seen.units + first + k] = t_h[gate * units + k];
    }
    if (!seen.c.empty()) seen.c[first + k] = state[k];
  }
  if (first + units < seen.units) return;  // more blocks to come
  compare_gates(seen, sight.trace.layers[layer], sight.result.layers[layer]);
  ++seen.step;
}

// The argument of a gate; of a GRU's n, with r applied to h's part.
std::int32_t argument_of(const SeenLayer& seen, std::size_t gate, std::size_t unit) {
  const std::size_t at = gate * seen.units + unit;
  if (seen.t_h.empty()) return seen.t[at];
  if (gate < 2) return seen.t[at] + seen.t_h[at];
  const std::int16_t r = sigmoid_gate(seen.t[unit] + seen.t_h[unit]);
  return seen.t[at] + rdmulh32(seen.t_h[at], r * 65536);
}

bool is_tanh(CellKind cell, std::size_t gate) {
  return cell == CellKind::rnn || gate == 2;  // g of an LSTM, n of a GRU
}

// The outputs of a layer as its own products read them.
double h_of(const Stream& stream, std::size_t layer, std::size_t unit) {
  const bool wide = stream.model().record(layer).recurrent == Format::s16;
  return wide ? stream.hidden_s16(layer)[unit] * 0x1p-15 : stream.hidden_s8(layer)[unit] * 0x1p-7;
}

void compare_gates(const SeenLayer& seen, const LayerTrace& trace, LayerDeviation& result) {
  const std::size_t units = seen.units, gates = result.gates.size(), step = seen.step;
  for (std::size_t gate = 0; gate < gates; ++gate) {
    const bool tanh = is_tanh(seen.cell, gate);
    for (std::size_t k = 0; k < units; ++k) {
      const std::int32_t t = argument_of(seen, gate, k);
      const double got = (tanh ? tanh_gate(t) : sigmoid_gate(t)) * 0x1p-15;
      result.gates[gate].add(got - trace.gates[(step * gates + gate) * units + k]);
      if (std::abs(rshr(t, tanh ? 7 : 8)) > 32767) ++result.saturated_gates;
    }
  }
  for (std::size_t k = 0; k < seen.c.size(); ++k) {
    result.c.add(std::ldexp(seen.c[k], -k_cell_bits) - trace.c[step * units + k]);
    if (seen.c[k] == INT32_MAX || seen.c[k] == INT32_MIN) ++result.saturated_cells;
  }
}

// h of every layer after its last step.
void compare_h(const Stream& stream, Sight& sight) {
  for (std::size_t l = 0; l < sight.layers.size(); ++l) {
    const SeenLayer& seen = sight.layers[l];
    const float* const h = &sight.trace.layers[l].h[(seen.step - 1) * seen.units];
    for (std::size_t k = 0; k < seen.units; ++k) {
      sight.result.layers[l].h.add(h_of(stream, l, k) - h[k]);
    }
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

// The scores after a step, beside the trainer's.
void compare_scores(Stream& stream, std::span<const float> logits, Comparison& result) {
  std::vector<float> scores(logits.size());
  stream.scores({scores.data(), scores.size()});
  for (std::size_t o = 0; o < logits.size(); ++o) result.scores.add(double{scores[o]} - logits[o]);
  const auto best = std::max_element(logits.begin(), logits.end()) - logits.begin();
  if (stream.argmax() == static_cast<std::uint32_t>(best)) ++result.agreeing;
  ++result.answers;
}

}  // namespace

void Deviation::add(double difference) {
  sum += std::abs(difference);
  largest = std::max(largest, std::abs(difference));
  ++count;
}

namespace {

// A bidirectional net has no steps: of its h and scores only the last are seen.
bool has_scores_of_steps(const NetShape& shape) {
  return shape.head == Head::every_step && !shape.bidirectional;
}

// Runs one sequence.
void run_beside(const NetShape& shape, LoadedImage& image, const Sequence& sequence, Sight& sight) {
  const std::size_t steps = sequence.steps(shape), width = shape.inputs;
  const bool tokens = image.model.input() == Format::token;
  for (SeenLayer& layer : sight.layers) layer.step = 0;
  if (!tokens) sight.result.saturated_inputs += count_saturated(image.model, sequence.reals);
  image.stream.reset();
  if (shape.bidirectional) {
    if (tokens) {
      image.stream.run(sequence.tokens.data(), steps);
    } else {
      image.stream.run_f32(sequence.reals.data(), steps);
    }
    compare_h(image.stream, sight);
    return;
  }
  for (std::size_t step = 0; step < steps; ++step) {
    if (tokens) {
      image.stream.step(sequence.tokens[step]);
    } else {
      image.stream.step_f32(&sequence.reals[step * width]);
    }
    compare_h(image.stream, sight);
    if (!has_scores_of_steps(shape)) continue;
    const std::span<const float> logits(sight.trace.logits);
    compare_scores(image.stream, logits.subspan(step * shape.outputs, shape.outputs), sight.result);
  }
}

}  // namespace

Comparison compare(Trainer& trainer, std::span<const std::uint8_t> bytes, Batch sequences) {
  const Cell* const cells[] = {&cell::lstm_s8_watched, &cell::gru_s8_watched, &cell::rnn_s8_watched,
                               &cell::linear_s8};
  LoadedImage image(bytes, "quantized model", cells);
  const NetShape& shape = trainer.shape();
  const std::size_t layers = shape.layers * shape.halves(), outputs = shape.outputs;
  Sight sight;
  sight.layers.assign(layers, SeenLayer(shape));
  const Watch watch = {see_block, &sight};
  image.stream.watch(&watch);

  Comparison& result = sight.result;
  result.cell = shape.cell;
  result.layers.resize(layers);
  for (LayerDeviation& layer : result.layers) layer.gates.resize(shape.gates());
  for (Sequence sequence : sequences) {
    if (image.model.max_steps() != 0 && sequence.steps(shape) > image.model.max_steps()) {
      // Both read what the image can read of it.
      sequence.tokens = sequence.tokens.first(
          std::min<std::size_t>(sequence.tokens.size(), image.model.max_steps()));
      sequence.reals = sequence.reals.first(
          std::min<std::size_t>(sequence.reals.size(), image.model.max_steps() * shape.inputs));
    }
    sight.trace = trainer.forward_trace(sequence);
    run_beside(shape, image, sequence, sight);
    if (!has_scores_of_steps(shape)) {
      compare_scores(image.stream, std::span<const float>(sight.trace.logits).last(outputs),
                     result);
    }
    ++result.sequences;
    result.steps += sequence.steps(shape);
  }
  return std::move(result);
}

std::vector<std::string> gate_names(CellKind cell) {
  switch (cell) {
    case CellKind::lstm:
      return {"input gate i", "forget gate f", "candidate g", "output gate o"};
    case CellKind::gru:
      return {"reset gate r", "update gate z", "candidate n"};
    case CellKind::rnn:
    case CellKind::relu:
      return {"activation"};
    case CellKind::classroom:
    case CellKind::generator:
      break;  // never quantized
  }
  return {};
}

nlohmann::json to_json(const Comparison& comparison) {
  const auto deviation = [](const Deviation& d) {
    return nlohmann::json{{"mean", d.mean()}, {"largest", d.largest}};
  };
  const std::vector<std::string> names = gate_names(comparison.cell);
  nlohmann::json layers = nlohmann::json::array();
  for (const LayerDeviation& layer : comparison.layers) {
    nlohmann::json gates = nlohmann::json::array();
    for (std::size_t gate = 0; gate < layer.gates.size(); ++gate) {
      gates.push_back(deviation(layer.gates[gate]));
      gates.back()["name"] = names[gate];
    }
    layers.push_back({{"gates", gates},
                      {"h", deviation(layer.h)},
                      {"saturated_gates", layer.saturated_gates},
                      {"saturated_cells", layer.saturated_cells}});
    if (layer.c.count > 0) layers.back()["c"] = deviation(layer.c);
  }
  return {{"layers", layers},
          {"scores", deviation(comparison.scores)},
          {"sequences", comparison.sequences},
          {"steps", comparison.steps},
          {"answers", comparison.answers},
          {"agreeing", comparison.agreeing},
          {"saturated_inputs", comparison.saturated_inputs}};
}

}  // namespace rondo::tool
