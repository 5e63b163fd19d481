// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the int8 kernels of the Cortex-M without Helium are written in: single instructions where
// the core has them, else the same in C++. Each comment is what is computed. Nothing branches on
// data.
#pragma once
#include <stdint.h>

namespace rondo::kernel {

// a * 2^n, whatever the sign.
inline int32_t shift_up(int32_t a, uint32_t n) noexcept {
  return static_cast<int32_t>(static_cast<uint32_t>(a) << n);
}

// `a` where mask is 0, `b` where it is -1.
inline int32_t choose(int32_t a, int32_t b, int32_t mask) noexcept {
  return a ^ ((a ^ b) & mask);
}

// (a * b + 2^31 >> 32) + c
inline int32_t smmlar(int32_t a, int32_t b, int32_t c) noexcept {
#if defined(__ARM_FEATURE_DSP)
  int32_t sum;
  asm("smmlar %0, %1, %2, %3" : "=r"(sum) : "r"(a), "r"(b), "r"(c));
  return sum;
#elif __ARM_ARCH_ISA_THUMB >= 2
  uint32_t low = 0x80000000U;
  asm("smlal %0, %1, %2, %3" : "+r"(low), "+r"(c) : "r"(a), "r"(b));
  return c;
#else
  // Cortex-M0 multiplies 32 by 32 bits and keeps 32: so halves, none of whose sums overflows.
  const int32_t a_high = a >> 16, a_low = a & 0xFFFF, b_high = b >> 16, b_low = b & 0xFFFF;
  const uint32_t low = static_cast<uint32_t>(a_low) * static_cast<uint32_t>(b_low);
  const int32_t middle = a_high * b_low + static_cast<int32_t>(low >> 16);
  const int32_t rest = a_low * b_high + (middle & 0xFFFF);
  return c + a_high * b_high + (middle >> 16) + (((rest >> 15) + 1) >> 1);
#endif
}

// from + rdmulh32(acc << shift, scale). smmlar rounds at bit 32 where rdmulh32 rounds at 31, so one
// factor is doubled: `shift_and_one` is shift + 1. acc << shift is below 2^30, so nothing is lost.
inline int32_t requantize(int32_t acc, uint32_t shift_and_one, int32_t scale,
                          int32_t from) noexcept {
  return smmlar(shift_up(acc, shift_and_one), scale, from);
}

// a + b, saturated
inline int32_t qadd(int32_t a, int32_t b) noexcept {
#if defined(__ARM_FEATURE_DSP)
  int32_t sum;
  asm("qadd %0, %1, %2" : "=r"(sum) : "r"(a), "r"(b));
  return sum;
#else
  const auto sum = static_cast<int32_t>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
  return choose(sum, (a >> 31) ^ INT32_MAX, ((sum ^ a) & (sum ^ b)) >> 31);
#endif
}

// a >> shift, saturated to `bits` signed bits; 1 <= shift
template <int bits, int shift>
inline int32_t ssat(int32_t a) noexcept {
#if __ARM_ARCH_ISA_THUMB >= 2
  int32_t saturated;
  asm("ssat %0, %1, %2, asr %3" : "=r"(saturated) : "I"(bits), "r"(a), "I"(shift));
  return saturated;
#else
  constexpr int32_t most = (1 << (bits - 1)) - 1;
  const int32_t shifted = a >> shift;
  return choose(shifted, (a >> 31) ^ most, ((shifted + most + 1) | (most - shifted)) >> 31);
#endif
}

// min(a >> 1, 32767) of 0 .. 65536
inline int32_t half_usat15(int32_t a) noexcept {
#if __ARM_ARCH_ISA_THUMB >= 2
  int32_t saturated;
  asm("usat %0, #15, %1, asr #1" : "=r"(saturated) : "r"(a));
  return saturated;
#else
  const int32_t half = a >> 1;  // only 32768 is cut
  return half - (half >> 15);
#endif
}

// Bytes 0 and 2 of four, each with its sign, as a pair of 16-bit numbers; bytes 1 and 3.
#if defined(__ARM_FEATURE_DSP)
inline uint32_t even_bytes(uint32_t bytes) noexcept {
  uint32_t pair;
  asm("sxtb16 %0, %1" : "=r"(pair) : "r"(bytes));
  return pair;
}
inline uint32_t odd_bytes(uint32_t bytes) noexcept {
  uint32_t pair;
  asm("sxtb16 %0, %1, ror #8" : "=r"(pair) : "r"(bytes));
  return pair;
}
// The low numbers of two pairs as a pair, the first one low; the high ones.
inline uint32_t low_numbers(uint32_t first, uint32_t second) noexcept {
  uint32_t pair;
  asm("pkhbt %0, %1, %2, lsl #16" : "=r"(pair) : "r"(first), "r"(second));
  return pair;
}
inline uint32_t high_numbers(uint32_t first, uint32_t second) noexcept {
  uint32_t pair;
  asm("pkhtb %0, %1, %2, asr #16" : "=r"(pair) : "r"(second), "r"(first));
  return pair;
}
#endif

}  // namespace rondo::kernel
