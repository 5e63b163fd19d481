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
#include "train/shape.hpp"

namespace rondo::tool {

struct Network {
  NetShape shape;
  Layout layout;

  explicit Network(const NetShape& s) : shape(s), layout(s) { require_sane(s); }
};

// The state of every sequence of a batch, in the caller's order. Empty: zero.
template <class T>
struct State {
  std::vector<T> h;  // (L, B, H)
  std::vector<T> c;  // (L, B, H)
};

// What names the units to drop: the same two numbers drop the same units of a sequence, wherever
// in the batch's sorted order it stands and whichever thread computes it.
struct DropoutKey {
  std::uint64_t seed;
  std::uint64_t update;
};

template <class T>
struct Pass {
  Packed<T> packed;
  std::vector<CellPass<T>> cells;  // one a layer
  std::vector<Buffer<T>> masks;    // (N, H) a layer: 0 or 1 / (1 - dropout), when dropout is on
  std::vector<Buffer<T>> dropped;  // (N, H) a layer: h times mask, when dropout is on
  bool dropout = false;

  Buffer<T> last;     // (B, H) the head's input for Head::last_step
  Buffer<T> logits;   // (R, O), R = B or N, by Head
  Buffer<T> dlogits;  // (R, O)
  Buffer<T> dlast;    // (B, H)
  Buffer<T> dh[2];    // (N, H) of a layer and of the layer below

  // What layer `layer` hands on: (N, H).
  const T* output(std::size_t layer) const {
    if (dropout) return dropped[layer].data();
    return cells[layer].h.data() + packed.batch() * cells[layer].hidden;
  }
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

// The sum of the losses of pass.packed.targets; pass.dlogits becomes `scale` times its gradient.
template <class T>
double loss_of(const Network& net, T scale, Pass<T>& pass);

// The way back: logits_backward fills pass.dh[0] from pass.dlogits; layers_backward goes on from
// there. Both add to the block of gradients.
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
