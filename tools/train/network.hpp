// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A whole network over one packed batch: forward, loss, backward. Plain functions on one block of
// parameters, one block of gradients and one Pass, which is a thread's memory between them. Knows
// neither optimizer nor threads.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "train/batch.hpp"
#include "train/buffer.hpp"
#include "train/cell.hpp"
#include "train/dropout.hpp"
#include "train/shape.hpp"

namespace rondo::tool {

struct Network {
  NetShape shape;
  Layout layout;

  explicit Network(const NetShape& s) : shape(s), layout(s) { require_sane(s); }
};

// The state of every sequence of a batch, in the caller's order. Empty: zero. Of a bidirectional
// network L counts halves: forward and backward of the first layer, of the second, and so on.
template <class T>
struct State {
  std::vector<T> h;  // (L, B, H)
  std::vector<T> c;  // (L, B, H)
};

// What the backward half of a layer reads and gives, in its own order; see mirror.hpp.
template <class T>
struct Mirrored {
  Buffer<std::uint32_t> rows;    // (N)
  Buffer<std::uint32_t> tokens;  // (N)
  Buffer<T> x;                   // (N, I)
  Buffer<T> dx;                  // (N, I)
  Buffer<T> dh;                  // (N, H) of either half
};

template <class T>
struct Pass {
  Packed<T> packed;
  std::vector<CellPass<T>> cells;  // as Layout::cells
  std::vector<Buffer<T>> joined;   // (N, 2 H) a layer: both halves' h, when it is bidirectional
  std::vector<Buffer<T>> masks;    // (N, W) a layer: 0 or 1 / (1 - dropout), when dropout is on
  std::vector<Buffer<T>> dropped;  // (N, W) a layer: its outputs times mask, when dropout is on
  std::vector<const T*> outputs;   // (N, W) a layer: what it hands on, W = layer_outputs
  bool dropout = false;
  bool rounded = false;  // see fake_quantize.hpp
  Mirrored<T> mirrored;  // bidirectional

  Buffer<T> last;     // (B, W) the head's input for Head::last_step
  Buffer<T> logits;   // (R, O), R = B or N, by Head
  Buffer<T> dlogits;  // (R, O)
  Buffer<T> dlast;    // (B, W)
  Buffer<T> dh[2];    // (N, W) of a layer and of the layer below
};

// Where the gradients of a network's inputs are wanted: sums, row by row as packed; null: unwanted.
template <class T>
struct InputGradients {
  T* x = nullptr;   // (N, I), real inputs only
  T* h0 = nullptr;  // (L, B, H)
  T* c0 = nullptr;  // (L, B, H)
};

// Runs the layers over pass.packed, from `state` unless it is null or empty; drops units where
// there is a key. head_forward_pass then fills pass.logits.
template <class T>
void layers_forward(const Network& net, const T* parameters, const State<T>* state,
                    const DropoutKey* dropout, Pass<T>& pass);
template <class T>
void logits_forward(const Network& net, const T* parameters, Pass<T>& pass);

// The sum of the losses of pass.packed.targets, or of its values; pass.dlogits becomes `scale`
// times its gradient.
template <class T>
double loss_of(const Network& net, T scale, Pass<T>& pass);

// The way back: logits_backward fills pass.dh[0] from pass.dlogits; layers_backward goes on from
// there. Both add to the block of gradients. Of one layer of lstm, gru, rnn or relu in one
// direction pass.dh[0] then is the gradient of every h (N, H), with c held.
template <class T>
void logits_backward(const Network& net, const T* parameters, T* gradients, Pass<T>& pass);
template <class T>
void layers_backward(const Network& net, const T* parameters, T* gradients, Pass<T>& pass,
                     const InputGradients<T>& wanted = {});

// Writes the state after the last step of each sequence of the pass to its place in `state`, which
// has room for `batch` sequences.
template <class T>
void keep_state(const Network& net, const Pass<T>& pass, std::size_t batch, State<T>& state);

}  // namespace rondo::tool
