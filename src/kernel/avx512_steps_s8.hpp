// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// AVX-512 with VNNI: whole steps of LSTM and GRU, for avx512_vnni_s8.cpp: the products of 16 units
// stream in while the 16 before them go through their stages. All of it has internal linkage.
#pragma once
#include <immintrin.h>
#include <string.h>

#include "kernel/avx512_cells_s8.hpp"
#include "kernel/avx512_rows_s8.hpp"

namespace rondo::kernel {
namespace {

inline void multiply_by_state(const StepS8& step, const ProductS8& u) noexcept {
  return step.wide ? product_s16(u) : product_s8(u);
}

// What a whole step needs of a cell beside its stages: how it takes the sums of both products, and
// what it does with the units behind the last 16, as LstmS8 has them (c: the state).
struct LstmSteps : LstmStages<true> {
  using LstmStages::take;
  inline __attribute__((always_inline)) void take(const __m512i (&t_x)[4], const __m512i (&t_h)[4],
                                                  const int32_t*) noexcept {
    take({_mm512_add_epi32(t_x[0], t_h[0]), _mm512_add_epi32(t_x[1], t_h[1]),
          _mm512_add_epi32(t_x[2], t_h[2]), _mm512_add_epi32(t_x[3], t_h[3])});
  }
  static void rest(const StepS8& step, ProductS8& u, const int32_t*, const LstmS8& block) noexcept {
    multiply_by_state(step, u);
    lstm_s8({u.t, block.units, block.c, block.h8, block.h16});
  }
};
struct GruSteps : GruStages<true> {
  using GruStages::take;
  inline __attribute__((always_inline)) void take(const __m512i (&t_x)[3], const __m512i (&t_h)[3],
                                                  const int32_t* bias) noexcept {
    take({_mm512_add_epi32(t_x[0], t_h[0]), _mm512_add_epi32(t_x[1], t_h[1]),
          _mm512_add_epi32(_mm512_loadu_si512(bias + 48), t_h[2])},
         t_x[2]);
  }
  static void rest(const StepS8& step, ProductS8& u, const int32_t* bias,
                   const LstmS8& block) noexcept {
    alignas(64) int32_t t_h[48];
    memset(t_h, 0, size_t{8} * block.units);
    memcpy(t_h + 2 * block.units, bias + 3 * block.units, size_t{4} * block.units);
    const int32_t* const t_x = u.from;
    u.from = u.t = t_h;
    multiply_by_state(step, u);
    gru_s8({t_x, t_h, block.units, block.c, block.h8, block.h16});
  }
};

// t = the products of the first 16 units of p, requantized, while others go through `stages` stages
// from `first` on; moves p on.
template <int planes, int gates, int stages, class Between>
inline __attribute__((always_inline)) void add_block(ProductS8& p, __m512i (&t)[unsigned{gates}],
                                                     const Rounding (&rounding)[unsigned{gates}],
                                                     const Between& between) noexcept {
  multiply<planes, gates, 1, true, planes == 1 ? 2 : 1, stages>(p, 0, 0, t, between);
  each<gates>([&](auto n) __attribute__((always_inline)) {
    const int32_t* const scale = p.scale + 16 * n;
    t[n] = requantize(t[n], _mm512_loadu_si512(scale), load_odd<true>(scale, 0), rounding[n]);
  });
  p.w += size_t{16} * gates * p.padded;
  p.scale += 16 * gates;
  p.sums += 16 * gates;
}

// 16 units: their sums, while those before them (`pending`) go through the stages.
template <class Cell, int planes, bool input, bool pending>
inline __attribute__((always_inline)) void step_block(ProductS8& w, ProductS8& u,
                                                      const int32_t*& bias, Cell& cell) noexcept {
  constexpr int gates = Cell::gates;
  constexpr int early = input ? Cell::stages / 2 : 0;
  __m512i x[unsigned{gates}], h[unsigned{gates}];
  Rounding exact[unsigned{gates}], rounding[unsigned{gates}];
  each<gates>([&](auto n) __attribute__((always_inline)) {
    exact[n] = Rounding(w.shift);
    rounding[n] = Rounding(u.shift, Cell::rounding(n));
  });
  if constexpr (input) {
    add_block<1, gates, pending ? early : 1>(
        w, x, exact, [&]([[maybe_unused]] auto number) __attribute__((always_inline)) {
          if constexpr (pending) cell.stage(number);
        });
    each<gates>([&](auto n) __attribute__((always_inline)) {
      x[n] = _mm512_add_epi32(x[n], _mm512_loadu_si512(bias + 16 * n));
    });
  } else {
    each<gates>([&](auto n)
                    __attribute__((always_inline)) { x[n] = _mm512_loadu_si512(u.from + 16 * n); });
    u.from += 16 * gates;
  }
  add_block<planes, gates, pending ? Cell::stages - early : 1>(
      u, h, rounding, [&]([[maybe_unused]] auto number) __attribute__((always_inline)) {
        if constexpr (pending) cell.stage(early + number);
      });
  cell.take(x, h, bias);
  bias += 64;  // four for a unit in both
}

// A GRU's units behind the last 16, or all of fewer than 16, from `unit` on. Not inlined: its frame
// is not that of the others.
template <class Cell>
[[gnu::noinline]] void rest_of_step(const StepS8& step, uint32_t unit) noexcept {
  const uint32_t units = step.units - unit, row = unit * Cell::gates;
  const int32_t* const bias = step.bias + size_t{4} * unit;
  const auto part = [&](const ProductS8& whole) {
    ProductS8 p = whole;
    p.w += size_t{row} * p.padded;
    p.scale += row;
    p.sums += row;
    p.rows = units * Cell::gates;
    return p;
  };
  const int32_t* t_x = step.w.t;
  if (step.w.x == nullptr) {
    t_x = step.u.from + row;
  } else {
    ProductS8 w = part(step.w);
    w.from = bias;
    product_s8(w);
  }
  ProductS8 u = part(step.u);
  u.from = t_x;
  Cell::rest(step, u, bias,
             {nullptr, units, step.state + unit, step.h8 == nullptr ? nullptr : step.h8 + unit,
              step.h16 == nullptr ? nullptr : step.h16 + unit});
}

// A gate of the rows of 4, 8 or 12 units, which fill as many registers as there are fours of units;
// then lanes of other gates.
template <int registers, int gate>
inline __m512i gate_of(const __m512i (&rows)[unsigned{registers}]) noexcept {
  constexpr int first = 4 * registers * gate;
  constexpr int at = first / 16, behind = at + 1 < registers ? at + 1 : at;
  return _mm512_alignr_epi32(rows[behind], rows[at], first % 16);
}

// The 4, 8 or 12 units of an LSTM behind the last 16, which go through their stages meanwhile.
template <int registers, int planes, bool input>
inline __attribute__((always_inline)) void rest_of_lstm(ProductS8& w, ProductS8& u,
                                                        const int32_t* bias,
                                                        LstmSteps& cell) noexcept {
  __m512i x[unsigned{registers}], rows[unsigned{registers}];
  Rounding exact_w[unsigned{registers}], exact_u[unsigned{registers}];
  each<registers>([&](auto n) __attribute__((always_inline)) {
    exact_w[n] = Rounding(w.shift);
    exact_u[n] = Rounding(u.shift);
  });
  w.rows = u.rows = 16 * registers;
  if constexpr (input) add_block<1, registers, 1>(w, x, exact_w, [](int) {});
  add_block<planes, registers, LstmSteps::stages>(
      u, rows, exact_u, [&](auto number) __attribute__((always_inline)) { cell.stage(number); });
  each<registers>([&](auto n) __attribute__((always_inline)) {
    const __m512i from = _mm512_loadu_si512((input ? bias : u.from) + 16 * n);
    rows[n] = _mm512_add_epi32(rows[n], input ? _mm512_add_epi32(x[n], from) : from);
  });
  LstmStages<false> rest;
  rest.to = cell.to;
  rest.to.lanes = first_lanes(4 * registers);
  __m512i t[4];
  each<4>([&](auto gate) __attribute__((always_inline)) {
    t[gate] = _mm512_add_epi32(gate_of<registers, int{gate}>(rows),
                               _mm512_set1_epi32(rest.rounding(gate)));
  });
  rest.take(t);
  finish(rest);
}

template <class Cell, int planes, bool input>
void whole_step(const StepS8& step) noexcept {
  const uint32_t rest = step.units % 16;
  if (step.units != rest) {
    Cell cell;
    cell.to = {step.state, step.h8, step.h16, 0};
    ProductS8 w = step.w, u = step.u;
    const int32_t* bias = step.bias;
    w.rows = u.rows = 16 * Cell::gates;
    step_block<Cell, planes, input, false>(w, u, bias, cell);
    for (uint32_t left = step.units / 16 - 1; left != 0; --left) {
      step_block<Cell, planes, input, true>(w, u, bias, cell);
    }
    if constexpr (Cell::gates == 4) {
      if (rest == 4) return rest_of_lstm<1, planes, input>(w, u, bias, cell);
      if (rest == 8) return rest_of_lstm<2, planes, input>(w, u, bias, cell);
      if (rest == 12) return rest_of_lstm<3, planes, input>(w, u, bias, cell);
    }
    finish(cell);
  }
  if (rest != 0) rest_of_step<Cell>(step, step.units - rest);
}

template <class Cell>
inline void whole_step(const StepS8& step) noexcept {
  if (step.wide) return whole_step<Cell, 2, false>(step);
  return step.w.x == nullptr ? whole_step<Cell, 1, false>(step) : whole_step<Cell, 1, true>(step);
}
void lstm_step_s8(const StepS8& step) noexcept {
  whole_step<LstmSteps>(step);
}
void gru_step_s8(const StepS8& step) noexcept {
  whole_step<GruSteps>(step);
}

}  // namespace
}  // namespace rondo::kernel
