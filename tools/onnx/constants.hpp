// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Nodes whose operands are all constant: the arithmetic of shapes, and what exporters do to weights
// on the way to a recurrent node. Called by the tracer.
#pragma once
#include <vector>

#include "onnx/operands.hpp"

namespace rondo::tool {

// Elements that all evaluated constants of a graph may have together: a small file could otherwise
// ask for any amount of memory.
class Budget {
 public:
  // Counts the elements of a tensor to be made; refuses what is negative or too much.
  std::size_t spend(const NodeView& view, const std::vector<std::int64_t>& dims);

 private:
  std::size_t left_ = std::size_t{1} << 26;  // 1 GiB of integers, 256 MiB of floats
};

// The outputs of the node. Throws Error naming the node where its operator is not one of them.
std::vector<Constant> evaluate(const NodeView& view, Budget& budget);

// The size of each axis of a flow, as Shape gives it.
Constant shape_of(const NodeView& view, const Flow& flow);

}  // namespace rondo::tool
