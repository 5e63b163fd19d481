// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// AVX-512 with VNNI: a whole step of a GRU, for avx512_vnni_s8.cpp: 16 units at a time, and what is
// left of them. All of it has internal linkage.
#pragma once
#include <immintrin.h>

#include "kernel/avx512_cells_s8.hpp"
#include "kernel/avx512_steps_s8.hpp"
#include "kernel/steps_s8.hpp"

namespace rondo::kernel {
namespace {

// take(x, h, bias): the sums in two parts.
struct GruBlock : GruStages<true> {
  using GruStages::take;
  inline __attribute__((always_inline)) void take(const __m512i (&x)[3], const __m512i (&t_h)[3],
                                                  const int32_t* bias) noexcept {
    take({_mm512_add_epi32(x[0], t_h[0]), _mm512_add_epi32(x[1], t_h[1]),
          _mm512_add_epi32(_mm512_loadu_si512(bias + 48), t_h[2])},
         x[2]);
  }
};

struct GruSteps {
  template <int planes, bool input>
  static void step(const StepS8& step) noexcept {
    const uint32_t few = step.units % 16;
    if (step.units != few) {
      Rest rest = Rest::of<3>(step, 0);
      GruBlock block;
      block.to = rest.to;
      add_block<planes, input, 0>(rest, block, k_nothing);
      for (uint32_t left = step.units / 16 - 1; left != 0; --left) {
        add_block<planes, input, GruBlock::stages>(
            rest, block, [&](auto number) __attribute__((always_inline)) { block.stage(number); });
        block.to.move_on();
      }
      finish(block);
    }
    // Their rows do not fill registers.
    if (few != 0) gru_by_blocks_from<product_s8, product_s16, gru_s8>(step, step.units - few);
  }
};
void gru_step_s8(const StepS8& step) noexcept {
  whole_step<GruSteps>(step);
}

}  // namespace
}  // namespace rondo::kernel
