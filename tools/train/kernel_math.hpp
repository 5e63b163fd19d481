// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The ground kernels.cpp stands on, and no other file may include: vectors of the instruction set
// it is compiled for, exp and what is made of it. Like that file, without inline functions of
// others.
#pragma once
#include <cstddef>
#include <cstdint>

#if defined(__AVX512F__)
#define RONDO_VECTOR_BYTES 64
#define RONDO_TILE_ROWS 8  // 8 x 2 of 32 registers are sums: enough to hide the latency of an FMA
#elif defined(__AVX2__)
#define RONDO_VECTOR_BYTES 32
#define RONDO_TILE_ROWS 6  // 6 x 2 of 16
#else
#define RONDO_VECTOR_BYTES 16
#define RONDO_TILE_ROWS 4
#endif

namespace rondo::tool {
namespace {

using std::size_t;

template <class T>
struct VectorOf {
  typedef T type __attribute__((vector_size(RONDO_VECTOR_BYTES)));
  // The same in memory: no alignment, may alias arrays of T.
  typedef T loose __attribute__((vector_size(RONDO_VECTOR_BYTES), aligned(alignof(T)), may_alias));
  static constexpr size_t lanes = RONDO_VECTOR_BYTES / sizeof(T);
};
template <class T>
using Vector = typename VectorOf<T>::type;

template <class T>
inline Vector<T> load(const T* p) {
  return *reinterpret_cast<const typename VectorOf<T>::loose*>(p);
}

template <class T>
inline void store(T* p, Vector<T> v) {
  *reinterpret_cast<typename VectorOf<T>::loose*>(p) = v;
}

// The sum of the lanes, by halves.
template <class T>
inline T sum_of(Vector<T> v) {
  T lane[VectorOf<T>::lanes];
  store(lane, v);
  for (size_t half = VectorOf<T>::lanes / 2; half > 0; half /= 2) {
    for (size_t i = 0; i < half; ++i) lane[i] += lane[i + half];
  }
  return lane[0];
}

// exp(x) = 2^n * exp(r), n = round(x / ln 2), |r| <= ln(2) / 2. exp(r) = 1 + r + r^2 * q(r), where
// q interpolates at Chebyshev's points: 1e-8 off, relative. For |x| <= 87; NaN stays NaN.
inline float exponential(float x) {
  constexpr float k_round = 0x1.8p23F;  // adding it leaves no bits for a fraction
  const float shifted = x * 0x1.715476p+0F + k_round;
  const float n = shifted - k_round;
  const float r = x - n * 0x1.62e4p-1F - n * 0x1.7f7d1cp-20F;  // ln 2 in two parts: n * 1st exact
  const float q =
      0.5F + r * (0.16666577F + r * (0.041666555F + r * (0.008363173F + r * 0.0013926176F)));
  const std::uint32_t bits = __builtin_bit_cast(std::uint32_t, shifted);
  return (1.0F + r + r * r * q) * __builtin_bit_cast(float, (bits << 23) + 0x3f800000U);
}
inline double exponential(double x) {
  return __builtin_exp(x);
}

// Written so that NaN passes.
template <class T>
inline T clamp(T x, T most) {
  x = x > most ? most : x;
  return x < -most ? -most : x;
}

template <class T>
inline T sigmoid(T x) {
  return T(1) / (T(1) + exponential(-clamp(x, T(80))));  // exp(80) is far from the float's end
}

// From exp(-2 |x|) <= 1, so that nothing is lost where tanh is small. tanh(20) is 1 in a float.
inline float hyperbolic_tangent(float x) {
  const float size = __builtin_fabsf(x);
  const float e = exponential(-2.0F * (size > 20.0F ? 20.0F : size));
  return __builtin_copysignf((1.0F - e) / (1.0F + e), x);
}
inline double hyperbolic_tangent(double x) {
  return __builtin_tanh(x);
}

}  // namespace
}  // namespace rondo::tool
