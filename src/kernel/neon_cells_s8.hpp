// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The pointwise int8 kernels of Arm Linux, eight units at a time: specified by scalar_cells_s8.cpp
// and numeric.hpp. Shared by neon_s8.cpp and dotprod_s8.cpp, which put them into their tables.
#pragma once
#include <rondo/numeric.hpp>

#include "kernel/kernels_s8.hpp"
#include "kernel/neon_base_s8.hpp"

namespace rondo::kernel {
namespace {

// Eight units, or (n == 4) the last four of a block, which then stand in both halves.
struct Eight {
  int32x4_t low, high;
};

template <uint32_t n>
inline Eight load(const int32_t* from) noexcept {
  const int32x4_t low = vld1q_s32(from);
  return {low, n == 4 ? low : vld1q_s32(from + 4)};
}
template <uint32_t n>
inline int16x8_t load(const int16_t* from) noexcept {
  const int16x4_t low = vld1_s16(from);
  return vcombine_s16(low, n == 4 ? low : vld1_s16(from + 4));
}
template <uint32_t n>
inline void store(int32_t* to, const Eight& x) noexcept {
  vst1q_s32(to, x.low);
  if (n != 4) vst1q_s32(to + 4, x.high);
}
template <uint32_t n>
inline void store(int16_t* to, int16x8_t x) noexcept {
  memcpy(to, &x, n == 4 ? 8 : 16);
}
template <uint32_t n>
inline void store(int8_t* to, int8x8_t x) noexcept {
  memcpy(to, &x, n == 4 ? 4 : 8);
}

inline Eight add(const Eight& a, const Eight& b) noexcept {
  return {vaddq_s32(a.low, b.low), vaddq_s32(a.high, b.high)};
}
inline Eight subtract(const Eight& a, const Eight& b) noexcept {
  return {vsubq_s32(a.low, b.low), vsubq_s32(a.high, b.high)};
}
// sum + rdmulh32(x, gate << 16). The gate is positive, so nothing is the most negative squared.
inline Eight add_gated(const Eight& sum, const Eight& x, int16x8_t gate) noexcept {
  return {add_rdmulh(sum.low, x.low, raise_low(gate)),
          add_rdmulh(sum.high, x.high, raise_high(gate))};
}
// x << 15 as int32
inline Eight q1_30(int16x8_t x) noexcept {
  return {vshll_n_s16(vget_low_s16(x), 15), vshll_n_s16(vget_high_s16(x), 15)};
}
// rshr(x, bits), saturated to -32768 .. 32767
template <int bits>
inline int16x8_t narrow(const Eight& x) noexcept {
  return vcombine_s16(vqrshrn_n_s32(x.low, bits), vqrshrn_n_s32(x.high, bits));
}

// tanh_q of n vectors side by side: cores that execute in order need the independent work. An
// argument of -32768 counts as -32767, so arguments need no symmetric saturation before.
template <uint32_t n>
[[gnu::always_inline]] inline void tanh_lot(int16x8_t* x) noexcept {
  int16x8_t y[n], u[n];
  Places at[n];
#pragma GCC unroll 4
  for (uint32_t k = 0; k < n; ++k) {
    const int16x8_t a = vqabsq_s16(x[k]);
    at[k] = places_of(vshrq_n_u16(vreinterpretq_u16_s16(a), 11));  // the piece: a >> 11
    // ((a & 2047) - 1024) * 32: the shift drops the upper bits, the exclusive or subtracts 2^15.
    u[k] = veorq_s16(vshlq_n_s16(a, 5), vdupq_n_s16(INT16_MIN));
  }
#pragma GCC unroll 4
  for (uint32_t k = 0; k < n; ++k) y[k] = look_up(k_tanh.c3, at[k]);
#pragma GCC unroll 4
  for (uint32_t k = 0; k < n; ++k) y[k] = add_rdmulh(look_up(k_tanh.c2, at[k]), y[k], u[k]);
#pragma GCC unroll 4
  for (uint32_t k = 0; k < n; ++k) y[k] = add_rdmulh(look_up(k_tanh.c1, at[k]), y[k], u[k]);
#pragma GCC unroll 4
  for (uint32_t k = 0; k < n; ++k) {
    y[k] = add_rdmulh(look_up(k_tanh.c0, at[k]), y[k], vshrq_n_s16(u[k], 2));
  }
#pragma GCC unroll 4
  for (uint32_t k = 0; k < n; ++k) {
    const int16x8_t sign = vshrq_n_s16(x[k], 15);  // 0 or -1: y or -y
    x[k] = vsubq_s16(veorq_s16(y[k], sign), sign);
  }
}

// tanh_q of n vectors, as many at once as there are registers for.
template <uint32_t n>
[[gnu::always_inline]] inline void tanh_q(int16x8_t (&x)[n]) noexcept {
  constexpr uint32_t most = k_arm64 ? 4 : 2, lot = n < most ? n : most;
#pragma GCC unroll 4
  for (uint32_t k = 0; k < n; k += lot) tanh_lot<lot>(x + k);
}

// sigmoid_q from tanh_q: min((y + 32769) >> 1, 32767) = sat16(((y + 1) >> 1) + 16384)
inline int16x8_t sigmoid_of(int16x8_t y) noexcept {
  return vqaddq_s16(vrshrq_n_s16(y, 1), vdupq_n_s16(16384));
}

// Vectors of eight that hold n units.
constexpr uint32_t vectors_of(uint32_t n) noexcept {
  return n == 16 ? 2 : 1;
}

template <uint32_t n>
inline void store_gru(const Eight& h, int8_t* h8, int16_t* h16, uint32_t k) noexcept {
  // sat8(rshr(h, 23)): dropping 16 bits first does not change where the half is rounded to
  if (h8 != nullptr) store<n>(h8 + k, vqrshrn_n_s16(high_parts(h.low, h.high), 7));
  if (h16 != nullptr) store<n>(h16 + k, vmaxq_s16(narrow<15>(h), vdupq_n_s16(-32767)));
}

// Each cell: units k .. k + n - 1 of a block, n = 4, 8 or 16.
struct Lstm {
  template <uint32_t n>
  [[gnu::always_inline]] static inline void run(const LstmS8& b, uint32_t k) noexcept {
    constexpr uint32_t vectors = vectors_of(n);
    const size_t units = b.units;
    int16x8_t gate[4 * vectors], tanh_c[vectors];
#pragma GCC unroll 2
    for (uint32_t v = 0; v < vectors; ++v) {
      const int32_t* const t = b.t + k + 8 * v;
      gate[4 * v] = narrow<8>(load<n>(t));
      gate[4 * v + 1] = narrow<8>(load<n>(t + units));
      gate[4 * v + 2] = narrow<7>(load<n>(t + 2 * units));
      gate[4 * v + 3] = narrow<8>(load<n>(t + 3 * units));
    }
    tanh_q(gate);
#pragma GCC unroll 2
    for (uint32_t v = 0; v < vectors; ++v) {
      const int16x8_t i = sigmoid_of(gate[4 * v]), g = gate[4 * v + 2];
      const Eight added = {vrshrq_n_s32(vmull_s16(vget_low_s16(i), vget_low_s16(g)), 8),
                           vrshrq_n_s32(vmull_s16(vget_high_s16(i), vget_high_s16(g)), 8)};
      int32_t* const at = b.c + k + 8 * v;
      const Eight c = add_gated(added, load<n>(at), sigmoid_of(gate[4 * v + 1]));
      store<n>(at, c);
      tanh_c[v] = narrow<10>(c);
    }
    tanh_q(tanh_c);
#pragma GCC unroll 2
    for (uint32_t v = 0; v < vectors; ++v) {
      const int16x8_t o = sigmoid_of(gate[4 * v + 3]);
      const uint32_t at = k + 8 * v;
      // o * tanh_c in two steps, floor(/ 2^15) and rshr(, 8): rounds as rshr(, 23) does
      if (b.h8 != nullptr) store<n>(b.h8 + at, vqrshrn_n_s16(vqdmulhq_s16(o, tanh_c[v]), 8));
      if (b.h16 != nullptr) store<n>(b.h16 + at, vqrdmulhq_s16(o, tanh_c[v]));
    }
  }
};

struct Gru {
  template <uint32_t n>
  [[gnu::always_inline]] static inline void run(const GruS8& b, uint32_t k) noexcept {
    constexpr uint32_t vectors = vectors_of(n);
    const size_t units = b.units;
    int16x8_t gate[2 * vectors], candidate[vectors];
#pragma GCC unroll 2
    for (uint32_t v = 0; v < vectors; ++v) {
      const int32_t* const x = b.t_x + k + 8 * v;
      const int32_t* const h = b.t_h + k + 8 * v;
      gate[2 * v] = narrow<8>(add(load<n>(x), load<n>(h)));
      gate[2 * v + 1] = narrow<8>(add(load<n>(x + units), load<n>(h + units)));
    }
    tanh_q(gate);
#pragma GCC unroll 2
    for (uint32_t v = 0; v < vectors; ++v) {
      const size_t at = 2 * units + k + 8 * v;
      candidate[v] =
          narrow<7>(add_gated(load<n>(b.t_x + at), load<n>(b.t_h + at), sigmoid_of(gate[2 * v])));
    }
    tanh_q(candidate);
#pragma GCC unroll 2
    for (uint32_t v = 0; v < vectors; ++v) {
      update<n>(candidate[v], sigmoid_of(gate[2 * v + 1]), b.h, b.h8, b.h16, k + 8 * v);
    }
  }

  // h' = n + z (h - n)
  template <uint32_t n>
  [[gnu::always_inline]] static inline void update(int16x8_t candidate, int16x8_t z, int32_t* h,
                                                   int8_t* h8, int16_t* h16, uint32_t k) noexcept {
    const Eight from = q1_30(candidate);
    const Eight next = add_gated(from, subtract(load<n>(h + k), from), z);
    store<n>(h + k, next);
    store_gru<n>(next, h8, h16, k);
  }
};

struct GruReset {
  template <uint32_t n>
  [[gnu::always_inline]] static inline void run(const GruResetS8& b, uint32_t k) noexcept {
    constexpr uint32_t vectors = vectors_of(n);
    int16x8_t gate[2 * vectors];
#pragma GCC unroll 2
    for (uint32_t v = 0; v < vectors; ++v) {
      const int32_t* const t = b.t + k + 8 * v;
      gate[2 * v] = narrow<8>(load<n>(t));
      gate[2 * v + 1] = narrow<8>(load<n>(t + b.units));
    }
    tanh_q(gate);
#pragma GCC unroll 2
    for (uint32_t v = 0; v < vectors; ++v) {
      const uint32_t at = k + 8 * v;
      const Eight zero = {vdupq_n_s32(0), vdupq_n_s32(0)};
      store<n>(b.z + at, sigmoid_of(gate[2 * v + 1]));
      store_gru<n>(add_gated(zero, load<n>(b.h + at), sigmoid_of(gate[2 * v])), b.rh8, b.rh16, at);
    }
  }
};

struct GruUpdate {
  template <uint32_t n>
  [[gnu::always_inline]] static inline void run(const GruUpdateS8& b, uint32_t k) noexcept {
    constexpr uint32_t vectors = vectors_of(n);
    int16x8_t candidate[vectors];
#pragma GCC unroll 2
    for (uint32_t v = 0; v < vectors; ++v) candidate[v] = narrow<7>(load<n>(b.t + k + 8 * v));
    tanh_q(candidate);
#pragma GCC unroll 2
    for (uint32_t v = 0; v < vectors; ++v) {
      const uint32_t at = k + 8 * v;
      Gru::update<n>(candidate[v], load<n>(b.z + at), b.h, b.h8, b.h16, at);
    }
  }
};

struct Tanh {
  template <uint32_t n>
  [[gnu::always_inline]] static inline void run(const TanhS8& b, uint32_t k) noexcept {
    constexpr uint32_t vectors = vectors_of(n);
    int16x8_t h[vectors];
#pragma GCC unroll 2
    for (uint32_t v = 0; v < vectors; ++v) h[v] = narrow<7>(load<n>(b.t + k + 8 * v));
    tanh_q(h);
#pragma GCC unroll 2
    for (uint32_t v = 0; v < vectors; ++v) {
      const uint32_t at = k + 8 * v;
      if (b.h8 != nullptr) store<n>(b.h8 + at, vqrshrn_n_s16(h[v], 8));
      if (b.h16 != nullptr) store<n>(b.h16 + at, h[v]);
    }
  }
};

// An entry of the table: a whole block.
template <class Cell, class Block>
void pointwise(const Block& block) noexcept {
  uint32_t k = 0;
  if constexpr (k_arm64) {
    for (; block.units - k >= 16; k += 16) Cell::template run<16>(block, k);
  }
  for (; block.units - k >= 8; k += 8) Cell::template run<8>(block, k);
  if (k != block.units) Cell::template run<4>(block, k);
}

template <uint32_t n>
[[gnu::always_inline]] inline void column_rows(const ColumnS8& column, uint32_t r) noexcept {
  int8x8_t w = vdup_n_s8(0);
  memcpy(&w, column.w + r, n);
  const int16x8_t wide = vmovl_s8(w);
  // (w << 12) << shift
  const int32x4_t shift = vdupq_n_s32(static_cast<int32_t>(12 + column.shift));
  const Eight from = load<n>(column.from + r), scale = load<n>(column.scale + r);
  const int32x4_t low = vshlq_s32(vmovl_s16(vget_low_s16(wide)), shift);
  const int32x4_t high = vshlq_s32(vmovl_s16(vget_high_s16(wide)), shift);
  store<n>(column.t + r,
           {add_rdmulh(from.low, low, scale.low), add_rdmulh(from.high, high, scale.high)});
}
inline void token_column(const ColumnS8& column) noexcept {
  static_assert(k_token_one == 1 << 12, "the shift of column_rows");
  uint32_t r = 0;
  for (; column.rows - r >= 8; r += 8) column_rows<8>(column, r);
  if (r != column.rows) column_rows<4>(column, r);
}

}  // namespace
}  // namespace rondo::kernel
