// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The end of network.hpp: from the last layer's outputs to logits and loss, and back.
#include <algorithm>

#include "train/head.hpp"
#include "train/kernels.hpp"
#include "train/network.hpp"

namespace rondo::tool {
namespace {

// The row of the pass that row r of the logits is made of.
template <class T>
std::size_t row_of(const NetShape& shape, const Packed<T>& packed, std::size_t r) {
  return shape.head == Head::last_step ? packed.last[r] : r;
}

template <class T>
std::size_t logit_rows(const NetShape& shape, const Packed<T>& packed) {
  return shape.head == Head::last_step ? packed.batch() : packed.rows();
}

template <class T>
bool drops_logits(const NetShape& shape, const Pass<T>& pass) {
  return pass.dropout && shape.cell == CellKind::generator;
}

}  // namespace

template <class T>
void logits_forward(const Network& net, const T* parameters, Pass<T>& pass) {
  const NetShape& shape = net.shape;
  const std::size_t width = shape.layer_outputs();
  const std::size_t rows = logit_rows(shape, pass.packed);
  const T* x = pass.outputs.back();
  T* logits = pass.logits.room(rows * shape.outputs);
  if (shape.cell == CellKind::classroom) {
    for (std::size_t r = 0; r < rows; ++r) {
      const T* o = x + row_of(shape, pass.packed, r) * width + shape.hidden;
      std::copy_n(o, shape.outputs, logits + r * shape.outputs);
    }
    return;
  }
  if (shape.head == Head::last_step) {
    T* last = pass.last.room(rows * width);
    for (std::size_t b = 0; b < rows; ++b) {
      std::copy_n(x + pass.packed.last[b] * width, width, last + b * width);
    }
    x = last;
  }
  head_forward(rows, width, shape.outputs, x, parameters + net.layout.head_w,
               parameters + net.layout.head_b, logits);
  if (drops_logits(shape, pass)) {
    kernels<T>().multiply(rows * shape.outputs, pass.masks[0].data(), logits);
  }
}

template <class T>
void logits_backward(const Network& net, const T* parameters, T* gradients, Pass<T>& pass) {
  const NetShape& shape = net.shape;
  const Layout& layout = net.layout;
  const std::size_t width = shape.layer_outputs();
  const Packed<T>& packed = pass.packed;
  const std::size_t rows = logit_rows(shape, packed);
  T* dlogits = pass.dlogits.data();
  T* dh = pass.dh[0].zeros(packed.rows() * width);
  if (shape.cell == CellKind::classroom) {
    for (std::size_t r = 0; r < rows; ++r) {
      T* to = dh + row_of(shape, packed, r) * width + shape.hidden;
      std::copy_n(dlogits + r * shape.outputs, shape.outputs, to);
    }
    return;
  }
  if (drops_logits(shape, pass)) {
    kernels<T>().multiply(rows * shape.outputs, pass.masks[0].data(), dlogits);
  }
  if (shape.head == Head::every_step) {
    head_backward(rows, width, shape.outputs, pass.outputs.back(), parameters + layout.head_w,
                  dlogits, gradients + layout.head_w, gradients + layout.head_b, dh);
    return;
  }
  T* dlast = pass.dlast.zeros(rows * width);
  head_backward(rows, width, shape.outputs, pass.last.data(), parameters + layout.head_w, dlogits,
                gradients + layout.head_w, gradients + layout.head_b, dlast);
  for (std::size_t b = 0; b < rows; ++b) {
    std::copy_n(dlast + b * width, width, dh + packed.last[b] * width);
  }
}

template <class T>
double loss_of(const Network& net, T scale, Pass<T>& pass) {
  const std::size_t outputs = net.shape.outputs;
  T* dlogits = pass.dlogits.room(logit_rows(net.shape, pass.packed) * outputs);
  if (net.shape.loss == Loss::squared) {
    return squared_error<T>(outputs, pass.logits.data(), pass.packed.values, scale, dlogits);
  }
  return cross_entropy<T>(outputs, pass.logits.data(), pass.packed.targets, scale, dlogits);
}

#define RONDO_INSTANTIATE(T)                                        \
  template void logits_forward(const Network&, const T*, Pass<T>&); \
  template double loss_of(const Network&, T, Pass<T>&);             \
  template void logits_backward(const Network&, const T*, T*, Pass<T>&);
RONDO_INSTANTIATE(float)
RONDO_INSTANTIATE(double)

}  // namespace rondo::tool
