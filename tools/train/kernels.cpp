// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See kernels.hpp. Compiled once for each instruction set with -DRONDO_KERNEL_SET=its name, always
// optimized, and without any header that defines inline functions: whatever this file leaves behind
// holds instructions of its set and may serve no other. Plain loops are left to the vectorizer; the
// sums, which it may not reorder, are written with vectors.
#include "train/kernels.hpp"

#include "train/kernel_math.hpp"

namespace rondo::tool {
namespace {

// One tile: sums of R rows and C vectors stay in registers over the whole inner dimension.
template <class T, size_t R, size_t C>
inline void product_tile(size_t inner, size_t cols, const T* __restrict a, const T* __restrict m,
                         T* __restrict c) {
  constexpr size_t k_lanes = VectorOf<T>::lanes;
  Vector<T> sum[R][C];
  for (size_t r = 0; r < R; ++r) {
    for (size_t v = 0; v < C; ++v) sum[r][v] = load(c + r * cols + v * k_lanes);
  }
  for (size_t k = 0; k < inner; ++k, m += cols) {
    Vector<T> b[C];
    for (size_t v = 0; v < C; ++v) b[v] = load(m + v * k_lanes);
    for (size_t r = 0; r < R; ++r) {
      for (size_t v = 0; v < C; ++v) sum[r][v] += a[r * inner + k] * b[v];
    }
  }
  for (size_t r = 0; r < R; ++r) {
    for (size_t v = 0; v < C; ++v) store(c + r * cols + v * k_lanes, sum[r][v]);
  }
}

// R rows of c, all columns.
template <class T, size_t R>
inline void product_rows(size_t inner, size_t cols, const T* a, const T* m, T* c) {
  constexpr size_t k_lanes = VectorOf<T>::lanes;
  constexpr size_t k_wide = R < 4 ? 4 : 2;  // few rows: more columns keep as many sums in flight
  size_t j = 0;
  for (; j + k_wide * k_lanes <= cols; j += k_wide * k_lanes) {
    product_tile<T, R, k_wide>(inner, cols, a, m + j, c + j);
  }
  for (; j + k_lanes <= cols; j += k_lanes) {
    product_tile<T, R, 1>(inner, cols, a, m + j, c + j);
  }
  for (; j < cols; ++j) {
    for (size_t r = 0; r < R; ++r) {
      T sum = c[r * cols + j];
      for (size_t k = 0; k < inner; ++k) {
        sum += a[r * inner + k] * m[k * cols + j];
      }
      c[r * cols + j] = sum;
    }
  }
}

template <class T>
void product(size_t rows, size_t inner, size_t cols, const T* a, const T* m, T* c) {
  while (rows > 0) {
    size_t done = 1;
    if (rows >= RONDO_TILE_ROWS) {  // NOLINT(bugprone-branch-clone): other numbers of rows
      done = RONDO_TILE_ROWS;
      product_rows<T, RONDO_TILE_ROWS>(inner, cols, a, m, c);
    } else if (rows >= 4) {
      done = 4;
      product_rows<T, 4>(inner, cols, a, m, c);
    } else if (rows >= 2) {
      done = 2;
      product_rows<T, 2>(inner, cols, a, m, c);
    } else {
      product_rows<T, 1>(inner, cols, a, m, c);
    }
    rows -= done;
    a += done * inner;
    c += done * cols;
  }
}

template <class T, size_t R>
inline void dot_rows(size_t inner, const T* __restrict m, const T* __restrict x, T* __restrict y) {
  constexpr size_t k_lanes = VectorOf<T>::lanes;
  Vector<T> sum[R] = {};
  size_t j = 0;
  for (; j + k_lanes <= inner; j += k_lanes) {
    for (size_t r = 0; r < R; ++r) sum[r] += load(m + r * inner + j) * load(x + j);
  }
  for (size_t r = 0; r < R; ++r) {
    T total = sum_of<T>(sum[r]);
    for (size_t k = j; k < inner; ++k) total += m[r * inner + k] * x[k];
    y[r] += total;
  }
}

template <class T>
void matrix_times_vector(size_t rows, size_t inner, const T* m, const T* x, T* y) {
  size_t r = 0;
  for (; r + 4 <= rows; r += 4) dot_rows<T, 4>(inner, m + r * inner, x, y + r);
  for (; r < rows; ++r) dot_rows<T, 1>(inner, m + r * inner, x, y + r);
}

template <class T>
void transpose(size_t rows, size_t cols, const T* __restrict from, T* __restrict to) {
  constexpr size_t k_block = 16;  // a block of either side fits the first cache
  for (size_t r0 = 0; r0 < rows; r0 += k_block) {
    const size_t r_end = r0 + k_block < rows ? r0 + k_block : rows;
    for (size_t c = 0; c < cols; ++c) {
      for (size_t r = r0; r < r_end; ++r) to[c * rows + r] = from[r * cols + c];
    }
  }
}

template <class T>
void add(size_t n, const T* __restrict x, T* __restrict y) {
  for (size_t i = 0; i < n; ++i) y[i] += x[i];
}

template <class T>
void add_rows(size_t rows, size_t cols, const T* x, T* sum) {
  for (size_t r = 0; r < rows; ++r) add(cols, x + r * cols, sum);
}

template <class T>
void multiply(size_t n, const T* __restrict x, T* __restrict y) {
  for (size_t i = 0; i < n; ++i) y[i] *= x[i];
}

// In double between blocks, so that the rounding of a long sum does not grow with its length.
template <class T>
double sum_of_squares(size_t n, const T* x) {
  constexpr size_t k_lanes = VectorOf<T>::lanes;
  constexpr size_t k_block = 64 * 4 * k_lanes;
  double total = 0;
  while (n >= 4 * k_lanes) {
    const size_t block = (n < k_block ? n : k_block) / (4 * k_lanes) * (4 * k_lanes);
    Vector<T> sum[4] = {};
    for (size_t i = 0; i < block; i += 4 * k_lanes) {
      for (size_t v = 0; v < 4; ++v) {
        const Vector<T> part = load(x + i + v * k_lanes);
        sum[v] += part * part;
      }
    }
    total += static_cast<double>(sum_of<T>((sum[0] + sum[1]) + (sum[2] + sum[3])));
    x += block;
    n -= block;
  }
  for (size_t i = 0; i < n; ++i) total += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  return total;
}

// One row; the gates as four arrays, since the vectorizer must know that none overlaps another.
template <class T>
void lstm_forward_row(size_t hidden, T* __restrict gate_i, T* __restrict gate_f,
                      T* __restrict gate_g, T* __restrict gate_o, const T* __restrict c_prev,
                      T* __restrict c, T* __restrict tanh_c, T* __restrict h) {
  for (size_t j = 0; j < hidden; ++j) {
    const T i = sigmoid(gate_i[j]);
    const T f = sigmoid(gate_f[j]);
    const T g = hyperbolic_tangent(gate_g[j]);
    const T o = sigmoid(gate_o[j]);
    const T cell = f * c_prev[j] + i * g;
    const T squashed = hyperbolic_tangent(cell);
    gate_i[j] = i;
    gate_f[j] = f;
    gate_g[j] = g;
    gate_o[j] = o;
    c[j] = cell;
    tanh_c[j] = squashed;
    h[j] = o * squashed;
  }
}

template <class T>
void lstm_forward(size_t rows, size_t hidden, T* gates, const T* c_prev, T* c, T* tanh_c, T* h) {
  for (size_t r = 0; r < rows; ++r) {
    T* row = gates + r * 4 * hidden;
    const size_t at = r * hidden;
    lstm_forward_row(hidden, row, row + hidden, row + 2 * hidden, row + 3 * hidden, c_prev + at,
                     c + at, tanh_c + at, h + at);
  }
}

// Derivatives by way of the results: sigmoid' = s (1 - s), tanh' = 1 - t^2.
template <class T>
void lstm_backward_row(size_t hidden, T* __restrict gate_i, T* __restrict gate_f,
                       T* __restrict gate_g, T* __restrict gate_o, const T* __restrict c_prev,
                       const T* __restrict tanh_c, const T* __restrict dh, T* __restrict dc) {
  for (size_t j = 0; j < hidden; ++j) {
    const T i = gate_i[j];
    const T f = gate_f[j];
    const T g = gate_g[j];
    const T o = gate_o[j];
    const T t = tanh_c[j];
    const T d = dc[j] + dh[j] * o * (T(1) - t * t);
    gate_i[j] = d * g * i * (T(1) - i);
    gate_f[j] = d * c_prev[j] * f * (T(1) - f);
    gate_g[j] = d * i * (T(1) - g * g);
    gate_o[j] = dh[j] * t * o * (T(1) - o);
    dc[j] = d * f;
  }
}

template <class T>
void lstm_backward(size_t rows, size_t hidden, T* gates, const T* c_prev, const T* tanh_c,
                   const T* dh, T* dc) {
  for (size_t r = 0; r < rows; ++r) {
    T* row = gates + r * 4 * hidden;
    const size_t at = r * hidden;
    lstm_backward_row(hidden, row, row + hidden, row + 2 * hidden, row + 3 * hidden, c_prev + at,
                      tanh_c + at, dh + at, dc + at);
  }
}

// One row, the gates apart as above.
template <class T>
void gru_forward_row(size_t hidden, T* __restrict gate_r, T* __restrict gate_z,
                     T* __restrict gate_n, const T* __restrict part_h, const T* __restrict h_prev,
                     T* __restrict h) {
  for (size_t j = 0; j < hidden; ++j) {
    const T r = sigmoid(gate_r[j] + part_h[j]);
    const T z = sigmoid(gate_z[j] + part_h[hidden + j]);
    const T n = hyperbolic_tangent(gate_n[j] + r * part_h[2 * hidden + j]);
    gate_r[j] = r;
    gate_z[j] = z;
    gate_n[j] = n;
    h[j] = n + z * (h_prev[j] - n);
  }
}

template <class T>
void gru_forward(size_t rows, size_t hidden, T* gates, const T* gates_h, const T* h_prev, T* h) {
  for (size_t row = 0; row < rows; ++row) {
    T* gate = gates + row * 3 * hidden;
    gru_forward_row(hidden, gate, gate + hidden, gate + 2 * hidden, gates_h + row * 3 * hidden,
                    h_prev + row * hidden, h + row * hidden);
  }
}

template <class T>
void gru_backward_row(size_t hidden, T* __restrict gate_r, T* __restrict gate_z,
                      T* __restrict gate_n, T* __restrict h_r, T* __restrict h_z, T* __restrict h_n,
                      const T* __restrict h_prev, const T* __restrict dh, T* __restrict dh_prev) {
  for (size_t j = 0; j < hidden; ++j) {
    const T r = gate_r[j];
    const T z = gate_z[j];
    const T n = gate_n[j];
    const T dn = dh[j] * (T(1) - z) * (T(1) - n * n);
    const T dr = dn * h_n[j] * r * (T(1) - r);
    const T dz = dh[j] * (h_prev[j] - n) * z * (T(1) - z);
    gate_r[j] = dr;
    gate_z[j] = dz;
    gate_n[j] = dn;
    h_r[j] = dr;
    h_z[j] = dz;
    h_n[j] = dn * r;
    dh_prev[j] += dh[j] * z;
  }
}

template <class T>
void gru_backward(size_t rows, size_t hidden, T* gates, T* gates_h, const T* h_prev, const T* dh,
                  T* dh_prev) {
  for (size_t row = 0; row < rows; ++row) {
    T* gate = gates + row * 3 * hidden;
    T* part = gates_h + row * 3 * hidden;
    const size_t at = row * hidden;
    gru_backward_row(hidden, gate, gate + hidden, gate + 2 * hidden, part, part + hidden,
                     part + 2 * hidden, h_prev + at, dh + at, dh_prev + at);
  }
}

template <class T>
void tanh_forward(size_t n, const T* __restrict x, T* __restrict h) {
  for (size_t i = 0; i < n; ++i) h[i] = hyperbolic_tangent(x[i]);
}

template <class T>
void relu_forward(size_t n, const T* __restrict x, T* __restrict h) {
  for (size_t i = 0; i < n; ++i) h[i] = x[i] < T(0) ? T(0) : x[i];
}

template <class T>
void tanh_backward(size_t n, const T* __restrict h, const T* __restrict dh, T* __restrict dx) {
  for (size_t i = 0; i < n; ++i) dx[i] = dh[i] * (T(1) - h[i] * h[i]);
}

template <class T>
void relu_backward(size_t n, const T* __restrict h, const T* __restrict dh, T* __restrict dx) {
  for (size_t i = 0; i < n; ++i) dx[i] = h[i] > T(0) ? dh[i] : T(0);
}

inline float logarithm(float x) {
  return __builtin_logf(x);
}
inline double logarithm(double x) {
  return __builtin_log(x);
}

// Less the largest, so that nothing overflows; a NaN among x makes everything NaN.
template <class T>
T softmax(size_t n, T scale, const T* __restrict x, T* __restrict p) {
  T largest = x[0];
  for (size_t i = 1; i < n; ++i) largest = x[i] > largest ? x[i] : largest;
  for (size_t i = 0; i < n; ++i) p[i] = exponential(clamp(x[i] - largest, T(80)));
  T sum = 0;
  for (size_t i = 0; i < n; ++i) sum += p[i];
  const T share = scale / sum;
  for (size_t i = 0; i < n; ++i) p[i] *= share;
  return largest + logarithm(sum);
}

// The hash is the finalizer of MurmurHash3 (A. Appleby, public domain), twice, so that the rows'
// keys and the places within a row do not show in it.
inline std::uint32_t hash(std::uint32_t x) {
  x ^= x >> 16;
  x *= 0x85ebca6bU;
  x ^= x >> 13;
  x *= 0xc2b2ae35U;
  return x ^ (x >> 16);
}

template <class T>
void dropout_mask(size_t n, std::uint32_t key, std::uint32_t threshold, T scale, T* mask) {
  for (size_t i = 0; i < n; ++i) {
    const std::uint32_t place = static_cast<std::uint32_t>(i);
    mask[i] = hash(hash(place) ^ key) < threshold ? T(0) : scale;
  }
}

template <class T>
void sgd(size_t n, T rate, T keep, const T* __restrict g, T* __restrict p) {
  for (size_t i = 0; i < n; ++i) p[i] = keep * p[i] - rate * g[i];
}

inline float root(float x) {
  return __builtin_sqrtf(x);
}
inline double root(double x) {
  return __builtin_sqrt(x);
}

template <class T>
void adam(size_t n, const AdamStep<T>& step, const T* __restrict g, T* __restrict m,
          T* __restrict v, T* __restrict p) {
  const AdamStep<T> s = step;
  for (size_t i = 0; i < n; ++i) {
    const T gradient = s.gradient_scale * g[i];
    const T mean = s.beta1 * m[i] + (T(1) - s.beta1) * gradient;
    const T square = s.beta2 * v[i] + (T(1) - s.beta2) * gradient * gradient;
    m[i] = mean;
    v[i] = square;
    p[i] = s.keep * p[i] - s.rate * mean / (root(square) * s.root_correction + s.eps);
  }
}

template <class T>
constexpr Kernels<T> k_table = {
    product<T>,      matrix_times_vector<T>, transpose<T>,    add<T>,           add_rows<T>,
    multiply<T>,     sum_of_squares<T>,      lstm_forward<T>, lstm_backward<T>, gru_forward<T>,
    gru_backward<T>, tanh_forward<T>,        relu_forward<T>, tanh_backward<T>, relu_backward<T>,
    softmax<T>,      dropout_mask<T>,        sgd<T>,          adam<T>};

#define RONDO_TEXT_OF(word) #word
#define RONDO_TEXT(word) RONDO_TEXT_OF(word)
#define RONDO_JOIN_OF(a, b) a##b
#define RONDO_JOIN(a, b) RONDO_JOIN_OF(a, b)

}  // namespace

extern const KernelSet RONDO_JOIN(k_kernels_, RONDO_KERNEL_SET);
constexpr KernelSet RONDO_JOIN(k_kernels_, RONDO_KERNEL_SET) = {RONDO_TEXT(RONDO_KERNEL_SET),
                                                                k_table<float>, k_table<double>};

}  // namespace rondo::tool
