// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// AVX-512 with VNNI: what whole steps of LSTM and GRU have in common, for avx512_lstm_s8.hpp and
// avx512_gru_s8.hpp: the products of 16 units stream in while those before them go through their
// stages. All of it has internal linkage.
#pragma once
#include <immintrin.h>

#include "kernel/avx512_rows_s8.hpp"

namespace rondo::kernel {
namespace {

// What is left of a step: moved on from block to block.
struct Rest {
  ProductS8 w, u;
  const int32_t* bias;
  Outputs to;

  template <int gates>
  static inline __attribute__((always_inline)) Rest of(const StepS8& step, uint32_t unit) noexcept {
    Rest rest = {step.w,
                 step.u,
                 step.bias + size_t{4} * unit,  // four of a unit in both cells
                 {step.state, step.h8, step.h16, 0}};
    rest.to.move_on(unit);
    move_on(rest.w, gates * unit);
    move_on(rest.u, gates * unit);
    if (rest.w.x == nullptr) rest.u.from += gates * unit;
    return rest;
  }
};

// t = the products of `registers` times 16 rows, requantized, while others go through `stages`
// stages; moves p on. plain: as of multiply.
template <int planes, int registers, int stages, bool plain = false, class Between>
inline __attribute__((always_inline)) void add_rows(ProductS8& p, __m512i (&t)[unsigned{registers}],
                                                    const Rounding (&rounding)[unsigned{registers}],
                                                    const Between& between) noexcept {
  p.rows = 16 * registers;
  multiply<planes, registers, 1, true, planes == 1 ? 2 : 1, stages, plain>(p, 0, 0, t, between);
  each<registers>([&](auto n) __attribute__((always_inline)) {
    const int32_t* const scale = p.scale + 16 * n;
    t[n] = requantize(t[n], _mm512_loadu_si512(scale), load_odd<true>(scale, 0), rounding[n]);
  });
  move_on(p, 16 * registers);
}

// The sums of 16 units go to `block`, while others go through `stages` stages.
template <int planes, bool input, int stages, bool plain = false, class Block, class Between>
inline __attribute__((always_inline)) void add_block(Rest& rest, Block& block,
                                                     const Between& between) noexcept {
  constexpr int gates = Block::gates;
  constexpr int early = input ? stages / 2 : 0;
  constexpr bool in_memory = input && planes == 2;  // x: two bytes an input need all registers
  __m512i x[unsigned{gates}], h[unsigned{gates}];
  Rounding exact[unsigned{gates}], rounding[unsigned{gates}];
  each<gates>([&](auto n) __attribute__((always_inline)) {
    exact[n] = Rounding(rest.w.shift);
    rounding[n] = Rounding(rest.u.shift, Block::rounding(n));
  });
  if constexpr (input) {
    add_rows<planes, gates, early>(rest.w, x, exact, between);
    each<gates>([&](auto n) __attribute__((always_inline)) {
      x[n] = _mm512_add_epi32(x[n], _mm512_loadu_si512(rest.bias + 16 * n));
      if constexpr (in_memory) _mm512_store_si512(rest.w.t + 16 * n, x[n]);
    });
  } else {
    each<gates>([&](auto n) __attribute__((always_inline)) {
      x[n] = _mm512_loadu_si512(rest.u.from + 16 * n);
    });
    rest.u.from += 16 * gates;
  }
  add_rows<planes, gates, stages - early, plain>(
      rest.u, h, rounding, [&](auto number) __attribute__((always_inline)) {
        between(Constant<early + int{number}>());
      });
  if constexpr (in_memory) {
    asm volatile("" ::: "memory");  // else they stay in registers, that is, on the stack
    each<gates>([&](auto n) __attribute__((always_inline)) {
      x[n] = _mm512_load_si512(rest.w.t + 16 * n);
    });
  }
  block.take(x, h, rest.bias);
  rest.bias += 64;
}

// step<planes, input>(): one of the kinds of operands.
template <class Kind>
inline void whole_step(const StepS8& step) noexcept {
  if (step.w.x == nullptr) {
    return step.wide ? Kind::template step<2, false>(step) : Kind::template step<1, false>(step);
  }
  return step.wide ? Kind::template step<2, true>(step) : Kind::template step<1, true>(step);
}

}  // namespace
}  // namespace rondo::kernel
