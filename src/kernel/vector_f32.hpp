// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float kernels over vectors of any width: the body of avx2_f32.cpp, avx512_f32.cpp and
// neon_f32.cpp, which bring what is theirs. Order of operations and additions as in scalar_f32.cpp.
#pragma once
#include <rondo/format.hpp>

#include "base/float_math.hpp"
#include "kernel/batch_f32.hpp"
#include "kernel/kernels_f32.hpp"
#include "kernel/small_lstm_f32.hpp"
#include "kernel/steps_f32.hpp"

namespace rondo::kernel {

// Isa::Wide, Isa::Four: operations on whole vectors and on four numbers. Isa::Units: on the units
// that a cell takes at a time, a vector of them or two. Isa::Tail: on the rows of a product that
// are left, fewer than a Wide vector. Isa::k_sums[v]: with v = 1, 2 ... vectors in a product, so
// many Wide vectors of rows are summed at a time, as the registers allow. Isa::k_beside: so many
// more beside a whole block, see small_lstm_f32.hpp; 0: none. Isa and its types must stand in an
// unnamed namespace, so that nothing here becomes a weak symbol.
template <class Isa>
struct VectorF32 {
  using Wide = typename Isa::Wide;
  using Tail = typename Isa::Tail;
  using Four = typename Isa::Four;
  using Units = typename Isa::Units;
  static constexpr uint32_t k_lanes = Wide::k_lanes;
  static constexpr uint32_t k_beside = Isa::k_beside;
  static constexpr uint32_t k_most_vectors = sizeof Isa::k_sums / sizeof(uint32_t) - 1;

  // Keeps a batch in its register; else GCC reads it from memory again for each use.
  template <class Batch>
  static void keep(Batch& x) noexcept {
#ifdef __x86_64__
    asm("" : "+v"(x.data));
#else
    asm("" : "+w"(x.data));
#endif
  }

  // What a tile of a product sums up: `wide` Wide vectors of rows, and a tail of `left` if there is
  // one, for each vector.
  template <uint32_t vectors, uint32_t wide, bool tail>
  struct Tile {
    using W = typename Wide::Value;
    using T = typename Tail::Value;
    static constexpr uint32_t k_left = wide * k_lanes;
    W sums[vectors][wide == 0 ? 1 : wide];
    T ends[vectors];

    // += w x of one input; each weight is read once.
    [[gnu::always_inline]] void add(const float* w, const float* x, size_t x_stride,
                                    uint32_t left) noexcept {
      if constexpr (vectors == 1) {
        const W value(*x);
        RONDO_UNROLL for (uint32_t r = 0; r < wide; ++r) {
          // AArch64: else GCC loads all 16 registers first, and a sum goes over the stack.
          if (wide > 8 && r == 8) asm volatile("" ::: "memory");
          sums[0][r] = Wide::fused(Wide::load(w + r * k_lanes), value, sums[0][r]);
        }
      } else {
        W parts[wide == 0 ? 1 : wide];
        RONDO_UNROLL for (uint32_t r = 0; r < wide; ++r) {
          parts[r] = Wide::load(w + r * k_lanes);
          keep(parts[r]);
        }
        RONDO_UNROLL for (uint32_t v = 0; v < vectors; ++v) {
          const W value(x[v * x_stride]);
          RONDO_UNROLL for (uint32_t r = 0; r < wide; ++r) {
            sums[v][r] = Wide::fused(parts[r], value, sums[v][r]);
          }
        }
      }
      if constexpr (tail) {
        const T row_end = Tail::load(w + k_left, left);
        RONDO_UNROLL for (uint32_t v = 0; v < vectors; ++v) {
          ends[v] = Tail::fused(row_end, T(x[v * x_stride]), ends[v]);
        }
      }
    }
  };

  // t = from + w x (+ u h) of the tile at `row`.
  template <uint32_t vectors, uint32_t wide, bool tail>
  static void sum(const ProductF32& p, uint32_t row, uint32_t left) noexcept {
    const size_t x_stride = p.x_stride / sizeof(float), t_stride = p.t_stride / sizeof(float);
    const size_t from_stride = p.from_stride / sizeof(float);
    Tile<vectors, wide, tail> tile;

    RONDO_UNROLL for (uint32_t v = 0; v < vectors; ++v) {
      const float* const from = p.from + v * from_stride + row;
      RONDO_UNROLL for (uint32_t r = 0; r < wide; ++r) {
        tile.sums[v][r] = Wide::load(from + r * k_lanes);
      }
      if constexpr (tail) tile.ends[v] = Tail::load(from + wide * k_lanes, left);
    }
    // Where the tile is the whole block, its width is a constant.
    constexpr bool whole = Isa::k_sums[vectors] * k_lanes == k_block_rows && !tail;
    const size_t stride = whole ? wide * k_lanes : p.rows;
    const float* w = p.w + row;
    for (uint32_t i = 0; i < p.inputs; ++i, w += stride) tile.add(w, p.x + i, x_stride, left);
    if constexpr (vectors == 1) {
      const float* u = p.u + row;
      for (uint32_t k = 0; k < p.states; ++k, u += stride) tile.add(u, p.h + k, 0, left);
    }
    RONDO_UNROLL for (uint32_t v = 0; v < vectors; ++v) {
      float* const t = p.t + v * t_stride + row;
      RONDO_UNROLL for (uint32_t r = 0; r < wide; ++r) {
        Wide::store(t + r * k_lanes, tile.sums[v][r]);
      }
      if constexpr (tail) Tail::store(t + wide * k_lanes, tile.ends[v], left);
    }
  }

  // The rows from `row` on: `low` .. `high` Wide vectors and a tail; halves until it knows.
  template <uint32_t vectors, uint32_t low, uint32_t high>
  static void sum_rest(const ProductF32& p, uint32_t row) noexcept {
    const uint32_t rows = p.rows - row;
    if constexpr (low < high) {
      constexpr uint32_t middle = (low + high + 1) / 2;
      if (rows >= middle * k_lanes) {
        sum_rest<vectors, middle, high>(p, row);
      } else {
        sum_rest<vectors, low, middle - 1>(p, row);
      }
    } else if (rows == low * k_lanes) {
      if constexpr (low > 0) sum<vectors, low, false>(p, row, 0);
    } else {
      if constexpr (k_lanes > 4) sum<vectors, low, true>(p, row, rows - low * k_lanes);
    }
  }

  // Out of line, so that each pays for its own stack only.
  template <uint32_t vectors>
  [[gnu::noinline]] static void multiply(const ProductF32& p) noexcept {
    constexpr uint32_t wide = Isa::k_sums[vectors];
    uint32_t row = 0;
    for (; p.rows - row >= wide * k_lanes; row += wide * k_lanes) {
      sum<vectors, wide, false>(p, row, 0);
    }
    sum_rest<vectors, 0, wide - 1>(p, row);
  }

  // A group of `size` vectors.
  template <uint32_t vectors>
  static void multiply_group(const ProductF32& p, uint32_t size) noexcept {
    if (size == vectors) {
      multiply<vectors>(p);
    } else if constexpr (vectors > 1) {
      multiply_group<vectors - 1>(p, size);
    }
  }

  // Many vectors, in as few groups as there can be, of one size or nearly so.
  [[gnu::noinline]] static void multiply_many(const ProductF32& p) noexcept {
    ProductF32 part = p;
    uint32_t groups = (p.count + k_most_vectors - 1) / k_most_vectors;
    for (uint32_t left = p.count; left > 0; --groups) {
      const uint32_t size = (left + groups - 1) / groups;
      multiply_group<k_most_vectors>(part, size);
      left -= size;
      part.x += size * (p.x_stride / sizeof(float));
      part.from += size * (p.from_stride / sizeof(float));
      part.t += size * (p.t_stride / sizeof(float));
    }
  }

  static void product(const ProductF32& p) noexcept {
    if (p.count != 1) {
      multiply_many(p);
    } else if constexpr (Isa::k_sums[1] * k_lanes == k_block_rows) {
      sum_rest<1, 0, Isa::k_sums[1]>(p, 0);
    } else {
      multiply<1>(p);
    }
  }

  // Calls step(operations, first) for `count` numbers, a multiple of 4. Tails in fours rather than
  // by masks: what a masked store wrote cannot be forwarded to a load (AVX-512, 20 cycles).
  template <class Step>
  static void for_all(uint32_t count, Step step) noexcept {
    uint32_t k = 0;
    if constexpr (Units::k_lanes > k_lanes) {
      for (; count - k >= Units::k_lanes; k += Units::k_lanes) step(Units(), k);
    }
    for (; count - k >= k_lanes; k += k_lanes) step(Wide(), k);
    if constexpr (k_lanes > 4) {
      for (; k < count; k += 4) step(Four(), k);
    }
  }

  static void column(const ColumnF32& c) noexcept {
    for_all(c.rows, [&](auto ops, uint32_t k) noexcept {
      ops.store(c.t + k, ops.load(c.from + k) + ops.load(c.w + k));
    });
  }

  // A vector of units each.
  template <class Ops>
  RONDO_APART static typename Ops::Value gated_tanh(typename Ops::Value gate,
                                                    typename Ops::Value x) noexcept {
    return base::gated_tanh_of<Ops>(gate, x);
  }

  template <class Ops>
  [[gnu::always_inline]] static typename Ops::Value new_c(typename Ops::Value i,
                                                          typename Ops::Value f,
                                                          typename Ops::Value g,
                                                          typename Ops::Value c) noexcept {
    const auto sigmoid_f = base::sigmoid_of<Ops>(f);
    return Ops::fused(sigmoid_f, c, gated_tanh<Ops>(i, g));
  }

  template <class Ops>
  RONDO_APART static void lstm_c_units(const LstmF32& block, uint32_t k) noexcept {
    const auto t = [&](uint32_t gate) { return Ops::load(block.t + gate * block.units + k); };
    Ops::store(block.c + k, new_c<Ops>(t(0), t(1), t(2), Ops::load(block.c + k)));
  }
  template <class Ops>
  RONDO_APART static void lstm_h_units(const LstmF32& block, uint32_t k) noexcept {
    const auto o = Ops::load(block.t + 3 * block.units + k);
    Ops::store(block.h + k, gated_tanh<Ops>(o, Ops::load(block.c + k)));
  }

  // The same of a block of so many units.
  template <uint32_t units>
  [[gnu::always_inline]] static void lstm_c_of(const LstmF32& block) noexcept {
    constexpr uint32_t wide = units - units % k_lanes;
    RONDO_UNROLL for (uint32_t k = 0; k < wide; k += k_lanes) lstm_c_units<Wide>(block, k);
    RONDO_UNROLL for (uint32_t k = wide; k < units; k += 4) lstm_c_units<Four>(block, k);
  }
  template <uint32_t units>
  [[gnu::always_inline]] static void lstm_h_of(const LstmF32& block) noexcept {
    constexpr uint32_t wide = units - units % k_lanes;
    RONDO_UNROLL for (uint32_t k = 0; k < wide; k += k_lanes) lstm_h_units<Wide>(block, k);
    RONDO_UNROLL for (uint32_t k = wide; k < units; k += 4) lstm_h_units<Four>(block, k);
  }

  template <class Ops>
  RONDO_APART static void gru_units(const GruF32& block, uint32_t k) noexcept {
    const auto t_x = [&](uint32_t gate) { return Ops::load(block.t_x + gate * block.units + k); };
    const auto t_h = [&](uint32_t gate) { return Ops::load(block.t_h + gate * block.units + k); };
    const auto r = base::sigmoid_of<Ops>(t_x(0) + t_h(0));
    const auto z = base::sigmoid_of<Ops>(t_x(1) + t_h(1));
    const auto n = base::tanh_of<Ops>(Ops::fused(r, t_h(2), t_x(2)));
    Ops::store(block.h + k, Ops::fused(z, Ops::load(block.h + k) - n, n));
  }

  template <class Ops>
  RONDO_APART static void gru_reset_units(const GruResetF32& block, uint32_t k) noexcept {
    const auto r = base::sigmoid_of<Ops>(Ops::load(block.t + k));
    const auto z = base::sigmoid_of<Ops>(Ops::load(block.t + block.units + k));
    Ops::store(block.rh + k, r * Ops::load(block.h + k));
    Ops::store(block.z + k, z);
  }

  static void lstm_c(const LstmF32& block) noexcept {
    for_all(block.units,
            [&](auto ops, uint32_t k) noexcept { lstm_c_units<decltype(ops)>(block, k); });
  }
  static void lstm_h(const LstmF32& block) noexcept {
    for_all(block.units,
            [&](auto ops, uint32_t k) noexcept { lstm_h_units<decltype(ops)>(block, k); });
  }
  static void lstm(const LstmF32& block) noexcept {
    lstm_c(block);
    lstm_h(block);
  }
  // With the widths that h was stored with, which a load can be forwarded from.
  static void copy(const float* from, float* to, uint32_t count) noexcept {
    for_all(count, [&](auto ops, uint32_t k) noexcept { ops.store(to + k, ops.load(from + k)); });
  }
  static void zero(float* to, uint32_t count) noexcept {
    for_all(count, [&](auto ops, uint32_t k) noexcept {
      ops.store(to + k, typename decltype(ops)::Value(0.0F));
    });
  }
  [[gnu::noinline]] static void lstm_step_two_blocks(const StepF32& step) noexcept {
    lstm_step_two_blocks_f32(step, product, lstm_c, lstm_h);
  }
  [[gnu::noinline]] static void lstm_step_blocks(const StepF32& step) noexcept {
    lstm_step_f32(step, copy, product, lstm);
  }
  static void lstm_step(const StepF32& step) noexcept {
    const bool whole = 4 * step.block_units == k_block_rows;
    if (!whole || step.units > 2 * step.block_units) return lstm_step_blocks(step);
    if constexpr (Isa::k_beside != 0) {
      if (SmallLstmF32<VectorF32>::takes(step)) return SmallLstmF32<VectorF32>::step(step);
    }
    lstm_step_two_blocks(step);
  }
  static void gru_step(const StepF32& step) noexcept {
    gru_step_f32(step, copy, zero, product, gru);
  }
  static void gru(const GruF32& block) noexcept {
    for_all(block.units,
            [&](auto ops, uint32_t k) noexcept { gru_units<decltype(ops)>(block, k); });
  }
  static void gru_reset(const GruResetF32& block) noexcept {
    for_all(block.units,
            [&](auto ops, uint32_t k) noexcept { gru_reset_units<decltype(ops)>(block, k); });
  }

  static void gru_update(const GruUpdateF32& block) noexcept {
    for_all(block.units, [&](auto ops, uint32_t k) noexcept {
      const auto n = base::tanh_of<decltype(ops)>(ops.load(block.t + k));
      ops.store(block.h + k, ops.fused(ops.load(block.z + k), ops.load(block.h + k) - n, n));
    });
  }

  static void tanh(const TanhF32& block) noexcept {
    for_all(block.units, [&](auto ops, uint32_t k) noexcept {
      ops.store(block.h + k, base::tanh_of<decltype(ops)>(ops.load(block.t + k)));
    });
  }

  static constexpr F32 table() noexcept {
    return {product, column, lstm, lstm_step, gru, gru_step, gru_reset, gru_update, tanh};
  }
};

}  // namespace rondo::kernel
