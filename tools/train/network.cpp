// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The layers of network.hpp; what stands above them is in logits.cpp.
#include "train/network.hpp"

#include <algorithm>

#include "train/classroom.hpp"
#include "train/fake_quantize.hpp"
#include "train/gru.hpp"
#include "train/kernels.hpp"
#include "train/lstm.hpp"
#include "train/mirror.hpp"
#include "train/rnn.hpp"

namespace rondo::tool {
namespace {

template <class T>
CellBlock<T> block_of(const Layout::Cell& cell, T* block) {
  T* const b_hh = cell.b_hh == Layout::k_none ? nullptr : block + cell.b_hh;
  return {block + cell.w, block + cell.u, block + cell.b_ih, b_hh};
}

RnnActivation activation_of(const NetShape& shape) {
  return shape.cell == CellKind::rnn ? RnnActivation::tanh : RnnActivation::relu;
}

// What a half of a layer reads; the backward one a mirrored copy.
template <class T>
CellInput<T> input_of(const NetShape& shape, std::size_t layer, std::size_t half, Pass<T>& pass) {
  const Packed<T>& packed = pass.packed;
  const bool tokens = layer == 0 && !packed.tokens.empty();
  const T* rows = layer > 0 ? pass.outputs[layer - 1] : packed.reals.data();
  if (half == 0) {
    const std::uint32_t* classes = shape.classes > 0 ? packed.classes.data() : nullptr;
    return {tokens ? packed.tokens.data() : nullptr, tokens ? nullptr : rows, classes,
            shape.classes};
  }
  Mirrored<T>& mirrored = pass.mirrored;
  const std::uint32_t* mirror = mirrored.rows.data();
  if (tokens) {
    std::uint32_t* to = mirrored.tokens.room(packed.rows());
    copy_rows(packed.rows(), 1, mirror, packed.tokens.data(), 1, to, 1);
    return {to, nullptr};
  }
  const std::size_t width = shape.width(layer);
  T* to = mirrored.x.room(packed.rows() * width);
  copy_rows(packed.rows(), width, mirror, rows, width, to, width);
  return {nullptr, to};
}

template <class T>
void set_initial_state(std::size_t index, const State<T>* state, Pass<T>& pass) {
  CellPass<T>& cell = pass.cells[index];
  const std::size_t hidden = cell.hidden;
  const std::size_t batch = pass.packed.batch();
  const std::size_t rows = batch + pass.packed.rows();
  T* h = cell.h.room(rows * hidden);
  cell.rounded = pass.rounded;
  if (cell.rounded) cell.h_rounded.room(rows * hidden);
  T* c = cell.c.room(rows * hidden);
  cell.has_initial_state = state != nullptr && !state->h.empty();
  if (!cell.has_initial_state) {
    std::fill_n(h, batch * hidden, T{});
    std::fill_n(c, batch * hidden, T{});
    return;
  }
  const std::size_t all = state->h.size() / pass.cells.size();  // of one cell
  for (std::size_t b = 0; b < batch; ++b) {
    const std::size_t from = index * all + pass.packed.order[b] * hidden;
    std::copy_n(state->h.data() + from, hidden, h + b * hidden);
    std::copy_n(state->c.data() + from, hidden, c + b * hidden);
  }
}

template <class T>
void cell_forward(const NetShape& shape, const Packed<T>& packed, const CellInput<T>& input,
                  const CellBlock<const T>& block, CellPass<T>& cell) {
  switch (shape.cell) {
    case CellKind::lstm:
      lstm_forward(packed, input, block, cell);
      break;
    case CellKind::gru:
      gru_forward(packed, input, block, cell);
      break;
    case CellKind::rnn:
    case CellKind::relu:
      rnn_forward(activation_of(shape), packed, input, block, cell);
      break;
    case CellKind::classroom:
    case CellKind::generator:
      classroom_forward(packed, input, block, cell);
      break;
  }
}

// See lstm_backward.
template <class T>
void cell_backward(const NetShape& shape, const Packed<T>& packed, const CellInput<T>& input,
                   const CellBlock<const T>& block, const CellBlock<T>& gradient, CellPass<T>& cell,
                   T* dh, T* dx, T* dh0, T* dc0) {
  switch (shape.cell) {
    case CellKind::lstm:
      lstm_backward(packed, input, block, gradient, cell, dh, dx, dh0, dc0);
      break;
    case CellKind::gru:
      gru_backward(packed, input, block, gradient, cell, dh, dx, dh0);
      break;
    case CellKind::rnn:
    case CellKind::relu:
      rnn_backward(activation_of(shape), packed, input, block, gradient, cell, dh, dx, dh0);
      break;
    case CellKind::classroom:
    case CellKind::generator:
      classroom_backward(packed, input, block, gradient, cell, dh, dx, dh0);
      break;
  }
}

// h of each step, as what comes next reads it: an int8 model's head has more than 8 bits of it.
template <class T>
const T* steps_of(const NetShape& shape, std::size_t layer, CellPass<T>& cell,
                  const Packed<T>& packed) {
  const std::size_t first = packed.batch() * shape.hidden;
  if (!cell.rounded || layer + 1 == shape.layers) return cell.h.data() + first;
  round_state(packed.rows() * shape.hidden, cell.h.data() + first, cell.h_rounded.data() + first);
  return cell.h_rounded.data() + first;
}

// What the cells of the layer have for the next one.
template <class T>
const T* output_of(const NetShape& shape, std::size_t layer, Pass<T>& pass) {
  const Packed<T>& packed = pass.packed;
  const std::size_t hidden = shape.hidden;
  CellPass<T>* cells = &pass.cells[layer * shape.halves()];
  if (shape.joined_maps()) return cells[0].gate.data();
  const T* forward = steps_of(shape, layer, cells[0], packed);
  if (!shape.bidirectional) return forward;
  T* joined = pass.joined[layer].room(packed.rows() * 2 * hidden);
  const T* backward = steps_of(shape, layer, cells[1], packed);
  copy_rows<T>(packed.rows(), hidden, nullptr, forward, hidden, joined, 2 * hidden);
  copy_rows(packed.rows(), hidden, pass.mirrored.rows.data(), backward, hidden, joined + hidden,
            2 * hidden);
  return joined;
}

template <class T>
const T* drop(const NetShape& shape, std::size_t layer, const DropoutKey& key, Pass<T>& pass) {
  const std::size_t numbers = pass.packed.rows() * shape.layer_outputs();
  T* mask = pass.masks[layer].room(numbers);
  T* out = pass.dropped[layer].room(numbers);
  std::copy_n(pass.outputs[layer], numbers, out);
  draw_mask(pass.packed, shape.layer_outputs(), shape.dropout, key, layer, mask);
  kernels<T>().multiply(numbers, mask, out);
  return out;
}

// The way back through half of a bidirectional layer: its columns of pass.dh[0].
template <class T>
void half_backward(const Network& net, const T* parameters, T* gradients, std::size_t layer,
                   std::size_t half, T* dx, T* dh0, T* dc0, Pass<T>& pass) {
  const NetShape& shape = net.shape;
  const std::size_t index = 2 * layer + half;
  const std::size_t rows = pass.packed.rows();
  const std::size_t hidden = shape.hidden;
  const std::size_t width = shape.width(layer);
  Mirrored<T>& mirrored = pass.mirrored;
  const std::uint32_t* mirror = half == 0 ? nullptr : mirrored.rows.data();
  T* dh = mirrored.dh.room(rows * hidden);
  copy_rows<T>(rows, hidden, mirror, pass.dh[0].data() + half * hidden, 2 * hidden, dh, hidden);
  T* dx_of_half = dx == nullptr || half == 0 ? dx : mirrored.dx.zeros(rows * width);
  cell_backward(shape, pass.packed, input_of(shape, layer, half, pass),
                block_of(net.layout.cells[index], parameters),
                block_of(net.layout.cells[index], gradients), pass.cells[index], dh, dx_of_half,
                dh0, dc0);
  if (dx_of_half != dx) add_mirrored(rows, width, mirror, dx_of_half, dx);
}

}  // namespace

template <class T>
void layers_forward(const Network& net, const T* parameters, const State<T>* state,
                    const DropoutKey* dropout, Pass<T>& pass) {
  const NetShape& shape = net.shape;
  const std::size_t halves = shape.halves();
  pass.cells.resize(shape.layers * halves);
  pass.joined.resize(shape.layers);
  pass.masks.resize(shape.layers);
  pass.dropped.resize(shape.layers);
  pass.outputs.resize(shape.layers);
  pass.dropout = dropout != nullptr && shape.dropout > 0;
  if (shape.bidirectional) find_mirror(pass.packed, pass.mirrored.rows);
  for (std::size_t layer = 0; layer < shape.layers; ++layer) {
    for (std::size_t half = 0; half < halves; ++half) {
      const std::size_t index = layer * halves + half;
      CellPass<T>& cell = pass.cells[index];
      cell.inputs = shape.width(layer);
      cell.hidden = shape.hidden;
      cell.gates = shape.gate_width();
      set_initial_state(index, state, pass);
      cell_forward(shape, pass.packed, input_of(shape, layer, half, pass),
                   block_of(net.layout.cells[index], parameters), cell);
    }
    pass.outputs[layer] = output_of(shape, layer, pass);
    if (!pass.dropout) continue;
    if (shape.cell == CellKind::generator) {
      T* mask = pass.masks[0].room(pass.packed.rows() * shape.outputs);
      draw_mask(pass.packed, shape.outputs, shape.dropout, *dropout, 0, mask);
    } else {
      pass.outputs[layer] = drop(shape, layer, *dropout, pass);
    }
  }
}

template <class T>
void layers_backward(const Network& net, const T* parameters, T* gradients, Pass<T>& pass,
                     const InputGradients<T>& wanted) {
  const NetShape& shape = net.shape;
  const std::size_t halves = shape.halves();
  const std::size_t numbers = pass.packed.rows() * shape.layer_outputs();
  const std::size_t state = pass.packed.batch() * shape.hidden;
  for (std::size_t layer = shape.layers; layer-- > 0;) {
    T* dh = pass.dh[0].data();
    T* dx = layer > 0 ? pass.dh[1].zeros(numbers) : wanted.x;
    if (pass.dropout && shape.cell != CellKind::generator) {
      kernels<T>().multiply(numbers, pass.masks[layer].data(), dh);
    }
    for (std::size_t half = 0; half < halves; ++half) {
      const std::size_t index = layer * halves + half;
      T* dh0 = wanted.h0 == nullptr ? nullptr : wanted.h0 + index * state;
      T* dc0 = wanted.c0 == nullptr ? nullptr : wanted.c0 + index * state;
      if (shape.bidirectional) {
        half_backward(net, parameters, gradients, layer, half, dx, dh0, dc0, pass);
        continue;
      }
      cell_backward(shape, pass.packed, input_of(shape, layer, half, pass),
                    block_of(net.layout.cells[index], parameters),
                    block_of(net.layout.cells[index], gradients), pass.cells[index], dh, dx, dh0,
                    dc0);
    }
    if (layer > 0) std::swap(pass.dh[0], pass.dh[1]);
  }
}

template <class T>
void keep_state(const Network& net, const Pass<T>& pass, std::size_t batch, State<T>& state) {
  const std::size_t hidden = net.shape.hidden;
  for (std::size_t index = 0; index < pass.cells.size(); ++index) {
    const CellPass<T>& cell = pass.cells[index];
    for (std::size_t b = 0; b < pass.packed.batch(); ++b) {
      const std::size_t from = (pass.packed.batch() + pass.packed.last[b]) * hidden;
      const std::size_t to = (index * batch + pass.packed.order[b]) * hidden;
      std::copy_n(cell.h.data() + from, hidden, state.h.data() + to);
      std::copy_n(cell.c.data() + from, hidden, state.c.data() + to);
    }
  }
}

#define RONDO_INSTANTIATE(T)                                                                       \
  template void layers_forward(const Network&, const T*, const State<T>*, const DropoutKey*,       \
                               Pass<T>&);                                                          \
  template void layers_backward(const Network&, const T*, T*, Pass<T>&, const InputGradients<T>&); \
  template void keep_state(const Network&, const Pass<T>&, std::size_t, State<T>&);
RONDO_INSTANTIATE(float)
RONDO_INSTANTIATE(double)

}  // namespace rondo::tool
