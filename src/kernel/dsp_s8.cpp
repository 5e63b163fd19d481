// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Operands and products of the DSP set: two products of 16-bit numbers at a time (SMLAD), and
// requantization in two instructions. The pointwise parts are in cortex_m_cells_s8.cpp.
#include "kernel/dsp_s8.hpp"

#include <string.h>

#include <rondo/numeric.hpp>

#include "kernel/cortex_m_instructions.hpp"

namespace rondo::kernel {
namespace {

// Memory as words, whatever was stored there.
using Word [[gnu::may_alias]] = uint32_t;

const Word* words(const void* bytes) noexcept {
  return static_cast<const Word*>(bytes);
}

// From where nothing is aligned, which is one LDR all the same.
uint32_t load_word(const void* bytes) noexcept {
  uint32_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

int16_t* numbers_of(uint8_t* operand) noexcept {
  return static_cast<int16_t*>(static_cast<void*>(operand));
}

// clang-format off
// Two rows: a word holds the weights 0, 2, 1, 3 of a row. Its even bytes, widened to 16 bits, are
// the pair (0, 1), its odd ones (2, 3).
#define RONDO_TWO_ROWS(acc_a, acc_b)                  \
  "ldrd %[a], %[b], [%[w]], #8 \n"                    \
  "sxtb16 %[c], %[a] \n"                              \
  "sxtb16 %[a], %[a], ror #8 \n"                      \
  "smlad %[" acc_a "], %[c], %[x01], %[" acc_a "] \n" \
  "sxtb16 %[c], %[b] \n"                              \
  "smlad %[" acc_a "], %[a], %[x23], %[" acc_a "] \n" \
  "sxtb16 %[b], %[b], ror #8 \n"                      \
  "smlad %[" acc_b "], %[c], %[x01], %[" acc_b "] \n" \
  "smlad %[" acc_b "], %[b], %[x23], %[" acc_b "] \n"
// Four inputs.
#define RONDO_GROUP                    \
  "ldrd %[x01], %[x23], [%[x]], #8 \n" \
  RONDO_TWO_ROWS("acc0", "acc1")       \
  RONDO_TWO_ROWS("acc2", "acc3")
// clang-format on

struct Tile {
  int32_t acc0 = 0, acc1 = 0, acc2 = 0, acc3 = 0;

  // acc[r] += sum over i of w[r][i] * x[i]; returns the next tile of w. In assembly, since GCC 12
  // does not keep the sums in registers. Two groups a turn; an odd number starts in the middle.
  inline const Word* add(const Word* w, const Word* x, uint32_t groups) noexcept {
    uint32_t turns = groups + 1, a, b, c, x01, x23;
    asm volatile(
        "lsrs %[turns], %[turns], #1 \n"
        "bcc 2f \n"
        "1: \n"              //
        RONDO_GROUP "2: \n"  //
        RONDO_GROUP
        "subs %[turns], %[turns], #1 \n"
        "bne 1b \n"
        : [acc0] "+r"(acc0), [acc1] "+r"(acc1), [acc2] "+r"(acc2), [acc3] "+r"(acc3), [w] "+r"(w),
          [x] "+r"(x), [turns] "+l"(turns), [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c),
          [x01] "=&r"(x01), [x23] "=&r"(x23)
        :
        : "cc", "memory");
    return w;
  }
};

// The rows that come next.
struct Rows {
  const int32_t* scale;
  const int32_t* from;
  int32_t* t;

  // requantize of two rows, in assembly for the loads and stores in pairs.
  inline void put_two(int32_t acc0, int32_t acc1, uint32_t shift_and_one) noexcept {
    int32_t scale0, scale1, from0, from1;
    asm volatile(
        "lsl %[acc0], %[acc0], %[shift] \n"
        "lsl %[acc1], %[acc1], %[shift] \n"
        "ldrd %[scale0], %[scale1], [%[scale]], #8 \n"
        "ldrd %[from0], %[from1], [%[from]], #8 \n"
        "smmlar %[acc0], %[acc0], %[scale0], %[from0] \n"
        "smmlar %[acc1], %[acc1], %[scale1], %[from1] \n"
        "strd %[acc0], %[acc1], [%[t]], #8 \n"
        : [acc0] "+r"(acc0), [acc1] "+r"(acc1), [scale] "+r"(scale), [from] "+r"(from), [t] "+r"(t),
          [scale0] "=&r"(scale0), [scale1] "=&r"(scale1), [from0] "=&r"(from0), [from1] "=&r"(from1)
        : [shift] "r"(shift_and_one)
        : "memory");
  }
};

}  // namespace

void dsp_prepare_s8(const int8_t* x, uint32_t inputs, uint32_t padded, uint8_t* operand) noexcept {
  Word* pairs = static_cast<Word*>(static_cast<void*>(operand));
  const int8_t* const fours = x + inputs / 4 * 4;
  for (; x != fours; x += 4, pairs += 2) {
    const uint32_t bytes = load_word(x);
    const uint32_t x02 = even_bytes(bytes), x13 = odd_bytes(bytes);
    pairs[0] = low_numbers(x02, x13);
    pairs[1] = high_numbers(x02, x13);
  }
  int16_t* const numbers = numbers_of(operand);
  for (uint32_t i = inputs / 4 * 4; i < inputs; ++i) numbers[i] = *x++;
  for (uint32_t i = inputs; i < padded; ++i) numbers[i] = 0;
}

void dsp_prepare_s16(const int16_t* x, uint32_t inputs, uint32_t padded,
                     uint8_t* operand) noexcept {
  Word* pairs = static_cast<Word*>(static_cast<void*>(operand));
  const int16_t* const twos = x + inputs / 2 * 2;
  for (; x != twos; x += 2) *pairs++ = load_word(x);
  int16_t* const numbers = numbers_of(operand);
  if (inputs % 2 != 0) numbers[inputs - 1] = *x;
  for (uint32_t i = inputs; i < padded; ++i) numbers[i] = 0;
}

void dsp_product(const ProductS8& p) noexcept {
  const uint8_t* x = p.x;
  const uint8_t* from_row = static_cast<const uint8_t*>(static_cast<const void*>(p.from));
  uint8_t* to_row = static_cast<uint8_t*>(static_cast<void*>(p.t));
  const uint32_t shift_and_one = p.shift + 1, groups = p.padded / 4;
  for (uint32_t v = 0; v < p.count; ++v) {
    const Word* w = words(p.w);
    Rows rows = {p.scale, static_cast<const int32_t*>(static_cast<const void*>(from_row)),
                 static_cast<int32_t*>(static_cast<void*>(to_row))};
    const int32_t* const end = rows.t + p.rows;
    while (rows.t != end) {
      Tile tile;
      w = tile.add(w, words(x), groups);
      rows.put_two(tile.acc0, tile.acc1, shift_and_one);
      rows.put_two(tile.acc2, tile.acc3, shift_and_one);
    }
    x += p.x_stride;
    from_row += p.from_stride;
    to_row += p.t_stride;
  }
}

void dsp_column_s8(const ColumnS8& column) noexcept {
  const uint32_t shift_and_one = column.shift + 1;
  for (uint32_t r = 0; r < column.rows; ++r) {
    column.t[r] =
        requantize(column.w[r] * k_token_one, shift_and_one, column.scale[r], column.from[r]);
  }
}

}  // namespace rondo::kernel
