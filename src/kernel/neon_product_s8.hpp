// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// How a product of Arm Linux walks over its rows and vectors, and what is done with a finished sum.
// The inner loops, which differ with the multiplying instruction, are in neon_s8.cpp and
// dotprod_s8.cpp.
#pragma once
#include "kernel/kernels_s8.hpp"
#include "kernel/neon_base_s8.hpp"

namespace rondo::kernel {
namespace {

inline const uint8_t* operand_of(const ProductS8& p, uint32_t v) noexcept {
  return p.x + v * p.x_stride;
}

// t = from + rdmulh32(sum << shift, scale) for four rows of vector v
inline void finish(const ProductS8& p, uint32_t row, uint32_t v, int32x4_t sum) noexcept {
  int32x4_t from;
  memcpy(&from, reinterpret_cast<const uint8_t*>(p.from + row) + v * p.from_stride, sizeof from);
  const int32x4_t shift = vdupq_n_s32(static_cast<int32_t>(p.shift));
  from = add_rdmulh(from, vshlq_s32(sum, shift), vld1q_s32(p.scale + row));
  memcpy(reinterpret_cast<uint8_t*>(p.t + row) + v * p.t_stride, &from, sizeof from);
}

// A tile is `quads` times four rows, as many as the registers hold sums for. Its weights are read
// for two vectors at once, and are still in the first cache for the next two.
template <class Tile, uint32_t quads, uint32_t vectors>
void walk(const ProductS8& p, uint32_t row) noexcept {
  for (; p.rows - row >= 4 * quads; row += 4 * quads) {
    uint32_t v = 0;
    for (; p.count - v >= vectors; v += vectors) Tile::template sum<quads, vectors>(p, row, v);
    if (v != p.count) Tile::template sum<quads, 1>(p, row, v);
  }
  if constexpr (quads > 1) {
    if (row != p.rows) walk<Tile, quads / 2, vectors>(p, row);
  }
}

// Tile: k_quads, the rows / 4 of its largest tile for one vector, and sum<quads, vectors>(p, row,
// v).
template <class Tile>
void product(const ProductS8& p) noexcept {
  if (p.count == 1) {
    walk<Tile, Tile::k_quads, 1>(p, 0);
  } else {
    walk<Tile, Tile::k_quads / 2, 2>(p, 0);
  }
}

}  // namespace
}  // namespace rondo::kernel
