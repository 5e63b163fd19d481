// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The shape of a network and where each of its parameters stands in the one block that holds them
// all; gradients and the optimizer's averages are blocks of the same layout.
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace rondo::tool {

enum class CellKind : std::uint8_t {
  lstm,
  gru,   // reset after the product
  rnn,   // Elman, tanh
  relu,  // Elman, ReLU
  // The two of the classroom, without activation: h' = i2h [x, h] and o = i2o [x, h].
  classroom,  // the scores are o: no linear head
  generator,  // x is a class and a letter; the scores are o2o [h', o]
};
enum class InputKind : std::uint8_t {
  tokens,  // one-hot of V: a row of the matrix, no product
  reals,   // I numbers
};
enum class Head : std::uint8_t {
  last_step,   // one answer a sequence: classification
  every_step,  // one a step: language model
};
enum class Loss : std::uint8_t {
  cross_entropy,  // of softmax: outputs are classes
  squared,        // mean over the outputs, which are numbers: regression
};

// Layers of cells, then a linear head. Dropout (inverted, in training only) is the share of the
// outputs of every layer that is set to zero on its way up, to the next layer or the head. The last
// step of a bidirectional layer is that of the sequence, as in the runtime and in PyTorch's
// output[-1]: there the backward half has read the last input only. In a generator dropout is on
// the scores, as its author has it.
struct NetShape {
  CellKind cell = CellKind::lstm;
  InputKind input = InputKind::tokens;
  std::size_t inputs = 0;  // V or I
  std::size_t hidden = 0;  // H
  std::size_t layers = 1;  // L
  Head head = Head::last_step;
  Loss loss = Loss::cross_entropy;
  std::size_t outputs = 0;  // O
  double dropout = 0;
  bool bidirectional = false;  // each layer is two halves: forward, and backward from the end
  std::size_t classes = 0;     // C, generator only: a class, one-hot, in front of each letter

  // Of a unit: i, f, g, o; r, z, n; or one.
  std::size_t gates() const { return cell == CellKind::lstm ? 4 : cell == CellKind::gru ? 3 : 1; }
  bool joined_maps() const { return cell == CellKind::classroom || cell == CellKind::generator; }
  std::size_t halves() const { return bidirectional ? 2 : 1; }
  // What a layer hands on: h of its halves, side by side; of a classroom cell h' and o.
  std::size_t layer_outputs() const { return halves() * hidden + (joined_maps() ? outputs : 0); }
  // G: columns of a cell's matrices.
  std::size_t gate_width() const { return joined_maps() ? hidden + outputs : gates() * hidden; }
  std::size_t width(std::size_t layer) const { return layer == 0 ? inputs : layer_outputs(); }
};

// Throws Error naming what is out of range.
void require_sane(const NetShape& shape);

// Offsets into the block. Inside, matrices are input-major, so that the products of a step read
// whole rows and a token is one row. All matrices come first: weight decay is theirs alone.
struct Layout {
  struct Cell {
    std::size_t w;     // (I, G); generator: (C + I, G)
    std::size_t u;     // (H, G), in the classroom cells right behind w
    std::size_t b_ih;  // (G), added to b_hh; both, as PyTorch has them
    std::size_t b_hh;  // (G); k_none in the classroom cells
  };
  static constexpr std::size_t k_none = std::numeric_limits<std::size_t>::max();
  std::vector<Cell> cells;  // one a layer; of a bidirectional one two, forward and backward
  std::size_t head_w;       // (layer_outputs, O); k_none: no head
  std::size_t head_b;       // (O); k_none: no head
  std::size_t matrices;     // the end of the matrices
  std::size_t size;         // of the whole block; the gaps between parameters stay zero

  explicit Layout(const NetShape& shape);
};

// One parameter as PyTorch has it: (outputs, inputs), or a bias (outputs).
struct Parameter {
  // weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, the same with _reverse, ..., linear.weight,
  // linear.bias; classroom cells: i2h.weight, i2h.bias, i2o.weight, i2o.bias, o2o.weight, o2o.bias
  std::string name;
  std::size_t outputs;
  std::size_t inputs;  // 1 for a bias
  std::size_t offset;  // in the block, where it stands as (inputs, outputs)
  bool bias;
  std::size_t fan;  // PyTorch draws its first values below 1 / sqrt(fan)
  std::size_t
      stride;  // in the block from an input to the next: columns of the matrix it is part of

  std::size_t place(std::size_t output, std::size_t input) const {
    return offset + input * stride + output;
  }
};

// In the order of PyTorch and of the checkpoint.
std::vector<Parameter> parameters_of(const NetShape& shape, const Layout& layout);

}  // namespace rondo::tool
