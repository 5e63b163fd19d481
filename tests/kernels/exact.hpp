// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// exp, sigmoid and tanh in double precision without libm, to judge floats: the same on hosts and on
// bare metal. Errors below 1e-14: a ten-millionth of what is judged.
#pragma once

namespace rondo::engine {

// exp(x) = (exp(x / 2^k))^(2^k); the series to x^12 on |x| <= 1/16 leaves less than 1e-22.
constexpr double exact_exp(double x) noexcept {
  if (x > 700.0) x = 700.0;
  if (x < -700.0) x = -700.0;
  int halvings = 0;
  while (x > 0.0625 || x < -0.0625) x *= 0.5, ++halvings;
  double sum = 1.0;
  for (int n = 12; n > 0; --n) sum = 1.0 + sum * x / n;
  for (; halvings > 0; --halvings) sum *= sum;
  return sum;
}

constexpr double exact_sigmoid(double x) noexcept {
  return x < 0.0 ? 1.0 - 1.0 / (1.0 + exact_exp(x)) : 1.0 / (1.0 + exact_exp(-x));
}

constexpr double exact_tanh(double x) noexcept {
  return 2.0 * exact_sigmoid(2.0 * x) - 1.0;
}

}  // namespace rondo::engine
