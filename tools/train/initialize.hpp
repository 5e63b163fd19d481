// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The first values of the parameters.
#pragma once
#include <cstdint>

#include "train/network.hpp"

namespace rondo::tool {

// A matrix of the cells is (outputs, inputs) = (4 H, I) or (4 H, H), one matrix for all gates, as
// PyTorch's initializers see it; the head's is (O, H), of bidirectional layers (O, 2 H).
enum class Initialization : std::uint8_t {
  uniform,  // PyTorch's default: everything, biases too, U(-b, b), b = 1 / sqrt(H); head: of its
            // inputs
  normal,   // matrices N(0, 0.01^2), biases 0
  xavier,   // matrices U(-b, b), b = sqrt(6 / (inputs + outputs)), biases 0
  kaiming,  // matrices U(-b, b), b = sqrt(6 / inputs), biases 0
};

// Draws parameter after parameter in the checkpoint's order, each in the order of PyTorch's rows,
// from Random(seed): the same values on every machine. Fills the whole block.
void initialize(const Network& net, Initialization how, std::uint64_t seed, float* block);

}  // namespace rondo::tool
