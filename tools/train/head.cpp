// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See head.hpp.
#include "train/head.hpp"

#include <algorithm>

#include "train/blas.hpp"
#include "train/kernels.hpp"

namespace rondo::tool {

template <class T>
void head_forward(std::size_t rows, std::size_t hidden, std::size_t outputs, const T* x, const T* w,
                  const T* b, T* logits) {
  for (std::size_t row = 0; row < rows; ++row) std::copy_n(b, outputs, logits + row * outputs);
  if (rows == 1) {
    kernels<T>().product(rows, hidden, outputs, x, w, logits);
  } else {
    linear_forward(rows, hidden, outputs, x, w, logits);
  }
}

template <class T>
void head_backward(std::size_t rows, std::size_t hidden, std::size_t outputs, const T* x,
                   const T* w, const T* dlogits, T* dw, T* db, T* dx) {
  const Kernels<T>& k = kernels<T>();
  k.add_rows(rows, outputs, dlogits, db);
  linear_backward_weight(rows, hidden, outputs, x, dlogits, dw);
  if (rows == 1) {
    k.matrix_times_vector(hidden, outputs, w, dlogits, dx);
  } else {
    linear_backward_input(rows, hidden, outputs, dlogits, w, dx);
  }
}

template <class T>
double cross_entropy(std::size_t outputs, const T* logits, std::span<const std::uint32_t> targets,
                     T scale, T* dlogits) {
  const Kernels<T>& k = kernels<T>();
  double loss = 0;
  for (const std::uint32_t target : targets) {
    loss += static_cast<double>(k.softmax(outputs, scale, logits, dlogits) - logits[target]);
    dlogits[target] -= scale;
    logits += outputs;
    dlogits += outputs;
  }
  return loss;
}

template <class T>
double squared_error(std::size_t outputs, const T* x, std::span<const T> targets, T scale, T* dx) {
  const T slope = 2 * scale / static_cast<T>(outputs);
  double sum = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const T off = x[i] - targets[i];
    sum += static_cast<double>(off) * static_cast<double>(off);
    dx[i] = slope * off;
  }
  return sum / static_cast<double>(outputs);
}

#define RONDO_INSTANTIATE(T)                                                                       \
  template void head_forward(std::size_t, std::size_t, std::size_t, const T*, const T*, const T*,  \
                             T*);                                                                  \
  template void head_backward(std::size_t, std::size_t, std::size_t, const T*, const T*, const T*, \
                              T*, T*, T*);                                                         \
  template double cross_entropy(std::size_t, const T*, std::span<const std::uint32_t>, T, T*);     \
  template double squared_error(std::size_t, const T*, std::span<const T>, T, T*);
RONDO_INSTANTIATE(float)
RONDO_INSTANTIATE(double)

}  // namespace rondo::tool
