// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See quantize.hpp. Each row of W and of U has a scale of its own: the greatest weight becomes 127.
#include "quantize/quantize.hpp"

#include <algorithm>
#include <cmath>

#include <rondo/numeric.hpp>

#include "base/error.hpp"
#include "quantize/classroom.hpp"

namespace rondo::tool {
namespace {

const std::vector<float>& tensor(const Checkpoint& checkpoint, const std::string& name) {
  for (const Tensor& t : checkpoint.tensors) {
    if (t.name == name) return std::get<std::vector<float>>(t.values);
  }
  throw Error("checkpoint", "tensor " + name + " is missing");
}

// PyTorch's name of a tensor of a layer, or of half of it.
std::string layer_name(const char* what, std::size_t layer, bool reverse = false) {
  return std::string(what) + "_l" + std::to_string(layer) + (reverse ? "_reverse" : "");
}

// What a matrix is multiplied with, and what becomes of the product.
struct Formats {
  double step;           // one step of the activation
  std::int32_t largest;  // greatest |activation| in steps
  int bits;              // of the result: k_gate_bits or k_score_bits
};

struct Rows {
  std::size_t layer;
  const char* name;
  const std::vector<float>& w;  // (rows, inputs)
  std::size_t inputs;
  bool reverse = false;
  std::size_t rows() const { return w.size() / inputs; }
  std::span<const float> row(std::size_t r) const { return {&w[r * inputs], inputs}; }
};

// The least shift with which every multiplier stays below 2^31.
std::uint8_t shift_for(const std::vector<double>& ratios, const Rows& rows) {
  const double most = *std::max_element(ratios.begin(), ratios.end());
  for (std::uint8_t shift = 0; shift <= k_shift_limit; ++shift) {
    if (std::round(std::ldexp(most, 31 - shift)) <= INT32_MAX) return shift;
  }
  throw Error(layer_name(rows.name, rows.layer, rows.reverse),
              "weights are too large for the formats of int8 models",
              "train with --weight-decay, or use --type f32");
}

// |acc << shift| < 2^30 for every input, as load will ask.
void require_room(const std::vector<std::int8_t>& q, const Rows& rows, std::uint8_t shift,
                  const Formats& formats, bool columns) {
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    std::int64_t sum = 0, largest = 0;
    for (std::size_t i = 0; i < rows.inputs; ++i) {
      const std::int64_t size = std::abs(q[r * rows.inputs + i]);
      sum += size;
      largest = std::max(largest, size);
    }
    const std::int64_t acc =
        (columns ? largest : sum) * formats.largest * (std::int64_t{1} << shift);
    if (acc >= k_acc_limit) {
      throw Error(layer_name(rows.name, rows.layer, rows.reverse),
                  "row " + std::to_string(r) + " could overflow its accumulator",
                  "train with --weight-decay, or use --type f32");
    }
  }
}

ImageMatrix quantize_rows(const Rows& rows, const Formats& formats, bool columns,
                          std::vector<PoorRow>& poor) {
  ImageMatrix m;
  std::vector<double> ratios;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    double largest = 0;
    for (const float w : rows.row(r)) largest = std::max(largest, std::abs(double{w}));
    const double scale = largest / 127;
    double error = 0, size = 0;
    for (const float w : rows.row(r)) {
      const double q = scale > 0 ? std::round(w / scale) : 0;
      m.s8.push_back(static_cast<std::int8_t>(q));
      error += (w - q * scale) * (w - q * scale);
      size += double{w} * w;
    }
    ratios.push_back(scale * std::ldexp(formats.step, formats.bits));
    const double relative = size > 0 ? std::sqrt(error / size) : 0;
    if (relative > k_poor_row) {
      const std::string name = std::string(rows.name) + (rows.reverse ? "_reverse" : "");
      poor.push_back({rows.layer, name, r, relative});
    }
  }
  m.shift = shift_for(ratios, rows);
  for (const double ratio : ratios) {
    const double multiplier = std::round(std::ldexp(ratio, 31 - m.shift));
    m.scale.push_back(std::max(1, static_cast<std::int32_t>(multiplier)));
  }
  require_room(m.s8, rows, m.shift, formats, columns);
  return m;
}

std::vector<std::int32_t> quantize_bias(const std::vector<double>& bias, int bits,
                                        const std::string& name) {
  std::vector<std::int32_t> q;
  for (const double b : bias) {
    const double steps = std::round(std::ldexp(b, bits));
    if (std::abs(steps) >= 0x1p30) {
      throw Error(name, "bias " + std::to_string(b) + " is too large for int8 models",
                  "train with --weight-decay, or use --type f32");
    }
    q.push_back(static_cast<std::int32_t>(steps));
  }
  return q;
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

// A bidirectional image has room for one whole sequence.
void require_max_steps(const NetShape& shape, std::size_t max_steps) {
  if (!shape.bidirectional || (max_steps >= 1 && max_steps <= k_most_steps)) return;
  throw Error("--max-steps",
              "is " + std::to_string(max_steps) + ", expected 1 to " + std::to_string(k_most_steps),
              "a bidirectional model keeps a whole sequence in memory");
}

// x = q * step + mean, so W x = (W step) q + W mean: the second term goes into the bias.
void fold_mean(const std::vector<float>& w, const std::vector<float>& mean,
               std::vector<double>& bias) {
  for (std::size_t r = 0; r < w.size() / mean.size(); ++r) {
    for (std::size_t i = 0; i < mean.size(); ++i)
      bias[r] += double{w[r * mean.size() + i]} * mean[i];
  }
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

// The inputs' weights as the tensor's step sees them: a feature with a longer one counts more.
std::vector<float> in_steps(const std::vector<float>& w, const std::vector<float>& inv_step,
                            double step) {
  std::vector<float> scaled;
  for (std::size_t i = 0; i < w.size(); ++i) {
    scaled.push_back(static_cast<float>(w[i] / (double{inv_step[i % inv_step.size()]} * step)));
  }
  return scaled;
}

constexpr double k_activation_step = 0x1p-15;

// real_step: of a 16-bit input, 2^-15 where it is an activation.
Formats input_formats(Format input, double real_step) {
  if (input == Format::token) return {1.0 / k_token_one, k_token_one, k_gate_bits};
  if (input == Format::s16) return {real_step, k_largest_s16, k_gate_bits};
  return {0x1p-7, k_largest_s8, k_gate_bits};
}

// Both accumulators and the bias of a row together, as load will ask.
void require_sum(const ImageLayer& layer, std::int32_t largest_x, std::size_t l) {
  const auto bound = [](const ImageMatrix& m, std::size_t row, std::size_t inputs, bool one,
                        std::int32_t largest) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < inputs; ++i) {
      const std::int64_t size = std::abs(m.s8[row * inputs + i]);
      sum = one ? std::max(sum, size) : sum + size;
    }
    return ((sum * largest * (std::int64_t{1} << m.shift) * m.scale[row]) >> 31) + 1;
  };
  const bool columns = layer.input == Format::token;
  const std::size_t rows = layer.w.scale.size();
  for (std::size_t row = 0; row < rows; ++row) {
    std::int64_t most = std::abs(std::int64_t{layer.bias_s32[row]}) +
                        bound(layer.w, row, layer.inputs, columns, largest_x);
    const std::int32_t largest_h = layer.recurrent == Format::s16 ? k_largest_s16 : k_largest_s8;
    if (!layer.u.s8.empty()) most += bound(layer.u, row, layer.outputs, false, largest_h);
    // Of a GRU's n, the bias inside the reset.
    const std::size_t second = row + layer.outputs;
    if (layer.bias_s32.size() > rows && second >= rows) {
      most += std::abs(std::int64_t{layer.bias_s32[second]});
    }
    if (most > INT32_MAX - 128) {
      throw Error("layer " + std::to_string(l),
                  "row " + std::to_string(row) + " could leave the range of its sum",
                  "train with --weight-decay, or use --type f32");
    }
  }
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
