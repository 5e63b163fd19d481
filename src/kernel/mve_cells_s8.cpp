// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The pointwise parts of the Helium set: the formulas of numeric.hpp for eight units at a time, in
// lanes of 16 bits, and of 32 bits where the state needs them. Even lanes ("bottom") hold the first
// four units, odd lanes ("top") the other four; where only four are left, both hold them.
#include <arm_mve.h>

#include <rondo/numeric.hpp>

#include "kernel/mve_s8.hpp"

namespace rondo::kernel {
namespace {

struct Halves {
  int32x4_t bottom, top;
};

// sat16(rshr(t, bits)), but for -32768 where sat16 gives -32767.
template <int bits>
inline int16x8_t narrow(Halves t) noexcept {
  const int16x8_t bottom =
      vqrshrnbq_n_s32(vreinterpretq_s16_s32(t.bottom), t.bottom, bits);  // odd lanes: not yet
  return vqrshrntq_n_s32(bottom, t.top, bits);
}

inline Halves operator+(Halves a, Halves b) noexcept {
  return {vaddq_s32(a.bottom, b.bottom), vaddq_s32(a.top, b.top)};
}

inline Halves operator-(Halves a, Halves b) noexcept {
  return {vsubq_s32(a.bottom, b.bottom), vsubq_s32(a.top, b.top)};
}

// tanh_q of -32768 .. 32767; |-32768| saturates.
inline int16x8_t tanh_of(int16x8_t raw) noexcept {
  const int16x8_t a = vqabsq_s16(raw);
  const uint16x8_t piece = vshrq_n_u16(vreinterpretq_u16_s16(a), 11);
  const int16x8_t u = vaddq_n_s16(vshlq_n_s16(a, 5), -32768);
  int16x8_t y = vldrhq_gather_shifted_offset_s16(k_tanh.c3, piece);
  y = vaddq_s16(vldrhq_gather_shifted_offset_s16(k_tanh.c2, piece), vqrdmulhq_s16(y, u));
  y = vaddq_s16(vldrhq_gather_shifted_offset_s16(k_tanh.c1, piece), vqrdmulhq_s16(y, u));
  y = vaddq_s16(vldrhq_gather_shifted_offset_s16(k_tanh.c0, piece),
                vqrdmulhq_s16(y, vshrq_n_s16(u, 2)));
  const int16x8_t sign = vshrq_n_s16(raw, 15);
  return vsubq_s16(veorq_s16(y, sign), sign);
}

// min(y + 32769 >> 1, 32767), y = tanh: (y + 1 >> 1) + 16384 is the same.
inline int16x8_t sigmoid_gate_of(Halves t) noexcept {
  return vqaddq_n_s16(vrshrq_n_s16(tanh_of(narrow<8>(t)), 1), 16384);
}
inline int16x8_t tanh_gate_of(Halves t) noexcept {
  return tanh_of(narrow<7>(t));
}

// rdmulh32(a, gate << 16)
inline Halves times_gate(Halves a, int16x8_t gate) noexcept {
  return {vqrdmulhq_s32(a.bottom, vshllbq_n_s16(gate, 16)),
          vqrdmulhq_s32(a.top, vshlltq_n_s16(gate, 16))};
}

// Where the first and the other four of eight units stand.
struct Places {
  uint32_t bottom, top;
};
inline Places places(uint32_t k, uint32_t units) noexcept {
  return {k, units - k > 4 ? k + 4 : k};
}

inline Halves load(const int32_t* from, Places at) noexcept {
  return {vldrwq_s32(from + at.bottom), vldrwq_s32(from + at.top)};
}
inline void store(int32_t* to, Places at, Halves x) noexcept {
  vstrwq_s32(to + at.bottom, x.bottom);
  vstrwq_s32(to + at.top, x.top);
}

// min(rshr(h, 23), 127) of a Q1.30 number: no least, |h| is at most 2^30.
inline void put_h8(int8_t* to, Places at, Halves h) noexcept {
  const int32x4_t most = vdupq_n_s32(127);
  vstrbq_s32(to + at.bottom, vminq_s32(vrshrq_n_s32(h.bottom, 23), most));
  vstrbq_s32(to + at.top, vminq_s32(vrshrq_n_s32(h.top, 23), most));
}
inline void put_h16(int16_t* to, Places at, int16x8_t h) noexcept {
  vstrhq_s32(to + at.bottom, vmovlbq_s16(h));
  vstrhq_s32(to + at.top, vmovltq_s16(h));
}
// gru_h8 and gru_h16.
inline void put_q30(int8_t* h8, int16_t* h16, Places at, Halves h) noexcept {
  if (h8 != nullptr) put_h8(h8, at, h);
  if (h16 != nullptr) put_h16(h16, at, vmaxq_s16(narrow<15>(h), vdupq_n_s16(-32767)));
}

// gru_h
inline Halves gru_state(Halves h, int16x8_t z, int16x8_t n) noexcept {
  const Halves candidate = {vshllbq_n_s16(n, 15), vshlltq_n_s16(n, 15)};
  return candidate + times_gate(h - candidate, z);
}

}  // namespace

void mve_lstm_s8(const LstmS8& block) noexcept {
  const uint32_t n = block.units;
  for (uint32_t k = 0; k < n; k += 8) {
    const Places at = places(k, n);
    const int16x8_t f = sigmoid_gate_of(load(block.t + n, at));
    const Halves kept = times_gate(load(block.c, at), f);
    const int16x8_t i = sigmoid_gate_of(load(block.t, at));
    const int16x8_t g = tanh_gate_of(load(block.t + 2 * n, at));
    const Halves c = {vqaddq_s32(kept.bottom, vrshrq_n_s32(vmullbq_int_s16(i, g), 8)),
                      vqaddq_s32(kept.top, vrshrq_n_s32(vmulltq_int_s16(i, g), 8))};
    store(block.c, at, c);
    const int16x8_t tanh_c = tanh_of(narrow<10>(c));
    const int16x8_t o = sigmoid_gate_of(load(block.t + 3 * n, at));
    if (block.h8 != nullptr) {
      put_h8(block.h8, at, {vmullbq_int_s16(o, tanh_c), vmulltq_int_s16(o, tanh_c)});
    }
    if (block.h16 != nullptr) put_h16(block.h16, at, vqrdmulhq_s16(o, tanh_c));
  }
}

void mve_gru_s8(const GruS8& block) noexcept {
  const uint32_t units = block.units;
  for (uint32_t k = 0; k < units; k += 8) {
    const Places at = places(k, units);
    const int16x8_t r = sigmoid_gate_of(load(block.t_x, at) + load(block.t_h, at));
    const Halves reset = times_gate(load(block.t_h + 2 * units, at), r);
    const int16x8_t n = tanh_gate_of(load(block.t_x + 2 * units, at) + reset);
    const int16x8_t z = sigmoid_gate_of(load(block.t_x + units, at) + load(block.t_h + units, at));
    const Halves h = gru_state(load(block.h, at), z, n);
    store(block.h, at, h);
    put_q30(block.h8, block.h16, at, h);
  }
}

void mve_gru_reset_s8(const GruResetS8& block) noexcept {
  const uint32_t units = block.units;
  for (uint32_t k = 0; k < units; k += 8) {
    const Places at = places(k, units);
    put_h16(block.z, at, sigmoid_gate_of(load(block.t + units, at)));
    const int16x8_t r = sigmoid_gate_of(load(block.t, at));
    put_q30(block.rh8, block.rh16, at, times_gate(load(block.h, at), r));
  }
}

void mve_gru_update_s8(const GruUpdateS8& block) noexcept {
  for (uint32_t k = 0; k < block.units; k += 8) {
    const Places at = places(k, block.units);
    const int16x8_t z = vmovntq_s32(vreinterpretq_s16_s32(vldrhq_s32(block.z + at.bottom)),
                                    vldrhq_s32(block.z + at.top));
    const Halves h = gru_state(load(block.h, at), z, tanh_gate_of(load(block.t, at)));
    store(block.h, at, h);
    put_q30(block.h8, block.h16, at, h);
  }
}

void mve_tanh_s8(const TanhS8& block) noexcept {
  for (uint32_t k = 0; k < block.units; k += 8) {
    const Places at = places(k, block.units);
    const int16x8_t h = tanh_gate_of(load(block.t, at));
    if (block.h8 != nullptr) {
      put_h8(block.h8, at, {vshllbq_n_s16(h, 15), vshlltq_n_s16(h, 15)});
    }
    if (block.h16 != nullptr) put_h16(block.h16, at, h);
  }
}

}  // namespace rondo::kernel
