// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The end of network.hpp: from the last layer's outputs to logits and loss, and back.
#include <algorithm>

#include "train/head.hpp"
#include "train/network.hpp"

namespace rondo::tool {

template <class T>
void logits_forward(const Network& net, const T* parameters, Pass<T>& pass) {
  const NetShape& shape = net.shape;
  const std::size_t width = shape.layer_outputs();
  const T* x = pass.outputs.back();
  std::size_t rows = pass.packed.rows();
  if (shape.head == Head::last_step) {
    rows = pass.packed.batch();
    T* last = pass.last.room(rows * width);
    for (std::size_t b = 0; b < rows; ++b) {
      std::copy_n(x + pass.packed.last[b] * width, width, last + b * width);
    }
    x = last;
  }
  head_forward(rows, width, shape.outputs, x, parameters + net.layout.head_w,
               parameters + net.layout.head_b, pass.logits.room(rows * shape.outputs));
}

template <class T>
void logits_backward(const Network& net, const T* parameters, T* gradients, Pass<T>& pass) {
  const NetShape& shape = net.shape;
  const Layout& layout = net.layout;
  const std::size_t width = shape.layer_outputs();
  const Packed<T>& packed = pass.packed;
  T* dh = pass.dh[0].zeros(packed.rows() * width);
  if (shape.head == Head::every_step) {
    head_backward(packed.rows(), width, shape.outputs, pass.outputs.back(),
                  parameters + layout.head_w, pass.dlogits.data(), gradients + layout.head_w,
                  gradients + layout.head_b, dh);
    return;
  }
  T* dlast = pass.dlast.zeros(packed.batch() * width);
  head_backward(packed.batch(), width, shape.outputs, pass.last.data(), parameters + layout.head_w,
                pass.dlogits.data(), gradients + layout.head_w, gradients + layout.head_b, dlast);
  for (std::size_t b = 0; b < packed.batch(); ++b) {
    std::copy_n(dlast + b * width, width, dh + packed.last[b] * width);
  }
}

template <class T>
double loss_of(const Network& net, T scale, Pass<T>& pass) {
  const std::size_t outputs = net.shape.outputs;
  T* dlogits = pass.dlogits.room(pass.packed.targets.size() * outputs);
  return cross_entropy<T>(outputs, pass.logits.data(), pass.packed.targets, scale, dlogits);
}

#define RONDO_INSTANTIATE(T)                                        \
  template void logits_forward(const Network&, const T*, Pass<T>&); \
  template double loss_of(const Network&, T, Pass<T>&);             \
  template void logits_backward(const Network&, const T*, T*, Pass<T>&);
RONDO_INSTANTIATE(float)
RONDO_INSTANTIATE(double)

}  // namespace rondo::tool
