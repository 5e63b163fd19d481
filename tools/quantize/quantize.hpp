// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// From a trained float model to the content of an image: int8 weights, multipliers, biases in the
// formats of rondo/numeric.hpp, or floats as they are. What quantizing cost is measured in
// compare.hpp, by the real runtime.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "formats/checkpoint.hpp"
#include "formats/image.hpp"

namespace rondo::tool {

// Real inputs: what the calibration sequences showed of each feature. Tokens need none.
struct Calibration {
  std::vector<float> mean;  // (I)
  std::vector<float> unit;  // (I) what a feature's distance is counted in; empty: 1
  float largest = 0;        // greatest |x - mean| of all features, in units
};

// Whether all features share one step, or each has one in proportion to its deviation: for those
// whose sizes have nothing to do with one another, as pascals and degrees. A range of its own for
// each would cut off the tails of the unruly ones.
enum class InputUnit : std::uint8_t { one, deviation };

// Means over all steps of all sequences, each (T, inputs). Throws Error where there is no step.
Calibration calibrate(std::span<const std::span<const float>> sequences, std::size_t inputs,
                      InputUnit unit = InputUnit::one);

// The range that a real input gets is this much wider than what calibration saw; beyond it
// saturates.
inline constexpr double k_input_margin = 1.25;

// A row of weights that int8 represents badly: its error in steps is as for any row, but its
// largest weight is so much greater than the others that those keep few steps.
struct PoorRow {
  std::size_t layer;
  std::string matrix;  // "weight_ih", "weight_hh", the same with _reverse, or "linear.weight"
  std::size_t row;
  double relative_error;  // |w - int8(w)| / |w|, both Euclidean
};
inline constexpr double k_poor_row = 0.02;

struct Quantized {
  ImageContent content;
  std::vector<PoorRow> poor_rows;  // relative_error above k_poor_row
};

// activations: bits of h where it goes through a matrix, 8 or 16 (a8, a16). max_steps: what a
// bidirectional model can read of a sequence, 1 .. k_most_steps; others read any number. Throws
// Error where the cell's state has no bounds, and where a row could leave the range of its format;
// the message names it.
Quantized quantize(const Checkpoint& checkpoint, const Calibration& calibration,
                   int activations = 8, std::size_t max_steps = 0);

// The same model with its float weights. Throws Error where an image cannot hold it.
ImageContent float_content(const Checkpoint& checkpoint, std::size_t max_steps = 0);

}  // namespace rondo::tool
