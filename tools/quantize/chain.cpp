// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See chain.hpp. Each layer reads integers of a known step; a dense layer without bounds (none,
// ReLU) gets the step of its greatest output on the calibration data.
#include "quantize/chain.hpp"

#include <algorithm>
#include <cmath>

#include <rondo/numeric.hpp>

#include "base/error.hpp"
#include "import/chain.hpp"
#include "quantize/chain_range.hpp"
#include "quantize/rows.hpp"

namespace rondo::tool {
namespace {

constexpr const char* k_place = "imported network";

Activation mode_of(const ImageLayer& layer) {
  return static_cast<Activation>(layer.mode);
}

bool is_bounded(const ImageLayer& layer) {
  return mode_of(layer) == Activation::tanh || mode_of(layer) == Activation::sigmoid;
}

void require_bounded_state(const ImageLayer& layer, std::size_t index) {
  if (layer.kind != Kind::rnn || mode_of(layer) == Activation::tanh) return;
  throw Error(std::string(k_place) + ", layer " + std::to_string(index),
              std::string("an RNN with the activation ") + name_of(mode_of(layer)) +
                  " has a state without bounds, which no integer format can hold",
              "run it in float: --type f32");
}

std::vector<double> wide(const std::vector<float>& values) {
  return {values.begin(), values.end()};
}

// Values in a format of the state, kept inside it: one that was stored beyond fades at once.
std::int32_t state_value(float value, int bits, double most) {
  const double steps = std::round(std::ldexp(double{value}, bits));
  return static_cast<std::int32_t>(std::clamp(steps, -most, most));
}

// Formats of LayerRecord: LSTM c Q9.22 and h Q0.15; GRU h Q1.30; RNN h Q0.15.
std::vector<std::int32_t> initial_of(const ImageLayer& layer) {
  std::vector<std::int32_t> initial;
  const std::size_t cells = layer.kind == Kind::lstm ? layer.initial_f32.size() / 2 : 0;
  const bool gru = layer.kind == Kind::gru || layer.kind == Kind::gru_before;
  for (std::size_t i = 0; i < layer.initial_f32.size(); ++i) {
    const float value = layer.initial_f32[i];
    if (i < cells) {
      initial.push_back(state_value(value, k_cell_bits, INT32_MAX));
    } else {
      initial.push_back(gru ? state_value(value, 30, k_gru_one) : state_value(value, 15, 32767));
    }
  }
  return initial;
}

class ChainQuantizer {
 public:
  ChainQuantizer(const ImageContent& chain, const Series& data, int activations,
                 std::size_t max_steps)
      : chain_(chain), data_(data), inner_(activations == 16 ? Format::s16 : Format::s8) {
    ImageContent& content = result_.content;
    content.input = chain.input;
    content.inputs = chain.inputs;
    content.outputs = chain.outputs;
    content.max_steps = is_bidirectional(chain) ? static_cast<std::uint32_t>(max_steps) : 0;
    if (chain.input != Format::token) calibrate_input();
  }

  Quantized run() {
    for (std::size_t i = 0; i < chain_.layers.size(); ++i) {
      const ImageLayer& from = chain_.layers[i];
      const bool back = from.direction == Direction::backward;
      if (!back) below_ = Flow{format_, step_, real_};
      ImageLayer layer = frame(i);
      if (has_state(from.kind)) {
        add_state(i, layer);
      } else if (from.kind == Kind::dense || from.kind == Kind::linear) {
        add_dense(i, layer);
      } else if (from.kind == Kind::skip) {
        add_skip(layer);
      }
      format_ = layer.output;
      if (from.kind != Kind::pool) real_ = false;
      result_.content.layers.push_back(std::move(layer));
    }
    return std::move(result_);
  }

 private:
  struct Flow {
    Format format;
    double step;
    bool real;  // the model's input, whose mean is folded into what reads it
  };

  void calibrate_input() {
    std::vector<std::span<const float>> spans;
    for (const Series::Sequence& s : data_.sequences) spans.emplace_back(s.reals);
    const Calibration seen = calibrate(spans, chain_.inputs);
    const double range = seen.largest > 0 ? seen.largest * k_input_margin : 1.0;
    const auto inv_step = static_cast<float>(32767 / range);
    ImageContent& content = result_.content;
    content.input = format_ = Format::s16;
    content.mean = seen.mean;
    content.inv_step.assign(content.inputs, inv_step);
    step_ = 1 / double{inv_step};
    real_ = true;
  }

  // What int8 says of the layer besides numbers.
  ImageLayer frame(std::size_t i) const {
    const ImageLayer& from = chain_.layers[i];
    ImageLayer layer;
    layer.kind = from.kind;
    layer.type = Type::s8;
    layer.mode = from.mode;
    layer.direction = from.direction;
    layer.inputs = from.inputs;
    layer.outputs = from.outputs;
    layer.input = below_.format;
    layer.output = below_.format;  // of a pool
    if (has_state(from.kind)) {
      layer.recurrent = inner_;
      layer.output = wide_reader_follows(i) ? Format::s16 : inner_;
    } else if (from.kind == Kind::skip) {
      layer.recurrent = result_.content.input;
      layer.output = Format::s32;
    } else if (from.kind != Kind::pool) {
      layer.output = gives_scores(i) ? Format::s32 : Format::s16;
    }
    return layer;
  }

  // Cells read h in the format of activations; dense layers always read 16 bits, as the head does.
  bool wide_reader_follows(std::size_t i) const {
    for (++i; i < chain_.layers.size(); ++i) {
      const ImageLayer& next = chain_.layers[i];
      if (next.kind == Kind::pool || next.direction == Direction::backward) continue;
      return !has_state(next.kind);
    }
    return true;
  }

  bool gives_scores(std::size_t i) const {
    const std::size_t left = chain_.layers.size() - i;
    return left == 1 || (left == 2 && chain_.layers[i + 1].kind == Kind::skip);
  }

  // W as what it reads has it, and its bias with the mean of the input.
  std::vector<float> input_weights(const ImageLayer& from, std::vector<double>& bias) const {
    if (!below_.real) return from.w.f32;
    fold_mean(from.w.f32, result_.content.mean, bias);
    return in_steps(from.w.f32, result_.content.inv_step, below_.step);
  }

  Formats reads(int bits, double out_step) const {
    Formats formats = input_formats(below_.format, below_.step);
    formats.step /= out_step;
    formats.bits = bits;
    return formats;
  }

  void add_state(std::size_t i, ImageLayer& layer) {
    const ImageLayer& from = chain_.layers[i];
    require_bounded_state(from, i);
    const bool reverse = from.direction == Direction::backward;
    // The n of a GRU has a second bias, inside the reset: no input goes there.
    const std::size_t rows = gates_of(from.kind) * std::size_t{from.outputs};
    std::vector<double> bias = wide(from.bias_f32);
    std::vector<double> outer(bias.begin(), bias.begin() + static_cast<std::ptrdiff_t>(rows));
    const std::vector<float> w = input_weights(from, outer);
    std::copy(outer.begin(), outer.end(), bias.begin());
    layer.w = quantize_rows({i, "weight_ih", w, layer.inputs, reverse}, reads(k_gate_bits, 1),
                            below_.format == Format::token, result_.poor_rows);
    layer.u = quantize_rows({i, "weight_hh", from.u.f32, layer.outputs, reverse},
                            input_formats(inner_, k_activation_step), false, result_.poor_rows);
    layer.bias_s32 = quantize_bias(bias, k_gate_bits, layer_name("bias", i, reverse));
    layer.initial_s32 = initial_of(from);
    require_sum(layer, input_formats(below_.format, below_.step).largest, i);
    step_ = k_activation_step;
  }

  void add_dense(std::size_t i, ImageLayer& layer) {
    const ImageLayer& from = chain_.layers[i];
    double out_step = 1;
    int bits = k_score_bits;
    if (is_bounded(from)) {
      bits = k_gate_bits;
      step_ = k_activation_step;
    } else if (layer.output != Format::s32) {
      const double range = range_of(chain_, i, data_);
      out_step = (range > 0 ? range * k_input_margin : 1.0) / 32767;
      bits = k_dense_bits;
      step_ = out_step;
    }
    std::vector<double> bias = wide(from.bias_f32);
    const std::vector<float> w = input_weights(from, bias);
    layer.w = quantize_rows({i, "weight", w, layer.inputs}, reads(bits, out_step),
                            below_.format == Format::token, result_.poor_rows);
    for (double& b : bias) b /= out_step;
    layer.bias_s32 = quantize_bias(bias, bits, layer_name("bias", i));
    require_sum(layer, input_formats(below_.format, below_.step).largest, i);
  }

  // score += q step + mean, in Q15.16.
  void add_skip(ImageLayer& layer) {
    const ImageContent& content = result_.content;
    std::vector<double> ratios, means;
    double most = 0;
    for (std::size_t j = 0; j < layer.outputs; ++j) {
      ratios.push_back(std::ldexp(1 / double{content.inv_step[j]}, k_score_bits));
      most = std::max(most, ratios.back());
      means.push_back(double{content.mean[j]});
    }
    // |x << shift| stays below 2^30 with int16 inputs: a shift of 14 at most.
    while (layer.w.shift < 14 && std::ldexp(most, 31 - layer.w.shift) > INT32_MAX) ++layer.w.shift;
    if (std::ldexp(most, 31 - layer.w.shift) > INT32_MAX) {
      throw Error(k_place, "the input that skip adds to the scores is too large for int8 models",
                  "scale the input, or use --type f32");
    }
    for (const double ratio : ratios) {
      const double m = std::round(std::ldexp(ratio, 31 - layer.w.shift));
      layer.w.scale.push_back(static_cast<std::int32_t>(std::clamp(m, 1.0, 2147483647.0)));
    }
    layer.bias_s32 = quantize_bias(means, k_score_bits, "skip");
  }

  const ImageContent& chain_;
  const Series& data_;
  Format inner_;
  Format format_ = Format::token;
  double step_ = 1;
  bool real_ = false;
  Flow below_{Format::token, 1, false};
  Quantized result_;
};

}  // namespace

Quantized quantize_chain(const ImageContent& chain, const Series& data, int activations,
                         std::size_t max_steps) {
  return ChainQuantizer(chain, data, activations, max_steps).run();
}

}  // namespace rondo::tool
