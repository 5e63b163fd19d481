// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The shape of a network and where each of its parameters stands in the one block that holds them
// all; gradients and the optimizer's averages are blocks of the same layout.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace rondo::tool {

enum class CellKind : std::uint8_t {
  lstm,
  gru,   // reset after the product
  rnn,   // Elman, tanh
  relu,  // Elman, ReLU
};
enum class InputKind : std::uint8_t {
  tokens,  // one-hot of V: a row of the matrix, no product
  reals,   // I numbers
};
enum class Head : std::uint8_t {
  last_step,   // one answer a sequence: classification
  every_step,  // one a step: language model
};

// Layers of cells, then a linear head. Dropout (inverted, in training only) is the share of the
// outputs of every layer that is set to zero on its way up, to the next layer or the head. The last
// step of a bidirectional layer is that of the sequence, as in the runtime and in PyTorch's
// output[-1]: there the backward half has read the last input only.
struct NetShape {
  CellKind cell = CellKind::lstm;
  InputKind input = InputKind::tokens;
  std::size_t inputs = 0;  // V or I
  std::size_t hidden = 0;  // H
  std::size_t layers = 1;  // L
  Head head = Head::last_step;
  std::size_t outputs = 0;  // O
  double dropout = 0;
  bool bidirectional = false;  // each layer is two halves: forward, and backward from the end

  // Of a unit: i, f, g, o; r, z, n; or one.
  std::size_t gates() const { return cell == CellKind::lstm ? 4 : cell == CellKind::gru ? 3 : 1; }
  std::size_t halves() const { return bidirectional ? 2 : 1; }
  // What a layer hands on: h of its halves, side by side.
  std::size_t layer_outputs() const { return halves() * hidden; }
  std::size_t width(std::size_t layer) const { return layer == 0 ? inputs : layer_outputs(); }
};

// Throws Error naming what is out of range.
void require_sane(const NetShape& shape);

// Offsets into the block. Inside, matrices are input-major, so that the products of a step read
// whole rows and a token is one row. All matrices come first: weight decay is theirs alone.
struct Layout {
  struct Cell {
    std::size_t w;     // (I, G * H)
    std::size_t u;     // (H, G * H)
    std::size_t b_ih;  // (G * H), added to b_hh; both, as PyTorch has them
    std::size_t b_hh;  // (G * H)
  };
  std::vector<Cell> cells;  // one a layer; of a bidirectional one two, forward and backward
  std::size_t head_w;       // (layer_outputs, O)
  std::size_t head_b;       // (O)
  std::size_t matrices;     // the end of the matrices
  std::size_t size;         // of the whole block; the gaps between parameters stay zero

  explicit Layout(const NetShape& shape);
};

// One parameter as PyTorch has it: (outputs, inputs), or a bias (outputs).
struct Parameter {
  // weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, the same with _reverse, ..., linear.weight
  std::string name;
  std::size_t outputs;
  std::size_t inputs;  // 1 for a bias
  std::size_t offset;  // in the block, where it stands as (inputs, outputs)
  bool bias;
  std::size_t fan;  // PyTorch draws its first values below 1 / sqrt(fan)
};

// In the order of PyTorch and of the checkpoint.
std::vector<Parameter> parameters_of(const NetShape& shape, const Layout& layout);

}  // namespace rondo::tool
