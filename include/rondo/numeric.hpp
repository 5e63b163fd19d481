// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The arithmetic of quantized models: number formats, the two roundings, tanh and sigmoid. With the
// scalar kernels (src/kernel/scalar_s8.cpp) it is the specification: every kernel set gives the
// same bits. Integers only; all of it constexpr.
#pragma once
#include <stdint.h>

namespace rondo {

// clang-format off
// A number format Qm.n is an integer that counts steps of 2^-n, with m bits before the point.
//
//   quantity                  integer  format  range      made by
//   weight                    int8     -       -127..127  one scale per output row, W and U apart
//   activation, 8 bits        int8     Q0.7    -1..1      h of the layer below, h of the last step
//   activation, 16 bits       int16    Q0.15   -1..1      the same, for the head
//   real input                int16    steps   +-32767    floor((x - mean) * inv_step + 0.5)
//   token                     -        -       2^12       its column of W, as activation 2^12
//   accumulator               int32    -       +-2^30     sum of weight * activation, shifted left
//   pre-activation t          int32    Q12.19  +-4096     rdmulh32(acc_x << kx, mx)
//                                                         + rdmulh32(acc_h << kh, mh) + bias
//   argument, sigmoid gate    int16    Q4.11   +-16       sat16(rshr(t, 8))
//   argument, tanh gate       int16    Q3.12   +-8        sat16(rshr(t, 7))
//   gate                      int16    Q0.15   -1..1      sigmoid_q, tanh_q
//   cell c of an LSTM         int32    Q9.22   +-512      lstm_c below
//   state h of a GRU          int32    Q1.30   -1..1      gru_h below
//   score                     int32    Q15.16  +-32768    rdmulh32(acc << k, m) + bias
//   dense layer: tanh         int16    Q0.15   -1..1      tanh_gate(t); 8 bits: narrow_s8 of it
//     sigmoid                 int16    Q0.15   0..1       sigmoid_gate(t); the same
//     none, ReLU              int16    steps   +-32767    sat16(rshr(t, 8)), t in 2^-8 of a step
//                             int8     steps   -128..127  sat8(rshr(t, 8)); ReLU: not below 0
//     as scores               int32    Q15.16  +-32768    gate << 1; none, ReLU: t is Q15.16 itself
//   mean over time            int16,8  of its input         floor(sum / steps + 1/2)
//   skip                      int32    Q15.16  saturates  score + rdmulh32(x << k, m) + bias
//
// A sigmoid gate has Q4.11 because a forget gate lives near 1: in Q3.12 it could not pass
// sigmoid(8) = 0.99966, a memory of 3,000 steps. c has 32 bits because an int16 cell stalls in slow
// decay, and real networks reach |c| = 308.
// clang-format on

constexpr int k_gate_bits = 19;         // pre-activations are Q12.19
constexpr int k_cell_bits = 22;         // c is Q9.22
constexpr int k_score_bits = 16;        // scores are Q15.16
constexpr int k_dense_bits = 8;         // dense, none and ReLU: t counts 2^-8 of a step
constexpr int32_t k_gru_one = 1 << 30;  // bound of |h| of a GRU
constexpr int k_token_bits = 12;        // a token stands for the activation 2^12
constexpr int32_t k_token_one = 1 << k_token_bits;
constexpr int32_t k_largest_s8 = 128;  // bounds of |activation| in the proofs of Model::load
constexpr int32_t k_largest_s16 = 32768;
constexpr int k_acc_bits = 30;  // |acc << k| stays below 2^30
constexpr int64_t k_acc_limit = int64_t{1} << k_acc_bits;
constexpr uint8_t k_shift_limit = 15;  // kx, kh, k are 0 .. 15

// a * b rounded to the nearest, halves up; both in units of 2^-31, and so is the result.
// SQRDMULH on NEON, VQRDMULH on Helium. Those saturate where both are -2^31: here one of them is
// always a multiplier or a gate, which is positive.
constexpr int32_t rdmulh32(int32_t a, int32_t b) noexcept {
  return static_cast<int32_t>((int64_t{a} * b + (int64_t{1} << 30)) >> 31);
}

// The same in units of 2^-15: PMULHRSW on x86.
constexpr int32_t rdmulh16(int32_t a, int32_t b) noexcept {
  return (a * b + (1 << 14)) >> 15;
}

// a / 2^n rounded to the nearest, halves up. n >= 1, and a + 2^(n-1) must fit. SRSHR, VRSHR.
constexpr int32_t rshr(int32_t a, int n) noexcept {
  return (a + (1 << (n - 1))) >> n;
}

// a * 2^n; defined for negative a too, where C++17 knows no shift to the left.
constexpr int32_t shift_left(int32_t a, int n) noexcept {
  return a * (1 << n);
}

constexpr int32_t clamp(int32_t a, int32_t low, int32_t high) noexcept {
  return a < low ? low : a > high ? high : a;
}
// Symmetric, so that -sat16(a) == sat16(-a).
constexpr int16_t sat16(int32_t a) noexcept {
  return static_cast<int16_t>(clamp(a, -32767, 32767));
}
constexpr int8_t sat8(int32_t a) noexcept {
  return static_cast<int8_t>(clamp(a, -128, 127));
}
constexpr int32_t sat32(int64_t a) noexcept {
  return static_cast<int32_t>(a < INT32_MIN ? INT32_MIN : a > INT32_MAX ? INT32_MAX : a);
}

// tanh on 0 .. 8 as a cubic on each of 16 equal pieces, in a = c0 + u (c1 + u (c2 + u c3)) / 4 with
// u in -1 .. 1 across the piece. Made by tools/golden/tanh_cubics.py, which searches the integers
// that give the least error of the integer formula below, over all arguments.
struct TanhCubics {
  int16_t c0[16], c1[16], c2[16], c3[16];
};
constexpr TanhCubics k_tanh = {
    {8023, 20811, 27797, 30847, 32048, 32501, 32669, 32732, 32755, 32763, 32766, 32767, 32767,
     32767, 32767, 32767},
    {30796, 19554, 9188, 3730, 1424, 531, 195, 71, 27, 10, 2, 0, 0, 0, 0, 0},
    {-1814, -3053, -1956, -888, -354, -131, -47, -19, -8, -2, 1, 0, 0, 0, 0, 0},
    {-516, 72, 221, 128, 56, 25, 8, 5, 1, 0, 3, 0, 0, 0, 0, 0}};

// tanh of a Q3.12 argument in -32767 .. 32767, as Q0.15. Odd and monotone; at most 3.48 steps of
// 2^-15 from the truth, at most 0.993 where |argument| > 4 (tests/unit/numeric_test.cpp tries all).
// 16 bits suffice everywhere: no intermediate leaves them.
constexpr int16_t tanh_q(int32_t raw) noexcept {
  const int32_t a = raw < 0 ? -raw : raw;
  const int32_t piece = a >> 11;
  const int32_t u = ((a & 2047) - 1024) * 32;  // Q0.15
  int32_t y = k_tanh.c3[piece];
  y = k_tanh.c2[piece] + rdmulh16(y, u);
  y = k_tanh.c1[piece] + rdmulh16(y, u);
  y = k_tanh.c0[piece] + rdmulh16(y, u / 4);  // exact: u is a multiple of 32
  return static_cast<int16_t>(raw < 0 ? -y : y);
}

// 1 / (1 + exp(-x)) of a Q4.11 argument, as Q0.15 in 1 .. 32767. It is (1 + tanh(x / 2)) / 2, and
// x in Q4.11 is the same integer as x / 2 in Q3.12.
constexpr int16_t sigmoid_q(int32_t raw) noexcept {
  const int32_t y = (tanh_q(raw) + 32769) >> 1;
  return static_cast<int16_t>(y > 32767 ? 32767 : y);
}

constexpr int16_t sigmoid_gate(int32_t t) noexcept {
  return sigmoid_q(sat16(rshr(t, 8)));
}
constexpr int16_t tanh_gate(int32_t t) noexcept {
  return tanh_q(sat16(rshr(t, 7)));
}

// The LSTM cell of Hochreiter and Schmidhuber (1997) with the forget gate of Gers et al. (2000), no
// peepholes: c' = f c + i g, h = o tanh(c').
constexpr int32_t lstm_c(int32_t c, int16_t i, int16_t f, int16_t g) noexcept {
  const int32_t kept = rdmulh32(c, f * 65536);
  return sat32(int64_t{kept} + rshr(i * g, 8));
}
constexpr int16_t lstm_tanh_c(int32_t c) noexcept {
  return tanh_q(sat16(rshr(c > INT32_MAX - 512 ? INT32_MAX - 512 : c, 10)));
}
constexpr int8_t lstm_h8(int16_t o, int16_t tanh_c) noexcept {
  return sat8(rshr(o * tanh_c, 23));
}
constexpr int16_t lstm_h16(int16_t o, int16_t tanh_c) noexcept {
  return sat16(rshr(o * tanh_c, 15));
}

// The GRU of Cho et al. (2014): h' = (1 - z) n + z h = n + z (h - n). z is below 1, so |h| stays
// within k_gru_one and the difference within int32.
constexpr int32_t gru_h(int32_t h, int16_t z, int16_t n) noexcept {
  const int32_t candidate = shift_left(n, 15);
  return candidate + rdmulh32(h - candidate, z * 65536);
}
// The candidate of the form that resets after the product: a from the input, b from h.
constexpr int16_t gru_n(int32_t a, int32_t b, int16_t r) noexcept {
  return tanh_gate(a + rdmulh32(b, r * 65536));
}
constexpr int8_t gru_h8(int32_t h) noexcept {
  return sat8(rshr(h, 23));
}
constexpr int16_t gru_h16(int32_t h) noexcept {
  return sat16(rshr(h, 15));
}

// A gate or tanh as an 8-bit activation.
constexpr int8_t narrow_s8(int16_t gate) noexcept {
  return sat8(rshr(gate, 8));
}

}  // namespace rondo
