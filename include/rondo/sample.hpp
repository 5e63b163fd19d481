// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Drawing the next token from the scores of an int8 model, in integers: the same seed draws the
// same tokens on every machine. Called by firmware and by `rondo generate`. No heap, no float, no
// state of its own: the random numbers' state is the caller's.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "rondo/view.hpp"

namespace rondo {

// A random number: a counter in steps of 2^32 / golden ratio (Weyl), mixed by the multipliers of
// lowbias32 (C. Wellons' search, 2018). Any seed is good, neighbors too; period 2^32.
constexpr uint32_t next_random(uint32_t& state) noexcept {
  state += 0x9E3779B9U;
  uint32_t z = state;
  z = (z ^ (z >> 16)) * 0x7FEB352DU;
  z = (z ^ (z >> 15)) * 0x846CA68BU;
  return z ^ (z >> 16);
}

struct Sampling {
  uint32_t sharpness;  // log2(e) / temperature, Q16.16
  uint32_t top_k;      // draw among the k greatest scores; 0: among all
};

constexpr uint32_t k_temperature_one = 1U << 16;

// temperature: Q16.16, so that 52429 is 0.8; 0 always takes the greatest score. Divides once:
// keep what it returns, or let the compiler compute it.
constexpr Sampling sampling(uint32_t temperature, uint32_t top_k = 0) noexcept {
  constexpr uint64_t k_log2_e = 6196328019U;  // log2(e) * 2^32
  if (temperature == 0) return {UINT32_MAX, 1};
  const uint64_t sharpness = (k_log2_e + temperature / 2) / temperature;
  return {sharpness > UINT32_MAX ? UINT32_MAX : static_cast<uint32_t>(sharpness), top_k};
}

// clang-format off
// Draws an index of `scores` (Q15.16, not empty), i with a share of
//
//   weight(i) = exp2_q24(distance(i) * sharpness >> 16) >> extra    0 where it is not in the top k
//   distance(i) = greatest score - score i                          Q16.16
//   exp2_q24(y): 2^-y in Q0.24, y in Q.16: a table of 32 intervals, a line in each, shifted right
//                by the whole part of y; at most 4 * 2^-16 of its value above the truth, less than
//                2 steps below
//   extra: the least that leaves (number of scores >> extra) < 256, so that the sum has 32 bits
//
// It is the first i whose weights, added up from index 0 to i, exceed
// next_random(state) * (sum of all weights) >> 32. Among the top k the lower index goes before an
// equal score. Takes one random number, whatever the scores; passes over them: 3, and k more for a
// top k below their number.
// clang-format on
uint32_t sample(View<const int32_t> scores, const Sampling& how, uint32_t& state) noexcept;

}  // namespace rondo
