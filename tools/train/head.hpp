// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The end of a network: a linear layer on R rows of the top layer's output, and the loss on it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace rondo::tool {

// logits (R, O) = x (R, H) * w (H, O) + b (O)
template <class T>
void head_forward(std::size_t rows, std::size_t hidden, std::size_t outputs, const T* x, const T* w,
                  const T* b, T* logits);

// Adds to dw (H, O), db (O) and dx (R, H).
template <class T>
void head_backward(std::size_t rows, std::size_t hidden, std::size_t outputs, const T* x,
                   const T* w, const T* dlogits, T* dw, T* db, T* dx);

// The sum over the rows of -log softmax(logits)[target], one target a row; dlogits (R, O) becomes
// `scale` times its gradient. NaN among the logits gives NaN.
template <class T>
double cross_entropy(std::size_t outputs, const T* logits, std::span<const std::uint32_t> targets,
                     T scale, T* dlogits);

// The sum over the rows of mean((x - target)^2), targets (R, O); dx (R, O) becomes `scale` times
// its gradient.
template <class T>
double squared_error(std::size_t outputs, const T* x, std::span<const T> targets, T scale, T* dx);

}  // namespace rondo::tool
