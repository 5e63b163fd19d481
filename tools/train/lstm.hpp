// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// One LSTM layer over a packed batch, forward and backward through time. With x the input and
// h, c the state before:
//   i, f, o = sigmoid(x W + b_ih + h U + b_hh), g = tanh(the same), c' = f c + i g, h' = o
//   tanh(c').
#pragma once
#include "train/cell.hpp"

namespace rondo::tool {

// The initial state stands in the first B rows of pass.h and pass.c; those rows of the steps that
// follow are filled.
template <class T>
void lstm_forward(const Packed<T>& packed, const CellInput<T>& input,
                  const CellBlock<const T>& block, CellPass<T>& pass);

// dh (N, H): the gradient from above in, the whole gradient out. Adds to gradients, and to dx (N,
// I), dh0 and dc0 (B, H) where those are not null.
template <class T>
void lstm_backward(const Packed<T>& packed, const CellInput<T>& input,
                   const CellBlock<const T>& block, const CellBlock<T>& gradients,
                   CellPass<T>& pass, T* dh, T* dx, T* dh0, T* dc0);

}  // namespace rondo::tool
