// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The pointwise parts on Cortex-M0, M3, M4, M7 and M33: the formulas of numeric.hpp for one unit at
// a time, arranged for few instructions.
#include <rondo/numeric.hpp>

#include "kernel/cortex_m_instructions.hpp"
#include "kernel/cortex_m_s8.hpp"

namespace rondo::kernel {
namespace {

// The four numbers of a piece of k_tanh, with what rounding adds in them already. There is one
// piece more: ssat<16> gives -32768 where sat16 gives -32767, and tanh is the same for both.
struct Piece {
  int32_t c3, c2, c1, c0;
};
constexpr Piece piece_of(int32_t k) noexcept {
  k -= k >> 4;  // piece 16 is like 15
  return {k_tanh.c3[k], k_tanh.c2[k] * 1024 + 512, k_tanh.c1[k] * 1024 + 512,
          k_tanh.c0[k] * 4096 + 2048};
}

#ifdef __OPTIMIZE_SIZE__
inline Piece load(int32_t k) noexcept {
  return piece_of(k);
}
#else
// Side by side: 104 bytes more at -Os on an M4, some instructions less.
struct Pieces {
  Piece at[17];
};
constexpr Pieces pieces() noexcept {
  Pieces all = {};
  for (int k = 0; k < 17; ++k) all.at[k] = piece_of(k);
  return all;
}
constexpr Pieces k_pieces = pieces();

// By LDRD where the core has it: GCC 12 finds only half of the pairs.
inline Piece load(int32_t k) noexcept {
  const Piece* const at = &k_pieces.at[k];
#if __ARM_ARCH_ISA_THUMB >= 2
  Piece p;
  asm("ldrd %0, %1, [%4] \n"
      "ldrd %2, %3, [%4, #8]"
      : "=&r"(p.c3), "=&r"(p.c2), "=&r"(p.c1), "=r"(p.c0)
      : "r"(at), "m"(*at));
  return p;
#else
  return *at;
#endif
}
#endif

// tanh_q of -32768 .. 32767. u is -1024 .. 1023 here, where numeric.hpp has 32 u.
inline int32_t tanh_of(int32_t raw) noexcept {
  const int32_t sign = raw >> 31;
  const int32_t a = (raw ^ sign) - sign;
  const Piece p = load(a >> 11);
  const int32_t u = (a & 2047) - 1024;
  int32_t y = (p.c2 + p.c3 * u) >> 10;
  y = (p.c1 + y * u) >> 10;
  y = (p.c0 + y * u) >> 12;
  return (y ^ sign) - sign;
}

// sigmoid_gate and tanh_gate
inline int32_t sigmoid_of(int32_t t) noexcept {
  return half_usat15(tanh_of(ssat<16, 8>(t + 128)) + 32769);
}
inline int32_t tanh_of_gate(int32_t t) noexcept {
  return tanh_of(ssat<16, 7>(t + 64));
}

// rdmulh32(a, gate << 16), gate > 0. SMMLAR wants gate << 17; where that runs into the sign, it is
// 2^32 too small, and a is added once more.
inline int32_t times_gate(int32_t a, int32_t gate) noexcept {
  const int32_t factor = shift_up(gate, 17);
  return smmlar(a, factor, a & (factor >> 31));
}

// gru_h
inline int32_t gru_state(int32_t h, int32_t z, int32_t n) noexcept {
  const int32_t candidate = shift_up(n, 15);
  return candidate + times_gate(h - candidate, z);
}

// gru_h8, and lstm_h8 of o * tanh_c
inline int8_t narrow_q30(int32_t h) noexcept {
  return static_cast<int8_t>(ssat<8, 23>(h + (1 << 22)));
}
// gru_h8 and gru_h16; the latter does not know -32768.
inline void put_q30(int32_t h, uint32_t k, int8_t* h8, int16_t* h16) noexcept {
  if (h8 != nullptr) h8[k] = narrow_q30(h);
  if (h16 != nullptr) {
    const int32_t q15 = ssat<16, 15>(h + (1 << 14));
    h16[k] = static_cast<int16_t>(q15 - ((q15 + 32767) >> 31));
  }
}

}  // namespace

void cortex_m_lstm_s8(const LstmS8& block) noexcept {
  const uint32_t n = block.units;
  for (uint32_t k = 0; k < n; ++k) {
    const int32_t* const t = block.t + k;
    const int32_t i = sigmoid_of(t[0]);
    const int32_t ig = i * tanh_of_gate(t[2 * n]);
    const int32_t kept = times_gate(block.c[k], sigmoid_of(t[n]));
    const int32_t c = qadd(kept, rshr(ig, 8));
    block.c[k] = c;
    const int32_t o = sigmoid_of(t[3 * n]);
    const int32_t tanh_c = tanh_of(ssat<16, 1>((c >> 9) + 1));  // rshr(c, 10) cannot overflow so
    const int32_t h = o * tanh_c;  // two numbers below 2^15: 16 bits need no saturation
    if (block.h8 != nullptr) block.h8[k] = narrow_q30(h);
    if (block.h16 != nullptr) block.h16[k] = static_cast<int16_t>(rshr(h, 15));
  }
}

void cortex_m_gru_s8(const GruS8& block) noexcept {
  const uint32_t units = block.units;
  for (uint32_t k = 0; k < units; ++k) {
    const int32_t* const t_x = block.t_x + k;
    const int32_t* const t_h = block.t_h + k;
    const int32_t r = sigmoid_of(t_x[0] + t_h[0]);
    const int32_t n = tanh_of_gate(t_x[2 * units] + times_gate(t_h[2 * units], r));
    const int32_t z = sigmoid_of(t_x[units] + t_h[units]);
    const int32_t h = gru_state(block.h[k], z, n);
    block.h[k] = h;
    put_q30(h, k, block.h8, block.h16);
  }
}

void cortex_m_gru_reset_s8(const GruResetS8& block) noexcept {
  const uint32_t units = block.units;
  for (uint32_t k = 0; k < units; ++k) {
    block.z[k] = static_cast<int16_t>(sigmoid_of(block.t[units + k]));
    const int32_t r = sigmoid_of(block.t[k]);
    put_q30(times_gate(block.h[k], r), k, block.rh8, block.rh16);
  }
}

void cortex_m_gru_update_s8(const GruUpdateS8& block) noexcept {
  for (uint32_t k = 0; k < block.units; ++k) {
    const int32_t h = gru_state(block.h[k], block.z[k], tanh_of_gate(block.t[k]));
    block.h[k] = h;
    put_q30(h, k, block.h8, block.h16);
  }
}

void cortex_m_tanh_s8(const TanhS8& block) noexcept {
  for (uint32_t k = 0; k < block.units; ++k) {
    put_q30(shift_up(tanh_of_gate(block.t[k]), 15), k, block.h8, block.h16);
  }
}

}  // namespace rondo::kernel
