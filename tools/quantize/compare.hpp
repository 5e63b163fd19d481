// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What quantizing cost: the int8 image run by the real runtime, step by step beside the float net.
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include <nlohmann/json.hpp>

#include "train/trainer.hpp"

namespace rondo::tool {

// Absolute differences.
struct Deviation {
  double sum = 0;
  double largest = 0;
  std::uint64_t count = 0;
  void add(double difference);
  double mean() const { return count > 0 ? sum / static_cast<double>(count) : 0; }
};

struct LayerDeviation {
  std::array<Deviation, 4> gates;  // activations of i, f, g, o
  Deviation c;
  Deviation h;  // the 8-bit copy
  // Values that reached the end of their format: arguments of gates (beyond 16, or 8 for g), cells
  // (beyond 512).
  std::uint64_t saturated_gates = 0;
  std::uint64_t saturated_cells = 0;
};

struct Comparison {
  std::vector<LayerDeviation> layers;
  Deviation scores;
  std::uint64_t sequences = 0;
  std::uint64_t steps = 0;
  std::uint64_t agreeing = 0;  // sequences with the same greatest score
  // Real inputs that calibration's range cut off.
  std::uint64_t saturated_inputs = 0;
};

// `image`: int8, of the same shape as the trainer's net.
Comparison compare(Trainer& trainer, std::span<const std::uint8_t> image, Batch sequences);

nlohmann::json to_json(const Comparison& comparison);

}  // namespace rondo::tool
