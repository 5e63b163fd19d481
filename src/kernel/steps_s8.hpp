// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Whole steps of LSTM and GRU for the sets of x86 that have nothing better: from block to block
// with their other kernels, in one call from the cell; and what AVX-512 leaves of a GRU. All of it
// has internal linkage.
#pragma once
#include <string.h>

#include "kernel/tiles_s8.hpp"

namespace rondo::kernel {
namespace {

using ProductKernel = void (*)(const ProductS8& p) noexcept;

// A step on its way, from one of its units on: what the next block works on.
template <uint32_t gates, ProductKernel product_s8, ProductKernel product_s16>
struct BlocksS8 {
  static constexpr uint32_t k_units = 16;  // of a block

  ProductS8 w, u;
  const int32_t* bias;
  const int32_t* sums;
  int32_t* state;
  int8_t* h8;
  int16_t* h16;
  uint32_t left, units;
  bool wide;

  BlocksS8(const StepS8& step, uint32_t unit) noexcept
      : w(step.w),
        u(step.u),
        bias(step.bias),
        sums(step.u.from),
        state(step.state),
        h8(step.h8),
        h16(step.h16),
        left(step.units),
        units(0),
        wide(step.wide) {
    pass(unit);
  }

  // bias + W x
  const int32_t* input_part() noexcept {
    if (w.x == nullptr) return sums;
    w.rows = gates * units;
    w.from = bias;
    multiply(w);
    return w.t;
  }
  // to = from + U h
  void add_state(const int32_t* from, int32_t* to) noexcept {
    u.rows = gates * units;
    u.from = from;
    u.t = to;
    multiply(u);
  }
  void multiply(const ProductS8& p) const noexcept { return wide ? product_s16(p) : product_s8(p); }
  void pass(uint32_t count) noexcept {
    const uint32_t rows = gates * count;
    move_on(w, rows);
    move_on(u, rows);
    bias += size_t{4} * count;  // four of a unit in both cells
    if (w.x == nullptr) sums += rows;
    state += count;
    if (h8 != nullptr) h8 += count;
    if (h16 != nullptr) h16 += count;
    left -= count;
    units = left < k_units ? left : k_units;
  }
  bool next() noexcept {
    pass(units);
    return left != 0;
  }
};

template <ProductKernel product_s8, ProductKernel product_s16, void (*cell)(const LstmS8&) noexcept>
void lstm_by_blocks(const StepS8& step) noexcept {
  BlocksS8<4, product_s8, product_s16> blocks(step, 0);
  do {
    blocks.add_state(blocks.input_part(), step.u.t);
    cell({step.u.t, blocks.units, blocks.state, blocks.h8, blocks.h16});
  } while (blocks.next());
}

template <ProductKernel product_s8, ProductKernel product_s16, void (*cell)(const GruS8&) noexcept>
void gru_by_blocks_from(const StepS8& step, uint32_t unit) noexcept {
  BlocksS8<3, product_s8, product_s16> blocks(step, unit);
  int32_t* const t_h = step.u.t;
  do {
    const uint32_t units = blocks.units;
    memset(t_h, 0, size_t{8} * units);
    memcpy(t_h + 2 * units, blocks.bias + 3 * units, size_t{4} * units);
    const int32_t* const t_x = blocks.input_part();
    blocks.add_state(t_h, t_h);
    cell({t_x, t_h, units, blocks.state, blocks.h8, blocks.h16});
  } while (blocks.next());
}
template <ProductKernel product_s8, ProductKernel product_s16, void (*cell)(const GruS8&) noexcept>
void gru_by_blocks(const StepS8& step) noexcept {
  gru_by_blocks_from<product_s8, product_s16, cell>(step, 0);
}

}  // namespace
}  // namespace rondo::kernel
