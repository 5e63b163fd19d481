// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See naive.hpp.
#include "naive.hpp"

#include <math.h>

namespace rondo::bench {
namespace {

float sigmoid(float x) {
  return 1.0F / (1.0F + expf(-x));
}

void add_rows(const float* w, std::size_t rows, std::size_t inputs, const float* x, float* t) {
  for (std::size_t r = 0; r < rows; ++r) {
    float sum = t[r];
    for (std::size_t i = 0; i < inputs; ++i) sum += w[r * inputs + i] * x[i];
    t[r] = sum;
  }
}

void add_columns(const float* __restrict w, std::size_t rows, std::size_t inputs, const float* x,
                 float* __restrict t) {
  for (std::size_t i = 0; i < inputs; ++i) {
    const float xi = x[i];
    for (std::size_t r = 0; r < rows; ++r) t[r] += w[i * rows + r] * xi;
  }
}

void update(NaiveLstm& net) {
  const std::size_t n = net.hidden;
  for (std::size_t k = 0; k < n; ++k) {
    const float i = sigmoid(net.t[k]), f = sigmoid(net.t[n + k]);
    const float g = tanhf(net.t[2 * n + k]), o = sigmoid(net.t[3 * n + k]);
    net.c[k] = f * net.c[k] + i * g;
    net.h[k] = o * tanhf(net.c[k]);
  }
}

}  // namespace

void naive_step_rows(NaiveLstm& net, const float* x) {
  net.t = net.bias;
  add_rows(net.w.data(), 4 * net.hidden, net.inputs, x, net.t.data());
  add_rows(net.u.data(), 4 * net.hidden, net.hidden, net.h.data(), net.t.data());
  update(net);
}

void naive_step_columns(NaiveLstm& net, const float* x) {
  net.t = net.bias;
  add_columns(net.w.data(), 4 * net.hidden, net.inputs, x, net.t.data());
  add_columns(net.u.data(), 4 * net.hidden, net.hidden, net.h.data(), net.t.data());
  update(net);
}

}  // namespace rondo::bench
