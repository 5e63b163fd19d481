// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A block of parameters (or of the optimizer's averages) as tensors with PyTorch's names and
// shapes, and back. Matrices are transposed on the way: PyTorch's are output-major.
#pragma once
#include <string>
#include <vector>

#include "formats/safetensors.hpp"
#include "train/network.hpp"

namespace rondo::tool {

// In PyTorch's order, each name behind `prefix`.
std::vector<Tensor> tensors_of(const Network& net, const float* block,
                               const std::string& prefix = {});

// Fills the block. Throws Error naming `place` and the tensor where one is missing, is not float32
// of the shape that belongs to the network, or holds NaN or infinity.
void block_from(const Network& net, const TensorFile& file, const std::string& place, float* block,
                const std::string& prefix = {});

}  // namespace rondo::tool
