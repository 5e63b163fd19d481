// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 kernels for AVX-512 with VNNI. The specification is scalar_s8.cpp.
//
// vpdpbusd multiplies unsigned by signed bytes. An operand therefore holds x + 128, and what that
// adds is taken off again by the row sums: sum w (x + 128) - 128 sum w. A 16-bit input is two
// bytes, 256 (high byte + 128) + low byte, so its product takes two sums over the same weights.
#include <immintrin.h>
#include <string.h>

#include "kernel/avx512_gru_s8.hpp"
#include "kernel/avx512_lstm_s8.hpp"
#include "kernel/kernels.hpp"

namespace rondo::kernel {
namespace {

// Vectors are read in pieces that lie within those in which cells store h, and operands are written
// in the pieces that products read, or larger ones: a load that takes in several stores would wait
// until all of them are in the cache.

// The `left` numbers behind the last whole four, fewer than 4, as Bits, and zeros.
template <class Four, class Bits, class Number>
Four last_of(const Number* x, uint32_t left) noexcept {
  Four four = 0;
  if (left > 0) four = static_cast<Bits>(x[0]);
  if (left > 1) four |= Four{static_cast<Bits>(x[1])} << (8 * sizeof(Bits));
  if (left > 2) four |= Four{static_cast<Bits>(x[2])} << (16 * sizeof(Bits));
  return four;
}

// operand = x + 128 as bytes. padded, here and below: inputs, rounded up to 4.
void prepare_s8(const int8_t* x, uint32_t inputs, uint32_t padded, uint8_t* operand) noexcept {
  uint32_t i = 0;
  for (; i + 16 <= inputs; i += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(x + i));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(operand + i),
                     _mm_xor_si128(bytes, _mm_set1_epi8(-128)));
  }
  uint32_t four;
  for (; i + 4 <= inputs; i += 4) {
    memcpy(&four, x + i, sizeof four);
    four ^= 0x80808080;
    memcpy(operand + i, &four, sizeof four);
  }
  if (i == padded) return;
  four = last_of<uint32_t, uint8_t>(x + i, inputs - i) ^ 0x80808080;
  memcpy(operand + i, &four, sizeof four);
}

// operand = for each group of 4 inputs the high bytes + 128, then the low bytes.
void prepare_s16(const int16_t* x, uint32_t inputs, uint32_t padded, uint8_t* operand) noexcept {
  const __m128i split = _mm_setr_epi8(1, 3, 5, 7, 0, 2, 4, 6, 9, 11, 13, 15, 8, 10, 12, 14);
  const __m256i top = _mm256_set1_epi64x(0x80808080);
  uint32_t i = 0;
  for (; i + 16 <= inputs; i += 16) {
    const __m256i words = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(x + i));
    _mm256_storeu_si256(
        reinterpret_cast<__m256i*>(operand + size_t{2} * i),
        _mm256_xor_si256(_mm256_shuffle_epi8(words, _mm256_broadcastsi128_si256(split)), top));
  }
  const auto put = [&](__m128i words) noexcept {
    _mm_storeu_si64(operand + size_t{2} * i,
                    _mm_xor_si128(_mm_shuffle_epi8(words, split), _mm256_castsi256_si128(top)));
  };
  for (; i + 4 <= inputs; i += 4) put(_mm_loadu_si64(x + i));
  if (i == padded) return;
  put(_mm_cvtsi64_si128(static_cast<int64_t>(last_of<uint64_t, uint16_t>(x + i, inputs - i))));
}

}  // namespace

const S8 k_avx512_vnni_s8 = {prepare_s8,   prepare_s16, product_s8,   product_s16,   column_s8,
                             lstm_s8,      gru_s8,      gru_reset_s8, gru_update_s8, tanh_s8,
                             lstm_step_s8, gru_step_s8, k_plain_units};

}  // namespace rondo::kernel
