// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// One GRU layer over a packed batch, forward and backward through time; the reset comes after the
// product, as in PyTorch. With x the input and h the state before:
//   r, z = sigmoid(x W + b_ih + h U + b_hh), n = tanh(x W + b_ih + r (h U + b_hh)), h' = n + z (h -
//   n).
#pragma once
#include "train/cell.hpp"

namespace rondo::tool {

// The initial state stands in the first B rows of pass.h; the rows of the steps that follow are
// filled.
template <class T>
void gru_forward(const Packed<T>& packed, const CellInput<T>& input,
                 const CellBlock<const T>& block, CellPass<T>& pass);

// dh (N, H): the gradient from above in, the whole gradient out. Adds to gradients, and to dx (N,
// I) and dh0 (B, H) where those are not null.
template <class T>
void gru_backward(const Packed<T>& packed, const CellInput<T>& input,
                  const CellBlock<const T>& block, const CellBlock<T>& gradients, CellPass<T>& pass,
                  T* dh, T* dx, T* dh0);

}  // namespace rondo::tool
