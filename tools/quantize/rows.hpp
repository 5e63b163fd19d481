// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Rows of float weights as int8 with a multiplier each, biases in the formats of
// rondo/numeric.hpp, and the proofs that Model::load will ask for. Shared by the quantizers of
// trained and of imported networks.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "formats/image.hpp"
#include "quantize/quantize.hpp"

namespace rondo::tool {

// PyTorch's name of a tensor of a layer, or of half of it.
std::string layer_name(const char* what, std::size_t layer, bool reverse = false);

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

// Throws Error naming the row that int8 cannot hold. columns: the inputs are tokens.
ImageMatrix quantize_rows(const Rows& rows, const Formats& formats, bool columns,
                          std::vector<PoorRow>& poor);

std::vector<std::int32_t> quantize_bias(const std::vector<double>& bias, int bits,
                                        const std::string& name);

// x = q * step + mean, so W x = (W step) q + W mean: the second term goes into the bias.
void fold_mean(const std::vector<float>& w, const std::vector<float>& mean,
               std::vector<double>& bias);

// The inputs' weights as the tensor's step sees them: a feature with a longer one counts more.
std::vector<float> in_steps(const std::vector<float>& w, const std::vector<float>& inv_step,
                            double step);

inline constexpr double k_activation_step = 0x1p-15;

// real_step: of a 16-bit input, 2^-15 where it is an activation.
Formats input_formats(Format input, double real_step);

// Both accumulators and the bias of a row together, as load will ask.
void require_sum(const ImageLayer& layer, std::int32_t largest_x, std::size_t l);

}  // namespace rondo::tool
