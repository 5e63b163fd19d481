// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What quantizing cost: the int8 image run by the real runtime, step by step beside the float net.
// Of bidirectional nets, which run whole sequences, h is seen after each half's last step only.
#pragma once
#include <cstdint>
#include <span>
#include <string>
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
  std::vector<Deviation> gates;  // activations, in the order of gate_names
  Deviation c;                   // LSTM
  Deviation h;                   // in the format that the layer's own products read
  // Values that reached the end of their format: arguments of gates (beyond 16, or 8 for g), cells
  // (beyond 512).
  std::uint64_t saturated_gates = 0;
  std::uint64_t saturated_cells = 0;
};

struct Comparison {
  CellKind cell = CellKind::lstm;
  std::vector<LayerDeviation> layers;  // of a bidirectional net forward and backward halves
  Deviation scores;
  std::uint64_t sequences = 0;
  std::uint64_t steps = 0;
  std::uint64_t answers = 0;  // compared scores: one a sequence or, of Head::every_step, one a step
  std::uint64_t agreeing = 0;  // of these, with the same greatest score
  // Real inputs that calibration's range cut off.
  std::uint64_t saturated_inputs = 0;
};

// "input gate i", ...: of the cell of a net.
std::vector<std::string> gate_names(CellKind cell);

// `image`: int8, of the same shape as the trainer's net.
Comparison compare(Trainer& trainer, std::span<const std::uint8_t> image, Batch sequences);

nlohmann::json to_json(const Comparison& comparison);

}  // namespace rondo::tool
