// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See initialize.hpp.
#include "train/initialize.hpp"

#include <algorithm>
#include <cmath>

#include "base/random.hpp"

namespace rondo::tool {
namespace {

double draw(Initialization how, const Parameter& p, Random& random) {
  if (how != Initialization::uniform && p.bias) return 0;
  const auto inputs = static_cast<double>(p.inputs);
  const auto outputs = static_cast<double>(p.outputs);
  double bound = 1.0 / std::sqrt(static_cast<double>(p.fan));
  switch (how) {
    case Initialization::uniform:
      break;
    case Initialization::normal:
      return 0.01 * random.normal();
    case Initialization::xavier:
      bound = std::sqrt(6.0 / (inputs + outputs));
      break;
    case Initialization::kaiming:
      bound = std::sqrt(6.0 / inputs);
      break;
  }
  return random.uniform(-bound, bound);
}

}  // namespace

void initialize(const Network& net, Initialization how, std::uint64_t seed, float* block) {
  Random random(seed);
  std::fill_n(block, net.layout.size, 0.0F);
  for (const Parameter& p : parameters_of(net.shape, net.layout)) {
    for (std::size_t out = 0; out < p.outputs; ++out) {
      for (std::size_t in = 0; in < p.inputs; ++in) {
        block[p.place(out, in)] = static_cast<float>(draw(how, p, random));
      }
    }
  }
}

}  // namespace rondo::tool
