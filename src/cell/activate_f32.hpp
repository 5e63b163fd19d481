// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The activation of a float layer without gates: rnn and dense.
#pragma once
#include "base/float_math.hpp"
#include "cell/blocks.hpp"
#include "kernel/kernels.hpp"

namespace rondo::cell {

// h = f(t), (units), f by record->mode. t may be h.
// Not inlined: frames of the cells are small where there is little memory.
[[gnu::noinline]] inline void activate_f32(const LayerArgs& args, const float* t, uint32_t units,
                                           float* h) noexcept {
  switch (static_cast<Activation>(args.record->mode)) {
    case Activation::tanh:
      kernels_f32(args).tanh_f32({t, units, h});
      return;
    case Activation::sigmoid:
      for (uint32_t k = 0; k < units; ++k) h[k] = base::sigmoid_f32(t[k]);
      return;
    case Activation::relu:
      for (uint32_t k = 0; k < units; ++k) h[k] = t[k] < 0.0F ? 0.0F : t[k];  // NaN stays
      return;
    default:  // none
      for (uint32_t k = 0; k < units; ++k) h[k] = t[k];
      return;
  }
}

}  // namespace rondo::cell
