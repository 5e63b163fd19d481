// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// AVX2: what the products of avx2_s8.cpp and avx_vnni_s8.cpp have in common: the ends of vectors
// and of blocks, requantizing, the column of a token. All of it has internal linkage.
#pragma once
#include <immintrin.h>
#include <string.h>

#include "kernel/tiles_s8.hpp"

namespace rondo::kernel {
namespace {

inline __m256i load(const void* p) noexcept {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}
inline __m128i load_half(const void* p) noexcept {
  return _mm_loadu_si128(static_cast<const __m128i*>(p));
}
inline void store(void* p, __m256i a) noexcept {
  _mm256_storeu_si256(static_cast<__m256i*>(p), a);
}
inline void store_half(void* p, __m128i a) noexcept {
  _mm_storeu_si128(static_cast<__m128i*>(p), a);
}
// 32 bytes, or 16 and zeros
template <bool full>
inline __m256i load_part(const void* p) noexcept {
  return full ? load(p) : _mm256_zextsi128_si256(load_half(p));
}
// Four bytes of an operand in every lane.
inline __m256i broadcast(const uint8_t* x) noexcept {
  int32_t four;
  memcpy(&four, x, sizeof four);
  return _mm256_set1_epi32(four);
}

// The first n bytes, at most 8, then zeros; reads nothing behind them.
inline int64_t load_up_to_8(const uint8_t* p, uint32_t n) noexcept {
  uint64_t bits = 0;
  if (n >= 8) {
    memcpy(&bits, p, 8);
  } else if (n >= 4) {  // two that overlap
    uint32_t first, last;
    memcpy(&first, p, 4);
    memcpy(&last, p + n - 4, 4);
    bits = first | uint64_t{last} << (8 * (n - 4));
  } else {
    while (n-- > 0) bits = bits << 8 | p[n];
  }
  return static_cast<int64_t>(bits);
}
// 32 bytes from byte i of n on; where they end, zeros.
inline __m256i load_up_to(const void* p, uint32_t i, uint32_t n) noexcept {
  const uint8_t* const from = static_cast<const uint8_t*>(p) + i;
  if (i + 32 <= n) return load(from);
  const auto eight = [&](uint32_t at) {
    return i + at < n ? load_up_to_8(from + at, n - i - at) : int64_t{0};
  };
  return _mm256_setr_epi64x(eight(0), eight(8), eight(16), eight(24));
}

// rdmulh32(a << shift, b) is (a * b + 2^(30 - shift)) >> (31 - shift). The even lanes of a result
// are shifted down to their place, the odd ones up.
struct Rounding {
  __m256i half, down, up;
  explicit Rounding(uint32_t shift) noexcept
      : half(_mm256_set1_epi64x(int64_t{1} << (30 - shift))),
        down(_mm256_set1_epi64x(31 - shift)),
        up(_mm256_set1_epi64x(1 + shift)) {}
};

// t[r] = from[r] + requantized a, for 8 rows or 4
template <bool full>
inline void finish(__m256i a, const int32_t* scale, const Rounding& rounding, const int32_t* from,
                   int32_t* t) noexcept {
  const __m256i b = load_part<full>(scale);
  // The odd lanes in the even ones; from memory that is a mere load.
  const __m256i b_odd =
      full ? _mm256_castps_si256(_mm256_movehdup_ps(_mm256_castsi256_ps(load(scale))))
           : _mm256_srli_epi64(b, 32);
  const __m256i even = _mm256_add_epi64(_mm256_mul_epi32(a, b), rounding.half);
  const __m256i odd =
      _mm256_add_epi64(_mm256_mul_epi32(_mm256_srli_epi64(a, 32), b_odd), rounding.half);
  const __m256i scaled = _mm256_blend_epi32(_mm256_srlv_epi64(even, rounding.down),
                                            _mm256_sllv_epi64(odd, rounding.up), 0xAA);
  const __m256i sum = _mm256_add_epi32(load_part<full>(from), scaled);
  if constexpr (full) {
    store(t, sum);
  } else {
    store_half(t, _mm256_castsi256_si128(sum));
  }
}

// The end of a tile: sum_of(vector, register) requantized, for each of its vectors.
template <int registers, int vectors, bool full, class SumOf>
inline __attribute__((always_inline)) void finish_tile(const ProductS8& p, uint32_t row, uint32_t v,
                                                       const SumOf& sum_of) noexcept {
  const Rounding rounding(p.shift);
  const int32_t* const scale = p.scale + row;
  each<vectors>([&](auto k) {
    const uint32_t at = v + static_cast<uint32_t>(int{k});
    const int32_t* const from = from_of(p, at) + row;
    int32_t* const to = to_of(p, at) + row;
    each<registers>([&](auto n) {
      finish<full>(sum_of(k, n), scale + 8 * n, rounding, from + 8 * n, to + 8 * n);
    });
  });
}

template <bool full>
inline void add_column(const ColumnS8& column, const Rounding& rounding, uint32_t r) noexcept {
  int64_t weights = 0;
  memcpy(&weights, column.w + r, full ? 8 : 4);
  const __m256i w = _mm256_cvtepi8_epi32(_mm_cvtsi64_si128(weights));
  finish<full>(w, column.scale + r, rounding, column.from + r, column.t + r);
}
inline void column_s8(const ColumnS8& column) noexcept {
  const Rounding rounding(column.shift + 12);  // w * k_token_one
  uint32_t r = 0;
  for (; r + 8 <= column.rows; r += 8) add_column<true>(column, rounding, r);
  if (r != column.rows) add_column<false>(column, rounding, r);
}

}  // namespace
}  // namespace rondo::kernel
