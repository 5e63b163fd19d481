// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// How every set of float kernels goes through the blocks of an LSTM or a GRU in one step: what is
// pointwise in a block runs while the next one loads its weights.
#pragma once
#include <rondo/format.hpp>

#include "kernel/kernels_f32.hpp"

namespace rondo::kernel {

// copy(from, to, count); product(ProductF32); cell(LstmF32)
template <class Copy, class Product, class Cell>
[[gnu::always_inline]] inline void lstm_step_f32(const StepF32& s, Copy copy, Product product,
                                                 Cell cell) noexcept {
  ProductF32 p = {s.w, 0, s.inputs, 1, s.x, 0, s.from, 0, s.t, 0, s.u, s.last_h, s.states};
  copy(s.h, s.last_h, s.units);
  for (uint32_t unit = 0; unit < s.units; unit += s.block_units) {
    p.rows = 4 * s.units_at(unit);
    product(p);
    cell(LstmF32{s.t, s.units_at(unit), s.c + unit, s.h + unit});
    p.from += p.rows;
    p.w += size_t{p.rows} * s.inputs;
    p.u += size_t{p.rows} * s.states;
  }
}

// The same with no more than two blocks of k_block_rows, which have room in t at once: the products
// come first, which leaves h as it was for both. new_c and new_h(LstmF32) are the halves of the
// cell, each for both blocks, so that there are two chains of operations to go on with.
template <class Product, class NewC, class NewH>
[[gnu::always_inline]] inline void lstm_step_two_blocks_f32(const StepF32& s, Product product,
                                                            NewC new_c, NewH new_h) noexcept {
  ProductF32 p = {s.w, 0, s.inputs, 1, s.x, 0, s.from, 0, s.t, 0, s.u, s.h, s.states};
  const uint32_t first = s.units_at(0), rows = 4 * first, second = s.units - first;
  p.rows = rows;
  product(p);
  if (second != 0) {
    p.rows = 4 * second;
    p.from += rows;
    p.w += size_t{rows} * s.inputs;
    p.u += size_t{rows} * s.states;
    p.t += rows;
    product(p);
  }
  const LstmF32 one = {s.t, first, s.c, s.h}, other = {p.t, second, s.c + first, s.h + first};
  new_c(one);
  if (second != 0) new_c(other);
  new_h(one);
  if (second != 0) new_h(other);
}

// As the first; zero(to, count); cell(GruF32)
template <class Copy, class Zero, class Product, class Cell>
[[gnu::always_inline]] inline void gru_step_f32(const StepF32& s, Copy copy, Zero zero,
                                                Product product, Cell cell) noexcept {
  // Hosts have two blocks of t: one takes W x of the block that is next before the cell.
  const bool two = 4 * s.block_units == k_block_rows;
  ProductF32 x = {s.w, 3 * s.units_at(0), s.inputs, 1, s.x, 0, s.from, 0, s.t, 0};
  ProductF32 h = {s.u, 0, s.states, 1, s.last_h, 0, s.t_h, 0, s.t_h, 0};
  float* other_t = two ? s.t + k_block_rows : s.t;
  const float* bias = s.bias;
  copy(s.h, s.last_h, s.units);
  product(x);
  for (uint32_t unit = 0; unit < s.units; unit += s.block_units) {
    const uint32_t units = s.units_at(unit), next = unit + units;
    const GruF32 block = {x.t, s.t_h, units, s.h + unit};
    h.rows = x.rows;
    zero(s.t_h, 2 * units);
    copy(bias + 3 * units, s.t_h + 2 * units, units);
    product(h);
    if (!two) cell(block);
    if (next < s.units) {
      bias += 4 * units;
      x.from += s.from == s.bias ? 4 * units : 3 * units;
      x.w += size_t{h.rows} * s.inputs;
      h.w += size_t{h.rows} * s.states;
      float* const t = x.t;
      x.t = other_t;
      other_t = t;
      x.rows = 3 * s.units_at(next);
      product(x);
    }
    if (two) cell(block);
  }
}

}  // namespace rondo::kernel
