// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See shape.hpp.
#include "train/shape.hpp"

#include "base/error.hpp"

namespace rondo::tool {

void require_sane(const NetShape& shape) {
  const auto require = [](const char* what, std::size_t value, std::size_t most) {
    if (value >= 1 && value <= most) return;
    throw Error(what, "is " + std::to_string(value) + ", expected 1 to " + std::to_string(most));
  };
  constexpr std::size_t k_most = std::size_t{1} << 20;  // sizes and their products stay small
  require("inputs", shape.inputs, k_most);
  require("hidden units", shape.hidden, std::size_t{1} << 14);
  require("layers", shape.layers, 64);
  require("outputs", shape.outputs, k_most);
  if (!(shape.dropout >= 0 && shape.dropout < 1)) {
    throw Error("dropout", "is " + std::to_string(shape.dropout) + ", expected 0 or more, below 1");
  }
}

Layout::Layout(const NetShape& shape) : cells(shape.layers) {
  std::size_t end = 0;
  const auto take = [&](std::size_t count) {
    constexpr std::size_t k_line = 16;  // floats in a cache line
    const std::size_t offset = end;
    end += (count + k_line - 1) / k_line * k_line;
    return offset;
  };
  const std::size_t gates = shape.gates() * shape.hidden;
  for (std::size_t layer = 0; layer < shape.layers; ++layer) {
    cells[layer].w = take(shape.width(layer) * gates);
    cells[layer].u = take(shape.hidden * gates);
  }
  head_w = take(shape.hidden * shape.outputs);
  matrices = end;
  for (Cell& cell : cells) {
    cell.b_ih = take(gates);
    cell.b_hh = take(gates);
  }
  head_b = take(shape.outputs);
  size = end;
}

std::vector<Parameter> parameters_of(const NetShape& shape, const Layout& layout) {
  std::vector<Parameter> list;
  const std::size_t gates = shape.gates() * shape.hidden;
  for (std::size_t layer = 0; layer < shape.layers; ++layer) {
    const std::string end = "_l" + std::to_string(layer);
    const Layout::Cell& cell = layout.cells[layer];
    list.push_back({"weight_ih" + end, gates, shape.width(layer), cell.w, false});
    list.push_back({"weight_hh" + end, gates, shape.hidden, cell.u, false});
    list.push_back({"bias_ih" + end, gates, 1, cell.b_ih, true});
    list.push_back({"bias_hh" + end, gates, 1, cell.b_hh, true});
  }
  list.push_back({"linear.weight", shape.outputs, shape.hidden, layout.head_w, false});
  list.push_back({"linear.bias", shape.outputs, 1, layout.head_b, true});
  return list;
}

}  // namespace rondo::tool
