// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// AVX-512 with VNNI: the stages of an LSTM (avx512_stages_s8.hpp) for two times 16 units side by
// side, for avx512_lstm_s8.hpp: the last tanh, whose arguments are but half a register in 16 units,
// is one for both, and there are two chains of operations to go on with. All of it has internal
// linkage.
#pragma once
#include <immintrin.h>

#include "kernel/avx512_stages_s8.hpp"

namespace rondo::kernel {
namespace {

// take(x, h, bias): the sums in two parts.
template <bool full>
struct LstmBlock : LstmStages<full> {
  using LstmStages<full>::take;
  inline __attribute__((always_inline)) void take(const __m512i (&x)[4], const __m512i (&h)[4],
                                                  const int32_t*) noexcept {
    take({_mm512_add_epi32(x[0], h[0]), _mm512_add_epi32(x[1], h[1]), _mm512_add_epi32(x[2], h[2]),
          _mm512_add_epi32(x[3], h[3])});
  }
};

// 16 units and those behind them: 16 more, or (full = false) those of b's mask.
template <bool full>
struct LstmPair {
  // a may take new sums from stage `middle` on.
  static constexpr int stages = 12, middle = 6;

  LstmBlock<true> a;
  LstmBlock<full> b;
  Cubic tanh_c;
  __m512i c;

  // a's outputs; those of b lie behind them.
  void to(const Outputs& outputs, __mmask16 lanes_of_b = 0) noexcept {
    a.to = outputs;
    b.to = {nullptr, nullptr, nullptr, lanes_of_b};
  }
  inline __attribute__((always_inline)) void stage(int number) noexcept {
    switch (number) {
      case 6:
        a.stage(3);
        return b.stage(3);
      case 7:
        return a.stage(4);
      case 8:
        b.to.state = a.to.state + 16;
        return b.stage(4);
      case 9:
        tanh_c.start(_mm512_packs_epi32(lstm_argument(a.c), lstm_argument(b.c)));
        return tanh_c.next(k_pieces.c2);
      case 10:
        tanh_c.next(k_pieces.c1);
        c = tanh_c.end(k_pieces.c0);
        return;
      case 11:
        return store();
      default:
        return number < 3 ? a.stage(number) : b.stage(number - 3);
    }
  }

 private:
  // tanh of a's c is what packs took from its first source, a's o from the second one.
  inline __attribute__((always_inline)) void store() noexcept {
    const __m512i o = _mm512_mask_shuffle_epi32(b.o, 0x3333, a.o, _MM_PERM_DCDC);
    if (a.to.h8 != nullptr) {
      const __m512i in_order = _mm512_castsi256_si512(_mm256_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13));
      const __m256i h = _mm512_castsi512_si256(_mm512_permutexvar_epi32(in_order, lstm_h8(o, c)));
      store_s8<true>(a.to.h8, 0, _mm256_castsi256_si128(h));
      store_s8<full>(a.to.h8 + 16, b.to.lanes, _mm256_extracti128_si256(h, 1));
    }
    if (a.to.h16 != nullptr) {
      const __m512i h = _mm512_mulhrs_epi16(o, c);
      store_s16<true>(a.to.h16, 0, first(h));
      store_s16<full>(a.to.h16 + 16, b.to.lanes, second(h));
    }
    a.to.move_on(32);
  }
};

}  // namespace
}  // namespace rondo::kernel
