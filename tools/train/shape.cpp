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

Layout::Layout(const NetShape& shape) : cells(shape.layers * shape.halves()) {
  std::size_t end = 0;
  const auto take = [&](std::size_t count) {
    constexpr std::size_t k_line = 16;  // floats in a cache line
    const std::size_t offset = end;
    end += (count + k_line - 1) / k_line * k_line;
    return offset;
  };
  const std::size_t gates = shape.gates() * shape.hidden;
  for (std::size_t cell = 0; cell < cells.size(); ++cell) {
    cells[cell].w = take(shape.width(cell / shape.halves()) * gates);
    cells[cell].u = take(shape.hidden * gates);
  }
  head_w = take(shape.layer_outputs() * shape.outputs);
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
  const std::size_t hidden = shape.hidden;
  for (std::size_t i = 0; i < layout.cells.size(); ++i) {
    const std::size_t layer = i / shape.halves();
    const bool reverse = i % shape.halves() == 1;
    const std::string end = "_l" + std::to_string(layer) + (reverse ? "_reverse" : "");
    const Layout::Cell& cell = layout.cells[i];
    list.push_back({"weight_ih" + end, gates, shape.width(layer), cell.w, false, hidden});
    list.push_back({"weight_hh" + end, gates, hidden, cell.u, false, hidden});
    list.push_back({"bias_ih" + end, gates, 1, cell.b_ih, true, hidden});
    list.push_back({"bias_hh" + end, gates, 1, cell.b_hh, true, hidden});
  }
  const std::size_t inputs = shape.layer_outputs();
  list.push_back({"linear.weight", shape.outputs, inputs, layout.head_w, false, inputs});
  list.push_back({"linear.bias", shape.outputs, 1, layout.head_b, true, inputs});
  return list;
}

}  // namespace rondo::tool
