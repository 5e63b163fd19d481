// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See quantize.hpp. Each row of W and of U has a scale of its own: the greatest weight becomes 127.
#include "quantize/quantize.hpp"

#include <algorithm>
#include <cmath>

#include <rondo/numeric.hpp>

#include "base/error.hpp"
#include "quantize/classroom.hpp"
#include "quantize/rows.hpp"

namespace rondo::tool {
namespace {

const std::vector<float>& tensor(const Checkpoint& checkpoint, const std::string& name) {
  for (const Tensor& t : checkpoint.tensors) {
    if (t.name == name) return std::get<std::vector<float>>(t.values);
  }
  throw Error("checkpoint", "tensor " + name + " is missing");
}

// Both biases as an image has them: added, but for the n of a GRU, where r multiplies the second.
std::vector<double> bias_of(const Checkpoint& checkpoint, std::size_t layer, bool reverse) {
  const auto& b_ih = tensor(checkpoint, layer_name("bias_ih", layer, reverse));
  const auto& b_hh = tensor(checkpoint, layer_name("bias_hh", layer, reverse));
  const bool apart = checkpoint.shape.cell == CellKind::gru;
  const std::size_t added = b_ih.size() - (apart ? checkpoint.shape.hidden : 0);
  std::vector<double> bias(b_ih.begin(), b_ih.end());
  for (std::size_t r = 0; r < added; ++r) bias[r] += b_hh[r];
  bias.insert(bias.end(), b_hh.begin() + static_cast<std::ptrdiff_t>(added), b_hh.end());
  return bias;
}

Kind kind_of(CellKind cell) {
  return cell == CellKind::lstm ? Kind::lstm : cell == CellKind::gru ? Kind::gru : Kind::rnn;
}

Activation activation_of(CellKind cell) {
  return cell == CellKind::rnn    ? Activation::tanh
         : cell == CellKind::relu ? Activation::relu
                                  : Activation::none;
}

// What the numbers of an int8 layer can hold.
void require_bounded(const Checkpoint& checkpoint) {
  const CellKind cell = checkpoint.shape.cell;
  if (cell != CellKind::relu && cell != CellKind::classroom) return;
  const std::string what =
      cell == CellKind::relu ? "an RNN with ReLU has" : "the classroom RNN, which has no tanh, has";
  throw Error("checkpoint", what + " a state without bounds, which no integer format can hold",
              "run it in float (--type f32), or train with --cell rnn, lstm or gru");
}

// What images have no layers for.
void require_image(const Checkpoint& checkpoint) {
  if (checkpoint.shape.cell != CellKind::generator) return;
  throw Error(
      "checkpoint",
      "the generator RNN of the class, which has no tanh, has a state without bounds, which "
      "no integer format can hold, and images have no float layer of its kind",
      "rondo generate runs the checkpoint itself; for an image train with --cell lstm or gru");
}

// A bidirectional image has room for one whole sequence.
void require_max_steps(const NetShape& shape, std::size_t max_steps) {
  if (!shape.bidirectional || (max_steps >= 1 && max_steps <= k_most_steps)) return;
  throw Error("--max-steps",
              "is " + std::to_string(max_steps) + ", expected 1 to " + std::to_string(k_most_steps),
              "a bidirectional model keeps a whole sequence in memory");
}

// Kind, shapes and inputs of each layer; numbers are left to the caller.
ImageContent frame_of(const Checkpoint& checkpoint, Type type, Format inner,
                      std::size_t max_steps) {
  const NetShape& shape = checkpoint.shape;
  require_max_steps(shape, max_steps);
  const auto hidden = static_cast<std::uint32_t>(shape.hidden);
  const auto outputs = static_cast<std::uint32_t>(shape.outputs);
  ImageContent content;
  content.inputs = static_cast<std::uint32_t>(shape.inputs);
  content.outputs = outputs;
  content.input = shape.input == InputKind::tokens ? Format::token
                  : type == Type::f32              ? Format::f32
                                                   : Format::s16;
  content.max_steps = shape.bidirectional ? static_cast<std::uint32_t>(max_steps) : 0;
  for (std::size_t i = 0; i < shape.layers * shape.halves(); ++i) {
    const std::size_t l = i / shape.halves();
    ImageLayer layer;
    if (shape.bidirectional) {
      layer.direction = i % 2 == 0 ? Direction::forward : Direction::backward;
    }
    layer.kind = kind_of(shape.cell);
    layer.mode = static_cast<std::uint8_t>(activation_of(shape.cell));
    layer.type = type;
    layer.input = l == 0 ? content.input : inner;
    layer.inputs = static_cast<std::uint32_t>(shape.width(l));
    layer.outputs = hidden;
    layer.recurrent = inner;
    layer.output = type == Type::s8 && l + 1 == shape.layers ? Format::s16 : inner;
    content.layers.push_back(std::move(layer));
  }
  ImageLayer head;
  head.kind = Kind::linear;
  head.type = type;
  head.input = type == Type::f32 ? Format::f32 : Format::s16;
  head.output = type == Type::f32 ? Format::f32 : Format::s32;
  head.inputs = static_cast<std::uint32_t>(shape.layer_outputs());
  head.outputs = outputs;
  content.layers.push_back(std::move(head));
  return content;
}

// Standard deviations; 1 where a feature never changes.
std::vector<float> deviations(std::span<const std::span<const float>> sequences,
                              const std::vector<float>& mean, std::size_t steps) {
  std::vector<double> squares(mean.size());
  for (const auto sequence : sequences) {
    for (std::size_t i = 0; i < sequence.size(); ++i) {
      const double off = double{sequence[i]} - mean[i % mean.size()];
      squares[i % mean.size()] += off * off;
    }
  }
  std::vector<float> deviations;
  for (const double sum : squares) {
    const auto deviation = static_cast<float>(std::sqrt(sum / static_cast<double>(steps)));
    deviations.push_back(deviation > 0 ? deviation : 1.0F);
  }
  return deviations;
}

}  // namespace

Calibration calibrate(std::span<const std::span<const float>> sequences, std::size_t inputs,
                      InputUnit unit) {
  std::vector<double> sum(inputs);
  std::size_t steps = 0;
  for (const auto sequence : sequences) {
    for (std::size_t i = 0; i < sequence.size(); ++i) sum[i % inputs] += sequence[i];
    steps += sequence.size() / inputs;
  }
  if (steps == 0) throw Error("calibration", "no step of input was given");
  Calibration calibration;
  for (const double s : sum) {
    calibration.mean.push_back(static_cast<float>(s / static_cast<double>(steps)));
  }
  if (unit == InputUnit::deviation)
    calibration.unit = deviations(sequences, calibration.mean, steps);
  for (const auto sequence : sequences) {
    for (std::size_t i = 0; i < sequence.size(); ++i) {
      float distance = std::abs(sequence[i] - calibration.mean[i % inputs]);
      if (!calibration.unit.empty()) distance /= calibration.unit[i % inputs];
      calibration.largest = std::max(calibration.largest, distance);
    }
  }
  return calibration;
}

Quantized quantize(const Checkpoint& checkpoint, const Calibration& calibration, int activations,
                   std::size_t max_steps) {
  require_image(checkpoint);
  require_bounded(checkpoint);
  Quantized result;
  ImageContent& content = result.content =
      frame_of(checkpoint, Type::s8, activations == 16 ? Format::s16 : Format::s8, max_steps);
  double step = 1;
  if (content.input == Format::s16) {
    const double range = calibration.largest > 0 ? calibration.largest * k_input_margin : 1.0;
    const auto inv_step = static_cast<float>(32767 / range);
    step = 1 / double{inv_step};
    content.mean = calibration.mean;
    content.inv_step.assign(content.inputs, inv_step);
    for (std::size_t i = 0; i < calibration.unit.size(); ++i) {
      content.inv_step[i] = inv_step / calibration.unit[i];
    }
  }
  const std::size_t layers = checkpoint.shape.layers;
  for (std::size_t i = 0; i + 1 < content.layers.size(); ++i) {
    ImageLayer& layer = content.layers[i];
    const std::size_t l = i / checkpoint.shape.halves();
    const bool reverse = layer.direction == Direction::backward;
    const auto& w = tensor(checkpoint, layer_name("weight_ih", l, reverse));
    const auto& u = tensor(checkpoint, layer_name("weight_hh", l, reverse));
    const bool real = l == 0 && content.input == Format::s16;
    const std::vector<float> stepped = real ? in_steps(w, content.inv_step, step) : w;
    layer.w = quantize_rows({l, "weight_ih", stepped, layer.inputs, reverse},
                            input_formats(layer.input, l == 0 ? step : k_activation_step),
                            layer.input == Format::token, result.poor_rows);
    layer.u =
        quantize_rows({l, "weight_hh", u, layer.outputs, reverse},
                      input_formats(layer.recurrent, k_activation_step), false, result.poor_rows);
    std::vector<double> bias = bias_of(checkpoint, l, reverse);
    if (real) fold_mean(w, content.mean, bias);
    layer.bias_s32 = quantize_bias(bias, k_gate_bits, layer_name("bias", l, reverse));
    require_sum(layer, input_formats(layer.input, k_activation_step).largest, l);
  }
  ImageLayer& head = content.layers.back();
  const auto& b = tensor(checkpoint, "linear.bias");
  head.w =
      quantize_rows({layers, "linear.weight", tensor(checkpoint, "linear.weight"), head.inputs},
                    {k_activation_step, k_largest_s16, k_score_bits}, false, result.poor_rows);
  head.bias_s32 = quantize_bias({b.begin(), b.end()}, k_score_bits, "linear.bias");
  require_sum(head, k_largest_s16, layers);
  return result;
}

ImageContent float_content(const Checkpoint& checkpoint, std::size_t max_steps) {
  require_image(checkpoint);
  if (checkpoint.shape.cell == CellKind::classroom) return classroom_content(checkpoint);
  ImageContent content = frame_of(checkpoint, Type::f32, Format::f32, max_steps);
  for (std::size_t i = 0; i + 1 < content.layers.size(); ++i) {
    ImageLayer& layer = content.layers[i];
    const std::size_t l = i / checkpoint.shape.halves();
    const bool reverse = layer.direction == Direction::backward;
    layer.w.f32 = tensor(checkpoint, layer_name("weight_ih", l, reverse));
    layer.u.f32 = tensor(checkpoint, layer_name("weight_hh", l, reverse));
    for (const double b : bias_of(checkpoint, l, reverse)) {
      layer.bias_f32.push_back(static_cast<float>(b));
    }
  }
  content.layers.back().w.f32 = tensor(checkpoint, "linear.weight");
  content.layers.back().bias_f32 = tensor(checkpoint, "linear.bias");
  return content;
}

}  // namespace rondo::tool
