// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See shape.hpp.
#include "train/shape.hpp"

#include "base/error.hpp"

namespace rondo::tool {
namespace {

// What the classroom cells cannot do, and what they alone can.
void require_classroom(const NetShape& shape) {
  const bool generator = shape.cell == CellKind::generator;
  if (generator != (shape.classes > 0)) {
    throw Error("classes in front of letters", "belong to the generator, and to it alone");
  }
  if (!shape.joined_maps()) return;
  const auto refuse = [](const std::string& what) {
    throw Error(what, "the networks of the classroom have none",
                "train another cell: lstm, gru, rnn or relu");
  };
  if (shape.layers != 1) refuse("second layer");
  if (shape.bidirectional) refuse("backward half of a bidirectional layer");
  if (!generator && shape.dropout != 0) refuse("dropout");
  if (generator && (shape.head != Head::every_step || shape.input != InputKind::tokens)) {
    throw Error("generator", "reads letters and answers each of them");
  }
}

}  // namespace

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
  if (shape.classes > 0) require("classes", shape.classes, k_most);
  if (!(shape.dropout >= 0 && shape.dropout < 1)) {
    throw Error("dropout", "is " + std::to_string(shape.dropout) + ", expected 0 or more, below 1");
  }
  require_classroom(shape);
}

Layout::Layout(const NetShape& shape) : cells(shape.layers * shape.halves()) {
  std::size_t end = 0;
  const auto take = [&](std::size_t count) {
    constexpr std::size_t k_line = 16;  // floats in a cache line
    const std::size_t offset = end;
    end += (count + k_line - 1) / k_line * k_line;
    return offset;
  };
  const std::size_t gates = shape.gate_width();
  const bool has_head = shape.cell != CellKind::classroom;
  for (std::size_t cell = 0; cell < cells.size(); ++cell) {
    const std::size_t of_w = (shape.classes + shape.width(cell / shape.halves())) * gates;
    const std::size_t of_u = shape.hidden * gates;
    cells[cell].w = take(shape.joined_maps() ? of_w + of_u : of_w);
    cells[cell].u = shape.joined_maps() ? cells[cell].w + of_w : take(of_u);
  }
  head_w = has_head ? take(shape.layer_outputs() * shape.outputs) : k_none;
  matrices = end;
  for (Cell& cell : cells) {
    cell.b_ih = take(gates);
    cell.b_hh = shape.joined_maps() ? k_none : take(gates);
  }
  head_b = has_head ? take(shape.outputs) : k_none;
  size = end;
}

namespace {

// A linear layer's two, in columns `first` and on of matrices with `stride` columns.
void add_linear(std::vector<Parameter>& list, const std::string& name, std::size_t outputs,
                std::size_t inputs, std::size_t weight, std::size_t bias, std::size_t first,
                std::size_t stride) {
  list.push_back({name + ".weight", outputs, inputs, weight + first, false, inputs, stride});
  list.push_back({name + ".bias", outputs, 1, bias + first, true, inputs, stride});
}

void add_cells(std::vector<Parameter>& list, const NetShape& shape, const Layout& layout) {
  const std::size_t gates = shape.gate_width();
  const std::size_t hidden = shape.hidden;
  for (std::size_t i = 0; i < layout.cells.size(); ++i) {
    const std::size_t layer = i / shape.halves();
    const bool reverse = i % shape.halves() == 1;
    const std::string end = "_l" + std::to_string(layer) + (reverse ? "_reverse" : "");
    const Layout::Cell& cell = layout.cells[i];
    list.push_back({"weight_ih" + end, gates, shape.width(layer), cell.w, false, hidden, gates});
    list.push_back({"weight_hh" + end, gates, hidden, cell.u, false, hidden, gates});
    list.push_back({"bias_ih" + end, gates, 1, cell.b_ih, true, hidden, gates});
    list.push_back({"bias_hh" + end, gates, 1, cell.b_hh, true, hidden, gates});
  }
}

}  // namespace

std::vector<Parameter> parameters_of(const NetShape& shape, const Layout& layout) {
  std::vector<Parameter> list;
  const std::size_t outputs = shape.outputs;
  if (shape.joined_maps()) {
    const Layout::Cell& cell = layout.cells[0];
    const std::size_t inputs = shape.classes + shape.inputs + shape.hidden;
    const std::size_t width = shape.gate_width();
    add_linear(list, "i2h", shape.hidden, inputs, cell.w, cell.b_ih, 0, width);
    add_linear(list, "i2o", outputs, inputs, cell.w, cell.b_ih, shape.hidden, width);
  } else {
    add_cells(list, shape, layout);
  }
  if (layout.head_w == Layout::k_none) return list;
  add_linear(list, shape.cell == CellKind::generator ? "o2o" : "linear", outputs,
             shape.layer_outputs(), layout.head_w, layout.head_b, 0, outputs);
  return list;
}

}  // namespace rondo::tool
