// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// How every set of float kernels goes through the blocks of an LSTM in one step: what is pointwise
// in a block runs while the next one loads its weights.
#pragma once
#include <rondo/format.hpp>

#include "kernel/kernels_f32.hpp"

namespace rondo::kernel {

// copy(from, to, count); product(ProductF32); cell(LstmF32)
template <class Copy, class Product, class Cell>
[[gnu::always_inline]] inline void lstm_step_f32(const LstmStepF32& s, Copy copy, Product product,
                                                 Cell cell) noexcept {
  const bool both = 4 * s.block_units == k_block_rows && s.units <= 2 * s.block_units;
  const auto units_at = [&](uint32_t unit) noexcept {
    return s.units - unit < s.block_units ? s.units - unit : s.block_units;
  };
  ProductF32 p = {s.w, 0, s.inputs, 1, s.x, 0, s.from, 0, s.t, 0, s.u, s.h, s.states};
  if (!both) {
    copy(s.h, s.last_h, s.units);
    p.h = s.last_h;
  }
  for (uint32_t unit = 0; unit < s.units; unit += s.block_units) {
    p.rows = 4 * units_at(unit);
    product(p);
    if (both) {
      p.t += p.rows;
    } else {
      cell(LstmF32{s.t, units_at(unit), s.c + unit, s.h + unit});
    }
    p.from += p.rows;
    p.w += size_t{p.rows} * s.inputs;
    p.u += size_t{p.rows} * s.states;
  }
  for (uint32_t unit = 0; both && unit < s.units; unit += s.block_units) {
    cell(LstmF32{s.t + 4 * unit, units_at(unit), s.c + unit, s.h + unit});
  }
}

}  // namespace rondo::kernel
