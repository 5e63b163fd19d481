// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The inner loops of training: the pointwise part of the cells, products with few rows, softmax,
// the optimizers. One source, kernels.cpp, is compiled once for each instruction set; kernels<T>()
// is the best set this CPU can run, chosen once. Large products are the business of BLAS.
#pragma once
#include <cstddef>
#include <cstdint>

namespace rondo::tool {

// The numbers of one Adam update (PyTorch's names): the same for every parameter.
template <class T>
struct AdamStep {
  T gradient_scale;     // from clipping
  T beta1, beta2, eps;  // 0.9, 0.999, 1e-8
  T rate;               // learning rate / (1 - beta1^t)
  T root_correction;    // 1 / sqrt(1 - beta2^t)
  T keep;               // 1 - learning rate * weight decay
};

// All matrices are row-major and dense; no output overlaps an input. Gate orders i, f, g, o and r,
// z, n.
template <class T>
struct Kernels {
  // c (rows, cols) += a (rows, inner) * m (inner, cols); meant for the few rows of one step.
  void (*product)(std::size_t rows, std::size_t inner, std::size_t cols, const T* a, const T* m,
                  T* c);
  // y (rows) += m (rows, inner) * x (inner)
  void (*matrix_times_vector)(std::size_t rows, std::size_t inner, const T* m, const T* x, T* y);
  // to (cols, rows) = from (rows, cols) transposed
  void (*transpose)(std::size_t rows, std::size_t cols, const T* from, T* to);
  // y (n) += x (n)
  void (*add)(std::size_t n, const T* x, T* y);
  // sum (cols) += every row of x (rows, cols)
  void (*add_rows)(std::size_t rows, std::size_t cols, const T* x, T* sum);
  // y (n) *= x (n)
  void (*multiply)(std::size_t n, const T* x, T* y);
  double (*sum_of_squares)(std::size_t n, const T* x);

  // gates (rows, 4H): pre-activations in, activations out; c = f * c_prev + i * g, h = o * tanh(c);
  // c_prev, c, tanh_c and h are (rows, H).
  void (*lstm_forward)(std::size_t rows, std::size_t hidden, T* gates, const T* c_prev, T* c,
                       T* tanh_c, T* h);
  // gates: activations in, gradients of the pre-activations out; dc (rows, H): gradient of c from
  // the step after in, gradient of c_prev out.
  void (*lstm_backward)(std::size_t rows, std::size_t hidden, T* gates, const T* c_prev,
                        const T* tanh_c, const T* dh, T* dc);

  // gates (rows, 3H) r, z, n of the input's part, gates_h (rows, 3H) of h's part: pre-activations
  // in; out: activations in gates. h = n + z * (h_prev - n); h_prev and h are (rows, H).
  void (*gru_forward)(std::size_t rows, std::size_t hidden, T* gates, const T* gates_h,
                      const T* h_prev, T* h);
  // gates: activations in; gradients of both parts out. dh_prev (rows, H) += dh * z.
  void (*gru_backward)(std::size_t rows, std::size_t hidden, T* gates, T* gates_h, const T* h_prev,
                       const T* dh, T* dh_prev);
  // h (n) = tanh(x) or max(x, 0)
  void (*tanh_forward)(std::size_t n, const T* x, T* h);
  void (*relu_forward)(std::size_t n, const T* x, T* h);
  // dx (n) = dh times the derivative, from h
  void (*tanh_backward)(std::size_t n, const T* h, const T* dh, T* dx);
  void (*relu_backward)(std::size_t n, const T* h, const T* dh, T* dx);

  // p (n) = scale * softmax of x (n); returns the logarithm of sum(exp(x)).
  T (*softmax)(std::size_t n, T scale, const T* x, T* p);
  // mask (n): 0 where a hash of (key, place) is below threshold, else scale.
  void (*dropout_mask)(std::size_t n, std::uint32_t key, std::uint32_t threshold, T scale, T* mask);

  // p = keep * p - rate * g
  void (*sgd)(std::size_t n, T rate, T keep, const T* g, T* p);
  void (*adam)(std::size_t n, const AdamStep<T>& step, const T* g, T* m, T* v, T* p);
};

struct KernelSet {
  const char* name;
  Kernels<float> f32;
  Kernels<double> f64;
};

// The best set's.
template <class T>
const Kernels<T>& kernels() noexcept;

}  // namespace rondo::tool
