// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See fold.hpp.
#include "command/fold.hpp"

namespace rondo::tool {
namespace {

// W (x - mean) / deviation + b = (W / deviation) x + (b - (W / deviation) mean)
void fold_features(const Network& net, const Layout::Cell& cell, const Scaling& scaling,
                   std::span<float> parameters) {
  const std::size_t gates = net.shape.gate_width();
  for (std::size_t gate = 0; gate < gates; ++gate) {
    double bias = parameters[cell.b_ih + gate];
    for (std::size_t i = 0; i < net.shape.inputs; ++i) {
      float& w = parameters[cell.w + i * gates + gate];
      w = scaling.deviation[i] > 0 ? static_cast<float>(w / scaling.deviation[i]) : 0.0F;
      bias -= w * scaling.mean[i];
    }
    parameters[cell.b_ih + gate] = static_cast<float>(bias);
  }
}

}  // namespace

void fold(const Network& net, const Scaling& features, const Scaling& targets,
          std::span<float> parameters) {
  for (std::size_t half = 0; half < net.shape.halves(); ++half) {
    fold_features(net, net.layout.cells[half], features, parameters);
  }
  const std::size_t outputs = net.shape.outputs;
  for (std::size_t o = 0; o < targets.mean.size(); ++o) {
    for (std::size_t k = 0; k < net.shape.layer_outputs(); ++k) {
      float& w = parameters[net.layout.head_w + k * outputs + o];
      w = static_cast<float>(w * targets.deviation[o]);
    }
    float& b = parameters[net.layout.head_b + o];
    b = static_cast<float>(b * targets.deviation[o] + targets.mean[o]);
  }
}

}  // namespace rondo::tool
