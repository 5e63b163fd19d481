// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the cells have in common: their parameters, their input, what forward keeps for backward,
// and the input's share of the gates. A cell is two functions, NAME_forward and NAME_backward, in a
// file of its own; network.cpp chooses by CellKind.
#pragma once
#include <cstddef>
#include <cstdint>

#include "train/batch.hpp"
#include "train/buffer.hpp"

namespace rondo::tool {

// Pointers into the block of parameters (const T) or of gradients (T).
template <class T>
struct CellBlock {
  T* w;     // (I, G); with classes (C + I, G)
  T* u;     // (H, G)
  T* b_ih;  // (G)
  T* b_hh;  // (G); null: there is one bias
};

// What goes into a layer: tokens, or rows of numbers.
template <class T>
struct CellInput {
  const std::uint32_t* tokens;  // (N), or null and
  const T* rows;                // (N, I)
  // Where a class goes in front: its row of w is added at each step, the first of C.
  const std::uint32_t* classes = nullptr;  // (B)
  std::size_t class_rows = 0;              // C
};

// One layer's memory of a pass. h and c have the initial state in front: see Packed::before.
template <class T>
struct CellPass {
  std::size_t inputs;              // V or I
  std::size_t hidden;              // H
  std::size_t gates;               // G: NetShape::gate_width
  bool has_initial_state = false;  // else the first B rows of h and c are zero
  bool parts = false;              // GRU: h's share of the gates stays apart, in gate_h
  bool rounded = false;            // products read h as int8 models have it, in h_rounded

  Buffer<T> gate;       // (N, G) pre-activations, activations, at last their gradients
  Buffer<T> gate_h;     // (N, G) h's share with its bias, at last its gradients; where it is apart
  Buffer<T> h;          // (B + N, H)
  Buffer<T> h_rounded;  // (B + N, H), where products read it
  Buffer<T> c;          // (B + N, H)
  Buffer<T> tanh_c;     // (N, H)

  Buffer<T> bias;          // (G) sum of both biases; backward: of the gates' gradients
  Buffer<T> u_transposed;  // (G, H)
  Buffer<T> h_before;      // (N, H) h before each step, where lengths differ
  Buffer<T> dc;            // (B, H) gradient of c on its way back
  Buffer<T> dh;            // (N, H) classroom: gradient of h

  // What h * U reads, which is there as far as h is.
  const T* read_h() const { return rounded ? h_rounded.data() : h.data(); }
  // The gates that h * U goes into.
  Buffer<T>& of_h() { return parts ? gate_h : gate; }
};

// gate (N, G) = x W + b_ih + b_hh for all steps at once: one product, or one row a token. Where
// the parts stay apart, gate_h (N, G) = b_hh.
template <class T>
void gates_of_input(const Packed<T>& packed, const CellInput<T>& input,
                    const CellBlock<const T>& block, CellPass<T>& pass);

// The way back, from the gradients in pass.gate (and pass.gate_h, for u and b_hh): adds to the
// gradients of w, u and both biases, and to dx (N, I) unless that is null.
template <class T>
void gates_backward(const Packed<T>& packed, const CellInput<T>& input,
                    const CellBlock<const T>& block, const CellBlock<T>& gradients,
                    CellPass<T>& pass, T* dx);

// The recurrent share of step t: its gates += h before it * U.
template <class T>
void recurrent_forward(const Packed<T>& packed, const T* u, std::size_t t, CellPass<T>& pass);

// The way back: dh_before (running at t, H) += gates' gradients * U^T. The first function goes
// before the first step, once a pass: products of several rows read U transposed.
template <class T>
void prepare_recurrent_backward(const Packed<T>& packed, const T* u, CellPass<T>& pass);
template <class T>
void recurrent_backward(const Packed<T>& packed, const T* u, std::size_t t, CellPass<T>& pass,
                        T* dh_before);

}  // namespace rondo::tool
