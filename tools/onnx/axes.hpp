// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Nodes that only move the axes of the flow about, or take one step or one direction of it: what
// exporters put between the layers. Called by the tracer; numbers are not touched here.
#pragma once
#include <vector>

#include "onnx/operands.hpp"

namespace rondo::tool {

// Which axes of the model's input count the steps and the sequences; known from the first recurrent
// node on.
struct Roles {
  int time = k_no_axis;
  int batch = k_no_axis;
};

bool moves_axes(const std::string& op);

// The outputs of such a node, of which input 0 is the flow. Throws Error naming the node where
// rondo's chain of layers cannot express it.
std::vector<Flow> move_axes(const NodeView& view, const Roles& roles);

}  // namespace rondo::tool
