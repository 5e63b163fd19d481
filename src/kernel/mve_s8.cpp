// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Operands and products of the Helium set: sixteen products of 8 bits at a time, eight of 16 bits
// (VMLADAVA), four rows requantized at once. The pointwise parts are in mve_cells_s8.cpp. No store
// is predicated: GCC 12 takes such a store for one of the whole vector and drops earlier ones.
#include "kernel/mve_s8.hpp"

#include <arm_mve.h>

#include <rondo/numeric.hpp>

namespace rondo::kernel {
namespace {

// The rows that come next.
struct Rows {
  const int8_t* w;
  const int32_t* scale;
  const int32_t* from;
  int32_t* t;
};

// clang-format off
#define RONDO_ROW_S8(acc, q)         \
  "vldrb.u8 " q ", [%[w]], #16 \n"   \
  "vmladava.s8 %[" acc "], q0, " q " \n"
// The weights are widened as they are loaded.
#define RONDO_ROW_S16(acc)               \
  "vldrb.s16 q2, [%[w]], #8 \n"          \
  "vmladava.s16 %[" acc "], q0, q2 \n"   \
  "vldrb.s16 q3, [%[w]], #8 \n"          \
  "vmladava.s16 %[" acc "], q1, q3 \n"
#define RONDO_REQUANTIZE                   \
  "vmov q0[2], q0[0], %[acc0], %[acc2] \n" \
  "vmov q0[3], q0[1], %[acc1], %[acc3] \n" \
  "vshl.s32 q0, %[shift] \n"               \
  "vldrw.u32 q1, [%[scale]], #16 \n"       \
  "vqrdmulh.s32 q0, q0, q1 \n"             \
  "vldrw.u32 q1, [%[from]], #16 \n"        \
  "vadd.i32 q0, q0, q1 \n"                 \
  "vstrw.32 q0, [%[t]], #16 \n"
// A tile: its groups of sixteen inputs, then t = from + rdmulh32(acc << shift, scale) of the four
// rows, and on to what comes next. In assembly: GCC 12 neither moves addresses on as it loads nor
// puts four sums into a vector. VMLADAVA adds up in even core registers.
#define RONDO_TILE(group)                                        \
  int32_t acc0 = 0, acc1 = 0, acc2 = 0, acc3 = 0;                \
  asm volatile(                                                  \
      "dls lr, %[groups] \n"                                     \
      "1: \n" group                                              \
      "le lr, 1b \n" RONDO_REQUANTIZE                            \
      : [acc0] "+Te"(acc0), [acc1] "+Te"(acc1),                  \
        [acc2] "+Te"(acc2), [acc3] "+Te"(acc3),                  \
        [w] "+r"(rows.w), [x] "+r"(x), [scale] "+r"(rows.scale), \
        [from] "+r"(rows.from), [t] "+r"(rows.t)                 \
      : [groups] "r"(groups), [shift] "r"(shift)                 \
      : "lr", "q0", "q1", "q2", "q3", "memory")

inline void tile_s8(Rows& rows, const uint8_t* x, uint32_t groups, uint32_t shift) noexcept {
  RONDO_TILE("vldrb.u8 q0, [%[x]], #16 \n"
             RONDO_ROW_S8("acc0", "q1") RONDO_ROW_S8("acc1", "q2")
             RONDO_ROW_S8("acc2", "q1") RONDO_ROW_S8("acc3", "q2"));
}
inline void tile_s16(Rows& rows, const uint8_t* x, uint32_t groups, uint32_t shift) noexcept {
  RONDO_TILE("vldrh.u16 q0, [%[x]], #16 \n"
             "vldrh.u16 q1, [%[x]], #16 \n"
             RONDO_ROW_S16("acc0") RONDO_ROW_S16("acc1")
             RONDO_ROW_S16("acc2") RONDO_ROW_S16("acc3"));
}
// clang-format on

template <void (*tile)(Rows&, const uint8_t*, uint32_t, uint32_t) noexcept>
inline void product(const ProductS8& p) noexcept {
  const uint8_t* x = p.x;
  const uint8_t* from_row = static_cast<const uint8_t*>(static_cast<const void*>(p.from));
  uint8_t* to_row = static_cast<uint8_t*>(static_cast<void*>(p.t));
  const uint32_t groups = p.padded / 16, shift = p.shift;
  for (uint32_t v = 0; v < p.count; ++v) {
    Rows rows = {p.w, p.scale, static_cast<const int32_t*>(static_cast<const void*>(from_row)),
                 static_cast<int32_t*>(static_cast<void*>(to_row))};
    const int32_t* const end = rows.t + p.rows;
    while (rows.t != end) tile(rows, x, groups, shift);
    x += p.x_stride;
    from_row += p.from_stride;
    to_row += p.t_stride;
  }
}

// Lanes of the next vector, of those that are left.
uint32_t lanes(uint32_t done, uint32_t inputs) noexcept {
  return done < inputs ? inputs - done : 0;
}

}  // namespace

// Whole vectors, then one with zeros behind the inputs and zeros.
void mve_prepare_s8(const int8_t* x, uint32_t inputs, uint32_t padded, uint8_t* operand) noexcept {
  int8_t* const to = static_cast<int8_t*>(static_cast<void*>(operand));
  uint32_t i = 0;
  for (; inputs - i >= 16; i += 16) vstrbq_s8(to + i, vldrbq_s8(x + i));
  for (; i < padded; i += 16) vstrbq_s8(to + i, vldrbq_z_s8(x + i, vctp8q(lanes(i, inputs))));
}

void mve_prepare_s16(const int16_t* x, uint32_t inputs, uint32_t padded,
                     uint8_t* operand) noexcept {
  int16_t* const to = static_cast<int16_t*>(static_cast<void*>(operand));
  uint32_t i = 0;
  for (; inputs - i >= 8; i += 8) vstrhq_s16(to + i, vldrhq_s16(x + i));
  for (; i < padded; i += 8) vstrhq_s16(to + i, vldrhq_z_s16(x + i, vctp16q(lanes(i, inputs))));
}

void mve_product_s8(const ProductS8& p) noexcept {
  product<tile_s8>(p);
}
void mve_product_s16(const ProductS8& p) noexcept {
  product<tile_s16>(p);
}

// Four rows at a time; the rows of a token's column are a multiple of four, as those of a product.
void mve_column_s8(const ColumnS8& column) noexcept {
  const int32_t shift = static_cast<int32_t>(column.shift);
  for (uint32_t r = 0; r < column.rows; r += 4) {
    const int32x4_t w = vmulq_n_s32(vldrbq_s32(column.w + r), k_token_one);
    const int32x4_t part = vqrdmulhq_s32(vshlq_r_s32(w, shift), vldrwq_s32(column.scale + r));
    vstrwq_s32(column.t + r, vaddq_s32(vldrwq_s32(column.from + r), part));
  }
}

}  // namespace rondo::kernel
