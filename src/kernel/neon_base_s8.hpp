// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// NEON intrinsics that AArch64 and ARMv7 spell differently, for the int8 kernels of Arm Linux
// (neon_s8.cpp, dotprod_s8.cpp). No kernel is here. Everything is inline and local to the file that
// includes it, so that its object keeps the flags it was built with.
#pragma once
#include <arm_neon.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

namespace rondo::kernel {
namespace {

#ifdef __aarch64__
constexpr bool k_arm64 = true;  // 32 vector registers of 16 bytes; ARMv7 has 16

// int16 = int8 * int8 of the upper halves, and the same added to a sum.
inline int16x8_t mull_high(int8x16_t a, int8x16_t b) noexcept {
  return vmull_high_s8(a, b);
}
inline int16x8_t mlal_high(int16x8_t sum, int8x16_t a, int8x16_t b) noexcept {
  return vmlal_high_s8(sum, a, b);
}
// int32 += int16 * int16 of the upper halves.
inline int32x4_t mlal_high(int32x4_t sum, int16x8_t a, int16x8_t b) noexcept {
  return vmlal_high_s16(sum, a, b);
}
inline int16x8_t widen_high(int8x16_t a) noexcept {
  return vmovl_high_s8(a);
}
// a0 + a1, a2 + a3, b0 + b1, b2 + b3
inline int32x4_t add_pairs(int32x4_t a, int32x4_t b) noexcept {
  return vpaddq_s32(a, b);
}
// The upper 16 bits of each: x >> 16.
inline int16x8_t high_parts(int32x4_t a, int32x4_t b) noexcept {
  return vuzp2q_s16(vreinterpretq_s16_s32(a), vreinterpretq_s16_s32(b));
}
// x << 16 as int32.
inline int32x4_t raise_low(int16x8_t x) noexcept {
  return vreinterpretq_s32_s16(vzip1q_s16(vdupq_n_s16(0), x));
}
inline int32x4_t raise_high(int16x8_t x) noexcept {
  return vreinterpretq_s32_s16(vzip2q_s16(vdupq_n_s16(0), x));
}

// table[index] of 16 numbers. Tables are looked up by bytes; LD2 loads them as 16 low bytes and
// then 16 high ones.
using Places = uint8x16_t;
inline Places places_of(uint16x8_t index) noexcept {
  const uint16x8_t both = vsliq_n_u16(index, index, 8);
  return vreinterpretq_u8_u16(vorrq_u16(both, vdupq_n_u16(0x1000)));
}
inline int16x8_t look_up(const int16_t* table, Places places) noexcept {
  const uint8x16x2_t all = vld2q_u8(reinterpret_cast<const uint8_t*>(table));
  return vreinterpretq_s16_u8(vqtbl2q_u8(all, places));
}
#else
constexpr bool k_arm64 = false;

inline int16x8_t mull_high(int8x16_t a, int8x16_t b) noexcept {
  return vmull_s8(vget_high_s8(a), vget_high_s8(b));
}
inline int16x8_t mlal_high(int16x8_t sum, int8x16_t a, int8x16_t b) noexcept {
  return vmlal_s8(sum, vget_high_s8(a), vget_high_s8(b));
}
inline int32x4_t mlal_high(int32x4_t sum, int16x8_t a, int16x8_t b) noexcept {
  return vmlal_s16(sum, vget_high_s16(a), vget_high_s16(b));
}
inline int16x8_t widen_high(int8x16_t a) noexcept {
  return vmovl_s8(vget_high_s8(a));
}
inline int32x4_t add_pairs(int32x4_t a, int32x4_t b) noexcept {
  return vcombine_s32(vpadd_s32(vget_low_s32(a), vget_high_s32(a)),
                      vpadd_s32(vget_low_s32(b), vget_high_s32(b)));
}
inline int16x8_t high_parts(int32x4_t a, int32x4_t b) noexcept {
  return vcombine_s16(vshrn_n_s32(a, 16), vshrn_n_s32(b, 16));
}
inline int32x4_t raise_low(int16x8_t x) noexcept {
  return vshll_n_s16(vget_low_s16(x), 16);
}
inline int32x4_t raise_high(int16x8_t x) noexcept {
  return vshll_n_s16(vget_high_s16(x), 16);
}

// Loaded by VLD4, the one instruction that fills four registers of a table (GCC 12 would go over
// the stack with four loads): byte m of memory is byte m / 4 of register m % 4, so byte 0 of number
// k stands at 16 * (k & 1) + k / 2, byte 1 at 8 more.
using Places = uint8x16_t;
inline Places places_of(uint16x8_t index) noexcept {
  const uint16x8_t both = vsliq_n_u16(vshrq_n_u16(index, 1), index, 4);
  const uint16x8_t first = vandq_u16(both, vdupq_n_u16(31));
  return vreinterpretq_u8_u16(vmlaq_u16(vdupq_n_u16(0x0800), first, vdupq_n_u16(0x0101)));
}
inline int16x8_t look_up(const int16_t* table, Places places) noexcept {
  const uint8x8x4_t all = vld4_u8(reinterpret_cast<const uint8_t*>(table));
  return vreinterpretq_s16_u8(
      vcombine_u8(vtbl4_u8(all, vget_low_u8(places)), vtbl4_u8(all, vget_high_u8(places))));
}
#endif

inline int16x8_t mull_low(int8x16_t a, int8x16_t b) noexcept {
  return vmull_s8(vget_low_s8(a), vget_low_s8(b));
}
inline int16x8_t mlal_low(int16x8_t sum, int8x16_t a, int8x16_t b) noexcept {
  return vmlal_s8(sum, vget_low_s8(a), vget_low_s8(b));
}
inline int32x4_t mlal_low(int32x4_t sum, int16x8_t a, int16x8_t b) noexcept {
  return vmlal_s16(sum, vget_low_s16(a), vget_low_s16(b));
}
inline int16x8_t widen_low(int8x16_t a) noexcept {
  return vmovl_s8(vget_low_s8(a));
}

// Four bytes, four times. x is a multiple of 4.
inline int8x16_t spread(const uint8_t* x) noexcept {
  return vreinterpretq_s8_s32(
      vld1q_dup_s32(static_cast<const int32_t*>(static_cast<const void*>(x))));
}

// sum + rdmulh32(a, b), sum + rdmulh16(a, b). Where there is an instruction for the whole (the
// extension RDM, part of Armv8.1), it rounds once, as these do: the sum is an integer.
#ifdef __ARM_FEATURE_QRDMX
inline int32x4_t add_rdmulh(int32x4_t sum, int32x4_t a, int32x4_t b) noexcept {
  return vqrdmlahq_s32(sum, a, b);
}
inline int16x8_t add_rdmulh(int16x8_t sum, int16x8_t a, int16x8_t b) noexcept {
  return vqrdmlahq_s16(sum, a, b);
}
#else
inline int32x4_t add_rdmulh(int32x4_t sum, int32x4_t a, int32x4_t b) noexcept {
  return vqaddq_s32(sum, vqrdmulhq_s32(a, b));
}
inline int16x8_t add_rdmulh(int16x8_t sum, int16x8_t a, int16x8_t b) noexcept {
  return vqaddq_s16(sum, vqrdmulhq_s16(a, b));
}
#endif

}  // namespace
}  // namespace rondo::kernel
