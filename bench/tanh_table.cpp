// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Why tanh is a cubic: the usual other way, a table of 257 numbers with linear interpolation,
// beside it, both for 16 values at a time on NEON. Only for bench/mca.sh: it is compiled, never
// run.
#include <stddef.h>

#include "kernel/neon_cells_s8.hpp"

namespace rondo::kernel {

void tanh_by_cubic(const int16_t* from, int16_t* to, size_t count) noexcept {
  for (size_t k = 0; k < count; k += 16) {
    int16x8_t x[2] = {vld1q_s16(from + k), vld1q_s16(from + k + 8)};
    tanh_q(x);
    vst1q_s16(to + k, x[0]);
    vst1q_s16(to + k + 8, x[1]);
  }
}

// Entries index and index + 1, which stand side by side, in one word.
template <int lane>
inline int32x4_t pair(const int16_t* table, uint16x8_t index, int32x4_t pairs) noexcept {
  const int16_t* const at = table + vgetq_lane_u16(index, lane);
  return vld1q_lane_s32(reinterpret_cast<const int32_t*>(at), pairs, lane % 4);
}

// table: tanh of 0, 1/32 .. 8, as Q0.15. As accurate as the cubic: h^2 / 8 * max |tanh''| at a step
// of h = 1/32 is 3.1 units of 2^-15.
void tanh_by_table(const int16_t* from, int16_t* to, size_t count, const int16_t* table) noexcept {
  for (size_t k = 0; k < count; k += 16) {
#pragma GCC unroll 2
    for (size_t v = 0; v < 16; v += 8) {
      const int16x8_t x = vld1q_s16(from + k + v);
      const int16x8_t a = vqabsq_s16(x);
      const uint16x8_t index = vshrq_n_u16(vreinterpretq_u16_s16(a), 7);
      int32x4_t low = vdupq_n_s32(0), high = vdupq_n_s32(0);
      low = pair<0>(table, index, low);
      high = pair<4>(table, index, high);
      low = pair<1>(table, index, low);
      high = pair<5>(table, index, high);
      low = pair<2>(table, index, low);
      high = pair<6>(table, index, high);
      low = pair<3>(table, index, low);
      high = pair<7>(table, index, high);
      const int16x8_t left = vuzp1q_s16(vreinterpretq_s16_s32(low), vreinterpretq_s16_s32(high));
      const int16x8_t right = vuzp2q_s16(vreinterpretq_s16_s32(low), vreinterpretq_s16_s32(high));
      const int16x8_t part = vshlq_n_s16(vandq_s16(a, vdupq_n_s16(127)), 8);  // Q0.15
      const int16x8_t y = add_rdmulh(left, vsubq_s16(right, left), part);
      const int16x8_t sign = vshrq_n_s16(x, 15);
      vst1q_s16(to + k + v, vsubq_s16(veorq_s16(y, sign), sign));
    }
  }
}

}  // namespace rondo::kernel
