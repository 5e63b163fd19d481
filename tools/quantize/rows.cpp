// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See rows.hpp.
#include "quantize/rows.hpp"

#include <algorithm>
#include <cmath>

#include <rondo/numeric.hpp>

#include "base/error.hpp"

namespace rondo::tool {
namespace {

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

}  // namespace

std::string layer_name(const char* what, std::size_t layer, bool reverse) {
  return std::string(what) + "_l" + std::to_string(layer) + (reverse ? "_reverse" : "");
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

void fold_mean(const std::vector<float>& w, const std::vector<float>& mean,
               std::vector<double>& bias) {
  for (std::size_t r = 0; r < w.size() / mean.size(); ++r) {
    for (std::size_t i = 0; i < mean.size(); ++i)
      bias[r] += double{w[r * mean.size() + i]} * mean[i];
  }
}

std::vector<float> in_steps(const std::vector<float>& w, const std::vector<float>& inv_step,
                            double step) {
  std::vector<float> scaled;
  for (std::size_t i = 0; i < w.size(); ++i) {
    scaled.push_back(static_cast<float>(w[i] / (double{inv_step[i % inv_step.size()]} * step)));
  }
  return scaled;
}

Formats input_formats(Format input, double real_step) {
  if (input == Format::token) return {1.0 / k_token_one, k_token_one, k_gate_bits};
  if (input == Format::s16) return {real_step, k_largest_s16, k_gate_bits};
  return {0x1p-7, k_largest_s8, k_gate_bits};
}

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

}  // namespace rondo::tool
