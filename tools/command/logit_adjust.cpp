// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See logit_adjust.hpp. The bias is learned together with whatever constant stands beside it, so
// that the term may as well be taken off after training as put on during training.
#include "command/logit_adjust.hpp"

#include <cmath>

namespace rondo::tool {

void adjust_scores(Trainer& trainer, std::span<const std::uint32_t> labels, double tau) {
  const Network& net = trainer.network();
  std::vector<double> shares(net.shape.outputs);
  for (const std::uint32_t label : labels)
    shares[label] += 1.0 / static_cast<double>(labels.size());
  const char* const bias = net.shape.cell == CellKind::classroom ? "i2o.bias" : "linear.bias";
  for (const Parameter& p : parameters_of(net.shape, net.layout)) {
    if (p.name != bias) continue;
    for (std::size_t k = 0; k < p.outputs; ++k) {
      if (shares[k] == 0) continue;
      trainer.parameters()[p.place(k, 0)] -= static_cast<float>(tau * std::log(shares[k]));
    }
  }
}

}  // namespace rondo::tool
