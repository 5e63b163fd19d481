// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Products of the cores without DSP extension: one multiplication a weight, in assembly on
// Cortex-M3 (Thumb-2), in C++ on Cortex-M0. The pointwise parts are in cortex_m_cells_s8.cpp.
#include "kernel/thumb_s8.hpp"

#include <rondo/numeric.hpp>

#include "kernel/cortex_m_instructions.hpp"

namespace rondo::kernel {
namespace {

#if __ARM_ARCH_ISA_THUMB >= 2
// clang-format off
// The next input times its weights in four rows, which stand four bytes apart. %[w] is one byte
// before the tile, so that the last load can move it on.
#define RONDO_INPUT(load, row0, row1, row2, row3) \
  load                                            \
  "ldrsb %[a], [%[w], #" row0 "] \n"              \
  "ldrsb %[b], [%[w], #" row1 "] \n"              \
  "mla %[acc0], %[a], %[next], %[acc0] \n"        \
  "mla %[acc1], %[b], %[next], %[acc1] \n"        \
  "ldrsb %[a], [%[w], #" row2 "] \n"              \
  "ldrsb %[b], [%[w], #" row3 " \n"               \
  "mla %[acc2], %[a], %[next], %[acc2] \n"        \
  "mla %[acc3], %[b], %[next], %[acc3] \n"
// Four inputs, whose weights stand in the order 0, 2, 1, 3.
#define RONDO_GROUP(load)                  \
  RONDO_INPUT(load, "1", "5", "9", "13]")  \
  RONDO_INPUT(load, "3", "7", "11", "15]") \
  RONDO_INPUT(load, "2", "6", "10", "14]") \
  RONDO_INPUT(load, "4", "8", "12", "16]!")
// Two groups a turn; an odd number starts in the middle.
#define RONDO_GROUPS(load)                                               \
  uint32_t turns = padded / 4 + 1;                                       \
  int32_t a, b, next;                                                    \
  --w;                                                                   \
  asm volatile(                                                          \
      "lsrs %[turns], %[turns], #1 \n"                                   \
      "bcc 2f \n"                                                        \
      "1: \n" RONDO_GROUP(load)                                          \
      "2: \n" RONDO_GROUP(load)                                          \
      "subs %[turns], %[turns], #1 \n"                                   \
      "bne 1b \n"                                                        \
      : [acc0] "+r"(acc0), [acc1] "+r"(acc1), [acc2] "+r"(acc2),         \
        [acc3] "+r"(acc3), [w] "+r"(w), [x] "+r"(x), [turns] "+l"(turns), \
        [a] "=&r"(a), [b] "=&r"(b), [next] "=&r"(next)                   \
      :                                                                  \
      : "cc", "memory");                                                 \
  return w + 1
// clang-format on

struct Tile {
  int32_t acc0 = 0, acc1 = 0, acc2 = 0, acc3 = 0;

  // acc[r] += sum over i of w[r][i] * x[i]; returns the next tile of w. In assembly, since GCC 12
  // runs out of registers.
  inline const int8_t* add(const int8_t* w, const int8_t* x, uint32_t padded) noexcept {
    RONDO_GROUPS("ldrsb %[next], [%[x]], #1 \n");
  }
  inline const int8_t* add(const int8_t* w, const int16_t* x, uint32_t padded) noexcept {
    RONDO_GROUPS("ldrsh %[next], [%[x]], #2 \n");
  }
};
#else
struct Tile {
  int32_t acc0 = 0, acc1 = 0, acc2 = 0, acc3 = 0;

  // acc[r] += sum over i of w[r][i] * x[i]; returns the next tile of w. A call of its own: sums,
  // addresses and what is loaded take all registers.
  template <class X>
  [[gnu::noinline]] const int8_t* add(const int8_t* w, const X* x, uint32_t padded) noexcept {
    Tile sums;
    const X* const end = x + padded;
    do {
      sums.add_input(w, x[0]);
      sums.add_input(w + 2, x[1]);
      sums.add_input(w + 1, x[2]);
      sums.add_input(w + 3, x[3]);
      w += 16;
      x += 4;
    } while (x != end);
    *this = sums;
    return w;
  }

 private:
  inline void add_input(const int8_t* w, int32_t x) noexcept {
    acc0 += w[0] * x;
    acc1 += w[4] * x;
    acc2 += w[8] * x;
    acc3 += w[12] * x;
  }
};
#endif

template <class X>
inline void product(const ProductS8& p) noexcept {
  const uint8_t* x = p.x;
  const uint8_t* from_row = static_cast<const uint8_t*>(static_cast<const void*>(p.from));
  uint8_t* to_row = static_cast<uint8_t*>(static_cast<void*>(p.t));
  const uint32_t shift_and_one = p.shift + 1;
  for (uint32_t v = 0; v < p.count; ++v) {
    const int8_t* w = p.w;
    const int32_t* scale = p.scale;
    const int32_t* from = static_cast<const int32_t*>(static_cast<const void*>(from_row));
    int32_t* t = static_cast<int32_t*>(static_cast<void*>(to_row));
    const int32_t* const end = t + p.rows;
    for (; t != end; t += 4, from += 4, scale += 4) {
      Tile tile;
      w = tile.add(w, static_cast<const X*>(static_cast<const void*>(x)), p.padded);
      t[0] = requantize(tile.acc0, shift_and_one, scale[0], from[0]);
      t[1] = requantize(tile.acc1, shift_and_one, scale[1], from[1]);
      t[2] = requantize(tile.acc2, shift_and_one, scale[2], from[2]);
      t[3] = requantize(tile.acc3, shift_and_one, scale[3], from[3]);
    }
    x += p.x_stride;
    from_row += p.from_stride;
    to_row += p.t_stride;
  }
}

}  // namespace

void thumb_product_s8(const ProductS8& p) noexcept {
  product<int8_t>(p);
}
void thumb_product_s16(const ProductS8& p) noexcept {
  product<int16_t>(p);
}

void thumb_column_s8(const ColumnS8& column) noexcept {
  const uint32_t shift_and_one = column.shift + 1;
  for (uint32_t r = 0; r < column.rows; ++r) {
    column.t[r] =
        requantize(column.w[r] * k_token_one, shift_and_one, column.scale[r], column.from[r]);
  }
}

}  // namespace rondo::kernel
