// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The cell of the two classroom networks over a packed batch, forward and backward through time.
// With x the input and h the state before, [h', o] = x W + b + h U: two maps of [x, h], i2h and
// i2o, side by side, and no activation. Nothing bounds h.
#pragma once
#include "train/cell.hpp"

namespace rondo::tool {

// The initial state stands in the first B rows of pass.h; the rows of the steps that follow are
// filled. pass.gate (N, G) is [h', o].
template <class T>
void classroom_forward(const Packed<T>& packed, const CellInput<T>& input,
                       const CellBlock<const T>& block, CellPass<T>& pass);

// dout (N, G): the gradient of [h', o] from above. Adds to gradients, and to dx (N, I) and dh0 (B,
// H) where those are not null. pass.gate is lost.
template <class T>
void classroom_backward(const Packed<T>& packed, const CellInput<T>& input,
                        const CellBlock<const T>& block, const CellBlock<T>& gradients,
                        CellPass<T>& pass, const T* dout, T* dx, T* dh0);

}  // namespace rondo::tool
