// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 kernels for AVX-512 with VNNI. The specification is scalar_s8.cpp.
//
// vpdpbusd multiplies unsigned by signed bytes. An operand therefore holds x + 128, and what that
// adds is taken off again by the row sums: sum w (x + 128) - 128 sum w. A 16-bit input is two
// bytes, 256 (high byte + 128) + low byte, so its product takes two sums over the same weights.
#include <immintrin.h>

#include "kernel/avx512_steps_s8.hpp"
#include "kernel/kernels.hpp"

namespace rondo::kernel {
namespace {

__mmask64 first_bytes(uint32_t n) noexcept {
  return n < 64 ? (uint64_t{1} << n) - 1 : ~uint64_t{0};
}

// operand = x + 128 as bytes; a multiple of 64 of them fits, see operand_bytes.
void prepare_s8(const int8_t* x, uint32_t inputs, uint32_t padded, uint8_t* operand) noexcept {
  const __m512i top = _mm512_set1_epi8(-128);
  for (uint32_t i = 0; i < padded; i += 64) {
    const __m512i bytes = _mm512_maskz_loadu_epi8(i < inputs ? first_bytes(inputs - i) : 0, x + i);
    _mm512_storeu_si512(operand + i, _mm512_xor_si512(bytes, top));
  }
}

// operand = for each group of 4 inputs the high bytes + 128, then the low bytes.
void prepare_s16(const int16_t* x, uint32_t inputs, uint32_t padded, uint8_t* operand) noexcept {
  const __m512i split =
      _mm512_broadcast_i32x4(_mm_setr_epi8(1, 3, 5, 7, 0, 2, 4, 6, 9, 11, 13, 15, 8, 10, 12, 14));
  const __m512i top = _mm512_set1_epi64(0x80808080);
  for (uint32_t i = 0; i < padded; i += 32) {
    const __mmask64 bytes = first_bytes(i < inputs ? 2 * (inputs - i) : 0);
    const __m512i words = _mm512_maskz_loadu_epi8(bytes, x + i);
    _mm512_storeu_si512(operand + size_t{2} * i,
                        _mm512_xor_si512(_mm512_shuffle_epi8(words, split), top));
  }
}

}  // namespace

const S8 k_avx512_vnni_s8 = {prepare_s8,    prepare_s16, product_s8,   product_s16,
                             column_s8,     lstm_s8,     gru_s8,       gru_reset_s8,
                             gru_update_s8, tanh_s8,     lstm_step_s8, gru_step_s8};

}  // namespace rondo::kernel
