// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// How the int8 kernel sets of x86 go through a block: tiles of some registers of rows times some
// vectors, whose sums all stay in registers. What a tile computes is in the set's own file. All of
// it has internal linkage, so that the object of a set shows its table alone.
#pragma once
#include "kernel/kernels_s8.hpp"

namespace rondo::kernel {
namespace {

// Calls f(0) ... f(n - 1) with constants: a loop that is gone before registers are given out, so
// that an array indexed by them has none of its elements in memory.
template <int n>
struct Constant {
  constexpr operator int() const noexcept { return n; }
};
template <int n, class F>
inline __attribute__((always_inline)) void each(const F& f) noexcept {
  if constexpr (n > 1) each<n - 1>(f);
  f(Constant<n - 1>());
}

// The same in a register of its own. Without it GCC 12 joins sums that start equal into one
// register and copies back and forth, and reads weights again for every vector.
template <class Vector>
inline __attribute__((always_inline)) Vector own(Vector a) noexcept {
  asm("" : "+v"(a));
  return a;
}

// From the weights of these rows to those of the next ones.
inline void move_on(ProductS8& p, uint32_t rows) noexcept {
  p.w += size_t{rows} * p.padded;
  p.scale += rows;
  p.sums += rows;
}

inline const int32_t* from_of(const ProductS8& p, uint32_t v) noexcept {
  return static_cast<const int32_t*>(
      static_cast<const void*>(reinterpret_cast<const uint8_t*>(p.from) + v * p.from_stride));
}
inline int32_t* to_of(const ProductS8& p, uint32_t v) noexcept {
  return static_cast<int32_t*>(
      static_cast<void*>(reinterpret_cast<uint8_t*>(p.t) + v * p.t_stride));
}

// All rows from `row` on for `vectors` vectors from v on. A Tile has
//   lanes               rows of a register
//   most(vectors)       the most registers of rows that it takes
//   run<registers, vectors, full>(p, row, v)   one tile; full = false: the rows that are left,
//                       fewer than a register's
template <class Tile, int vectors, int registers>
inline void rows(const ProductS8& p, uint32_t v, uint32_t row) noexcept {
  constexpr uint32_t tile_rows = uint32_t{Tile::lanes} * registers;
  for (; p.rows - row >= tile_rows; row += tile_rows) {
    Tile::template run<registers, vectors, true>(p, row, v);
  }
  if (row == p.rows) return;
  if constexpr (registers > 1) {
    rows<Tile, vectors, registers - 1>(p, v, row);
  } else {
    Tile::template run<1, vectors, false>(p, row, v);
  }
}

// The vectors that share the weights they read: 4 (where `most` says so), 2, 1.
template <class Tile, int most>
inline void product(const ProductS8& p) noexcept {
  uint32_t v = 0;
  for (; p.count - v >= most; v += most) rows<Tile, most, Tile::most(most)>(p, v, 0);
  if (most > 2 && p.count - v >= 2) {
    rows<Tile, 2, Tile::most(2)>(p, v, 0);
    v += 2;
  }
  if (v != p.count) rows<Tile, 1, Tile::most(1)>(p, v, 0);
}

}  // namespace
}  // namespace rondo::kernel
