// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A step of an LSTM of a whole block and a few units more: the sums of all rows are in registers at
// once, so that their additions, each waiting for the last, go on side by side.
#pragma once
#include <rondo/format.hpp>

#include "kernel/batch_f32.hpp"
#include "kernel/kernels_f32.hpp"

namespace rondo::kernel {

// V: a VectorF32
template <class V>
struct SmallLstmF32 {
  using Wide = typename V::Wide;
  using Units = typename V::Units;
  using W = typename Wide::Value;
  static constexpr uint32_t k_block_units = k_block_rows / 4;
  static constexpr uint32_t k_wide = k_block_rows / V::k_lanes;  // of a block

  static bool takes(const StepF32& s) noexcept {
    return s.block_units == k_block_units && s.units >= k_block_units &&
           4 * (s.units - k_block_units) <= V::k_beside * V::k_lanes;
  }

  template <uint32_t count>
  struct Sums {
    W sums[count == 0 ? 1 : count];

    [[gnu::always_inline]] void load(const float* from) noexcept {
      RONDO_UNROLL for (uint32_t r = 0; r < count; ++r) sums[r] = Wide::load(from + r * V::k_lanes);
    }
    [[gnu::always_inline]] void store(float* to) const noexcept {
      RONDO_UNROLL for (uint32_t r = 0; r < count; ++r) Wide::store(to + r * V::k_lanes, sums[r]);
    }
    [[gnu::always_inline]] void add(const float* w, W x) noexcept {
      RONDO_UNROLL for (uint32_t r = 0; r < count; ++r) {
        sums[r] = Wide::fused(Wide::load(w + r * V::k_lanes), x, sums[r]);
      }
    }
    // Of the units of a block.
    typename Units::Value gate(uint32_t g) const noexcept {
      if constexpr (k_wide == 8) {
        return {sums[2 * g], sums[2 * g + 1]};
      } else {
        return sums[g];
      }
    }
  };

  // += w x of all rows; w_2: of those beside the block.
  template <uint32_t beside>
  [[gnu::always_inline]] static void add(Sums<k_wide>& one, Sums<beside>& two, const float* w,
                                         const float* x, uint32_t inputs) noexcept {
    const float* w_2 = w + size_t{k_block_rows} * inputs;
    for (const float* const end = x + inputs; x != end; ++x) {
      const W value(*x);
      one.add(w, value);
      two.add(w_2, value);
      w += k_block_rows;
      w_2 += beside * V::k_lanes;
    }
  }

  template <uint32_t beside>
  [[gnu::noinline]] static void step_of(const StepF32& s) noexcept {
    constexpr uint32_t units = beside * V::k_lanes / 4;
    Sums<k_wide> one;
    Sums<beside> two;
    one.load(s.from);
    two.load(s.from + k_block_rows);
    add(one, two, s.w, s.x, s.inputs);
    add(one, two, s.u, s.h, s.states);
    two.store(s.t);
    const LstmF32 rest = {s.t, units, s.c + k_block_units, s.h + k_block_units};
    const auto o = one.gate(3);
    const auto c =
        V::template new_c<Units>(one.gate(0), one.gate(1), one.gate(2), Units::load(s.c));
    Units::store(s.c, c);
    V::template lstm_c_of<units>(rest);
    Units::store(s.h, V::template gated_tanh<Units>(o, c));
    V::template lstm_h_of<units>(rest);
  }

  template <uint32_t beside = V::k_beside>
  static void step(const StepF32& s) noexcept {
    constexpr uint32_t units = beside * V::k_lanes / 4;
    if (s.units == k_block_units + units) return step_of<beside>(s);
    if constexpr (beside != 0) {
      step<beside - 16 / V::k_lanes>(s);  // four units less
    }
  }
};

}  // namespace rondo::kernel
