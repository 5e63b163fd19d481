// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// RNN, GRU and LSTM nodes as layers: gates into PyTorch's order, biases added, initial states. What
// rondo's cells have not (peepholes, clipping, other activations, sequences of different lengths)
// is refused by its name. Called by the tracer.
#pragma once
#include <vector>

#include "onnx/chain.hpp"

namespace rondo::tool {

// The node's outputs Y, Y_h, Y_c.
std::vector<Value> add_recurrent(const NodeView& view, Chain& chain);

}  // namespace rondo::tool
