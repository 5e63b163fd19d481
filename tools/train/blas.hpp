// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The three products of a layer with many rows, forward and backward side by side, by BLAS. All
// matrices are row-major and dense; all results are added to what is there.
#pragma once
// The complex numbers of C, which the header would use otherwise, are an extension to C++.
#define FORCE_OPENBLAS_COMPLEX_STRUCT
#include <cblas.h>

#include <cstddef>

namespace rondo::tool {

inline void gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, blasint m, blasint n, blasint k,
                 const float* a, blasint lda, const float* b, blasint ldb, float* c) {
  cblas_sgemm(CblasRowMajor, ta, tb, m, n, k, 1.0F, a, lda, b, ldb, 1.0F, c, n);
}
inline void gemm(CBLAS_TRANSPOSE ta, CBLAS_TRANSPOSE tb, blasint m, blasint n, blasint k,
                 const double* a, blasint lda, const double* b, blasint ldb, double* c) {
  cblas_dgemm(CblasRowMajor, ta, tb, m, n, k, 1.0, a, lda, b, ldb, 1.0, c, n);
}

// y (rows, out) += x (rows, in) * w (in, out)
template <class T>
void linear_forward(std::size_t rows, std::size_t in, std::size_t out, const T* x, const T* w,
                    T* y) {
  const auto r = static_cast<blasint>(rows);
  const auto i = static_cast<blasint>(in);
  const auto o = static_cast<blasint>(out);
  gemm(CblasNoTrans, CblasNoTrans, r, o, i, x, i, w, o, y);
}

// dx (rows, in) += dy (rows, out) * w (in, out)^T
template <class T>
void linear_backward_input(std::size_t rows, std::size_t in, std::size_t out, const T* dy,
                           const T* w, T* dx) {
  const auto r = static_cast<blasint>(rows);
  const auto i = static_cast<blasint>(in);
  const auto o = static_cast<blasint>(out);
  gemm(CblasNoTrans, CblasTrans, r, i, o, dy, o, w, o, dx);
}

// dw (in, out) += x (rows, in)^T * dy (rows, out)
template <class T>
void linear_backward_weight(std::size_t rows, std::size_t in, std::size_t out, const T* x,
                            const T* dy, T* dw) {
  const auto r = static_cast<blasint>(rows);
  const auto i = static_cast<blasint>(in);
  const auto o = static_cast<blasint>(out);
  gemm(CblasTrans, CblasNoTrans, i, o, r, x, i, dy, o, dw);
}

}  // namespace rondo::tool
