// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See network.hpp.
#include "train/network.hpp"

#include <algorithm>
#include <cmath>

#include "train/gru.hpp"
#include "train/head.hpp"
#include "train/kernels.hpp"
#include "train/lstm.hpp"
#include "train/rnn.hpp"

namespace rondo::tool {
namespace {

template <class T>
CellBlock<T> block_of(const Layout::Cell& cell, T* block) {
  return {block + cell.w, block + cell.u, block + cell.b_ih, block + cell.b_hh};
}

RnnActivation activation_of(const NetShape& shape) {
  return shape.cell == CellKind::rnn ? RnnActivation::tanh : RnnActivation::relu;
}

template <class T>
CellInput<T> input_of(std::size_t layer, const Pass<T>& pass) {
  if (layer > 0) return {nullptr, pass.output(layer - 1)};
  if (!pass.packed.tokens.empty()) return {pass.packed.tokens.data(), nullptr};
  return {nullptr, pass.packed.reals.data()};
}

template <class T>
void set_initial_state(std::size_t layer, const State<T>* state, Pass<T>& pass) {
  CellPass<T>& cell = pass.cells[layer];
  const std::size_t hidden = cell.hidden;
  const std::size_t batch = pass.packed.batch();
  const std::size_t rows = batch + pass.packed.rows();
  T* h = cell.h.room(rows * hidden);
  T* c = cell.c.room(rows * hidden);
  cell.has_initial_state = state != nullptr && !state->h.empty();
  if (!cell.has_initial_state) {
    std::fill_n(h, batch * hidden, T{});
    std::fill_n(c, batch * hidden, T{});
    return;
  }
  const std::size_t all = state->h.size() / pass.cells.size();  // of one layer
  for (std::size_t b = 0; b < batch; ++b) {
    const std::size_t from = layer * all + pass.packed.order[b] * hidden;
    std::copy_n(state->h.data() + from, hidden, h + b * hidden);
    std::copy_n(state->c.data() + from, hidden, c + b * hidden);
  }
}

// Steele, Lea and Flood's SplitMix64 finalizer.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

template <class T>
void drop(const NetShape& shape, std::size_t layer, const DropoutKey& key, Pass<T>& pass) {
  const Packed<T>& packed = pass.packed;
  const std::size_t hidden = shape.hidden;
  T* mask = pass.masks[layer].room(packed.rows() * hidden);
  T* out = pass.dropped[layer].room(packed.rows() * hidden);
  std::copy_n(pass.cells[layer].h.data() + packed.batch() * hidden, packed.rows() * hidden, out);
  const auto threshold = static_cast<std::uint32_t>(std::ldexp(shape.dropout, 32));
  const T scale = static_cast<T>(1.0 / (1.0 - shape.dropout));
  const std::uint64_t layer_key = mix(mix(mix(key.seed) ^ key.update) ^ layer);
  for (std::size_t t = 0; t < packed.steps(); ++t) {
    for (std::size_t b = 0; b < packed.running(t); ++b) {
      const std::uint64_t row_key = mix(mix(layer_key ^ packed.order[b]) ^ t);
      kernels<T>().dropout_mask(hidden, static_cast<std::uint32_t>(row_key >> 32), threshold, scale,
                                mask + (packed.start[t] + b) * hidden);
    }
  }
  kernels<T>().multiply(packed.rows() * hidden, mask, out);
}

}  // namespace

template <class T>
void layers_forward(const Network& net, const T* parameters, const State<T>* state,
                    const DropoutKey* dropout, Pass<T>& pass) {
  const NetShape& shape = net.shape;
  pass.cells.resize(shape.layers);
  pass.masks.resize(shape.layers);
  pass.dropped.resize(shape.layers);
  pass.dropout = dropout != nullptr && shape.dropout > 0;
  for (std::size_t layer = 0; layer < shape.layers; ++layer) {
    CellPass<T>& cell = pass.cells[layer];
    cell.inputs = shape.width(layer);
    cell.hidden = shape.hidden;
    cell.gates = shape.gates() * shape.hidden;
    set_initial_state(layer, state, pass);
    const CellBlock<const T> block = block_of(net.layout.cells[layer], parameters);
    switch (shape.cell) {
      case CellKind::lstm:
        lstm_forward(pass.packed, input_of(layer, pass), block, cell);
        break;
      case CellKind::gru:
        gru_forward(pass.packed, input_of(layer, pass), block, cell);
        break;
      case CellKind::rnn:
      case CellKind::relu:
        rnn_forward(activation_of(shape), pass.packed, input_of(layer, pass), block, cell);
        break;
    }
    if (pass.dropout) drop(shape, layer, *dropout, pass);
  }
}

template <class T>
void layers_backward(const Network& net, const T* parameters, T* gradients, Pass<T>& pass,
                     const InputGradients<T>& wanted) {
  const NetShape& shape = net.shape;
  const std::size_t numbers = pass.packed.rows() * shape.hidden;
  const std::size_t state = pass.packed.batch() * shape.hidden;
  for (std::size_t layer = shape.layers; layer-- > 0;) {
    T* dh = pass.dh[0].data();
    T* dx = layer > 0 ? pass.dh[1].zeros(numbers) : wanted.x;
    T* dh0 = wanted.h0 == nullptr ? nullptr : wanted.h0 + layer * state;
    T* dc0 = wanted.c0 == nullptr ? nullptr : wanted.c0 + layer * state;
    if (pass.dropout) kernels<T>().multiply(numbers, pass.masks[layer].data(), dh);
    const CellBlock<const T> block = block_of(net.layout.cells[layer], parameters);
    const CellBlock<T> gradient = block_of(net.layout.cells[layer], gradients);
    switch (shape.cell) {
      case CellKind::lstm:
        lstm_backward(pass.packed, input_of(layer, pass), block, gradient, pass.cells[layer], dh,
                      dx, dh0, dc0);
        break;
      case CellKind::gru:
        gru_backward(pass.packed, input_of(layer, pass), block, gradient, pass.cells[layer], dh, dx,
                     dh0);
        break;
      case CellKind::rnn:
      case CellKind::relu:
        rnn_backward(activation_of(shape), pass.packed, input_of(layer, pass), block, gradient,
                     pass.cells[layer], dh, dx, dh0);
        break;
    }
    std::swap(pass.dh[0], pass.dh[1]);
  }
}

template <class T>
void logits_forward(const Network& net, const T* parameters, Pass<T>& pass) {
  const NetShape& shape = net.shape;
  const T* x = pass.output(shape.layers - 1);
  std::size_t rows = pass.packed.rows();
  if (shape.head == Head::last_step) {
    rows = pass.packed.batch();
    T* last = pass.last.room(rows * shape.hidden);
    for (std::size_t b = 0; b < rows; ++b) {
      std::copy_n(x + pass.packed.last[b] * shape.hidden, shape.hidden, last + b * shape.hidden);
    }
    x = last;
  }
  head_forward(rows, shape.hidden, shape.outputs, x, parameters + net.layout.head_w,
               parameters + net.layout.head_b, pass.logits.room(rows * shape.outputs));
}

template <class T>
void logits_backward(const Network& net, const T* parameters, T* gradients, Pass<T>& pass) {
  const NetShape& shape = net.shape;
  const Layout& layout = net.layout;
  const std::size_t hidden = shape.hidden;
  const Packed<T>& packed = pass.packed;
  T* dh = pass.dh[0].zeros(packed.rows() * hidden);
  if (shape.head == Head::every_step) {
    head_backward(packed.rows(), hidden, shape.outputs, pass.output(shape.layers - 1),
                  parameters + layout.head_w, pass.dlogits.data(), gradients + layout.head_w,
                  gradients + layout.head_b, dh);
    return;
  }
  T* dlast = pass.dlast.zeros(packed.batch() * hidden);
  head_backward(packed.batch(), hidden, shape.outputs, pass.last.data(), parameters + layout.head_w,
                pass.dlogits.data(), gradients + layout.head_w, gradients + layout.head_b, dlast);
  for (std::size_t b = 0; b < packed.batch(); ++b) {
    std::copy_n(dlast + b * hidden, hidden, dh + packed.last[b] * hidden);
  }
}

template <class T>
double loss_of(const Network& net, T scale, Pass<T>& pass) {
  const std::size_t outputs = net.shape.outputs;
  T* dlogits = pass.dlogits.room(pass.packed.targets.size() * outputs);
  return cross_entropy<T>(outputs, pass.logits.data(), pass.packed.targets, scale, dlogits);
}

template <class T>
void keep_state(const Network& net, const Pass<T>& pass, std::size_t batch, State<T>& state) {
  const std::size_t hidden = net.shape.hidden;
  for (std::size_t layer = 0; layer < net.shape.layers; ++layer) {
    const CellPass<T>& cell = pass.cells[layer];
    for (std::size_t b = 0; b < pass.packed.batch(); ++b) {
      const std::size_t from = (pass.packed.batch() + pass.packed.last[b]) * hidden;
      const std::size_t to = (layer * batch + pass.packed.order[b]) * hidden;
      std::copy_n(cell.h.data() + from, hidden, state.h.data() + to);
      std::copy_n(cell.c.data() + from, hidden, state.c.data() + to);
    }
  }
}

#define RONDO_INSTANTIATE(T)                                                                       \
  template void layers_forward(const Network&, const T*, const State<T>*, const DropoutKey*,       \
                               Pass<T>&);                                                          \
  template void logits_forward(const Network&, const T*, Pass<T>&);                                \
  template double loss_of(const Network&, T, Pass<T>&);                                            \
  template void logits_backward(const Network&, const T*, T*, Pass<T>&);                           \
  template void layers_backward(const Network&, const T*, T*, Pass<T>&, const InputGradients<T>&); \
  template void keep_state(const Network&, const Pass<T>&, std::size_t, State<T>&);
RONDO_INSTANTIATE(float)
RONDO_INSTANTIATE(double)

}  // namespace rondo::tool
