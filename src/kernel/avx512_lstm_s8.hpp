// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// AVX-512 with VNNI: a whole step of an LSTM, for avx512_vnni_s8.cpp: 32 units at a time, and what
// is left of them. All of it has internal linkage.
#pragma once
#include <immintrin.h>

#include "kernel/avx512_pairs_s8.hpp"
#include "kernel/avx512_steps_s8.hpp"

namespace rondo::kernel {
namespace {

// A gate of the rows of 4, 8, 12 or 16 units, which fill as many registers as there are fours of
// units; then lanes of other gates.
template <int registers, int gate>
inline __m512i gate_of(const __m512i (&rows)[unsigned{registers}]) noexcept {
  constexpr int first = 4 * registers * gate;
  constexpr int at = first / 16 < registers ? first / 16 : 0,
                behind = at + 1 < registers ? at + 1 : at;
  return _mm512_alignr_epi32(rows[behind], rows[at], first % 16);
}

// t = the sums of 4, 8, 12 or 16 units of an LSTM.
template <int fours, int planes, bool input, bool plain>
inline __attribute__((always_inline)) void sum_up(Rest& rest, __m512i (&t)[4]) noexcept {
  __m512i x[unsigned{fours}], rows[unsigned{fours}];
  Rounding exact_w[unsigned{fours}], exact_u[unsigned{fours}];
  each<fours>([&](auto n) __attribute__((always_inline)) {
    exact_w[n] = Rounding(rest.w.shift);
    exact_u[n] = Rounding(rest.u.shift);
  });
  const int32_t*& from = input ? rest.bias : rest.u.from;
  if constexpr (input) add_rows<planes, fours, 0>(rest.w, x, exact_w, k_nothing);
  add_rows<planes, fours, 0, plain>(rest.u, rows, exact_u, k_nothing);
  each<fours>([&](auto n) __attribute__((always_inline)) {
    const __m512i start = _mm512_loadu_si512(from + 16 * n);
    rows[n] = _mm512_add_epi32(rows[n], input ? _mm512_add_epi32(x[n], start) : start);
  });
  each<4>([&](auto gate) __attribute__((always_inline)) {
    t[gate] = _mm512_add_epi32(gate_of<fours, int{gate}>(rows),
                               _mm512_set1_epi32(LstmStages<true>::rounding(gate)));
  });
  from += 16 * fours;
}

// The units behind the pairs, from `unit` on: 4 to 12, or 16 and so many more (a). Those of a whole
// layer read h as it is: what an operand had just been made of would be waited for twice.
template <bool a, int fours, int planes, bool input, bool plain>
[[gnu::noinline]] void step_lstm(const StepS8& step, uint32_t unit) noexcept {
  Rest rest = Rest::of<4>(step, unit);
  if constexpr (plain) rest.u.x = reinterpret_cast<const uint8_t*>(step.h8);
  __m512i t_a[4], t_b[4];
  if constexpr (a) sum_up<4, planes, input, plain>(rest, t_a);
  sum_up<fours, planes, input, plain>(rest, t_b);
  if constexpr (a) {
    LstmPair<false> pair;
    pair.to(rest.to, first_lanes(4 * fours));
    pair.a.take(t_a);
    pair.b.take(t_b);
    finish(pair);
  } else {
    LstmStages<false> few;
    few.to = rest.to;
    few.to.lanes = first_lanes(4 * fours);
    few.take(t_b);
    finish(few);
  }
}

// The last 16 units.
template <int planes, bool input, bool plain>
[[gnu::noinline]] void step_block(const StepS8& step, uint32_t unit) noexcept {
  Rest rest = Rest::of<4>(step, unit);
  if constexpr (plain) rest.u.x = reinterpret_cast<const uint8_t*>(step.h8);
  LstmBlock<true> block;
  block.to = rest.to;
  add_block<planes, input, 0, plain>(rest, block, k_nothing);
  finish(block);
}

template <int planes, bool input, bool plain>
inline void rest_of_lstm(const StepS8& step, uint32_t unit) noexcept {
  switch ((step.units - unit) / 4) {
    case 1:
      return step_lstm<false, 1, planes, input, plain>(step, unit);
    case 2:
      return step_lstm<false, 2, planes, input, plain>(step, unit);
    case 3:
      return step_lstm<false, 3, planes, input, plain>(step, unit);
    case 5:
      return step_lstm<true, 1, planes, input, plain>(step, unit);
    case 6:
      return step_lstm<true, 2, planes, input, plain>(step, unit);
    case 7:
      return step_lstm<true, 3, planes, input, plain>(step, unit);
    default:
      return step_block<planes, input, plain>(step, unit);
  }
}

// 32 units, while those before them go through their stages.
template <int planes, bool input, bool pending>
inline __attribute__((always_inline)) void step_pair(Rest& rest, LstmPair<true>& pair) noexcept {
  constexpr int middle = pending ? LstmPair<true>::middle : 0;
  constexpr int behind = pending ? LstmPair<true>::stages - middle : 0;
  add_block<planes, input, middle>(
      rest, pair.a, [&](auto number) __attribute__((always_inline)) { pair.stage(number); });
  add_block<planes, input, behind>(
      rest,
      pair.b, [&](auto number) __attribute__((always_inline)) { pair.stage(middle + number); });
}

// All pairs of blocks.
template <int planes, bool input>
[[gnu::noinline]] void pairs_of_lstm(const StepS8& step) noexcept {
  Rest rest = Rest::of<4>(step, 0);
  LstmPair<true> pair;
  pair.to(rest.to);
  step_pair<planes, input, false>(rest, pair);
  for (uint32_t left = step.units / 32 - 1; left != 0; --left) {
    step_pair<planes, input, true>(rest, pair);
  }
  finish(pair);
}

// A layer of no pair.
constexpr uint32_t k_plain_units = 28;

struct LstmSteps {
  template <int planes, bool input>
  static void step(const StepS8& step) noexcept {
    const uint32_t in_pairs = step.units - step.units % 32;
    if (in_pairs == 0) return rest_of_lstm<planes, input, planes == 1>(step, 0);
    pairs_of_lstm<planes, input>(step);
    if (in_pairs != step.units) rest_of_lstm<planes, input, false>(step, in_pairs);
  }
};
void lstm_step_s8(const StepS8& step) noexcept {
  whole_step<LstmSteps>(step);
}

}  // namespace
}  // namespace rondo::kernel
