// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The pointwise parts of the int8 cells in plain C++: specification and fallback, as scalar_s8.cpp.
// The formulas are in numeric.hpp.
#include <rondo/numeric.hpp>

#include "kernel/kernels_s8.hpp"

namespace rondo::kernel {

void scalar_lstm_s8(const LstmS8& block) noexcept {
  const uint32_t n = block.units;
  for (uint32_t k = 0; k < n; ++k) {
    const int16_t i = sigmoid_gate(block.t[k]);
    const int16_t f = sigmoid_gate(block.t[n + k]);
    const int16_t g = tanh_gate(block.t[2 * n + k]);
    const int16_t o = sigmoid_gate(block.t[3 * n + k]);
    const int32_t c = lstm_c(block.c[k], i, f, g);
    const int16_t tanh_c = lstm_tanh_c(c);
    block.c[k] = c;
    if (block.h8 != nullptr) block.h8[k] = lstm_h8(o, tanh_c);
    if (block.h16 != nullptr) block.h16[k] = lstm_h16(o, tanh_c);
  }
}

void scalar_gru_s8(const GruS8& block) noexcept {
  const uint32_t units = block.units;
  for (uint32_t k = 0; k < units; ++k) {
    const int16_t r = sigmoid_gate(block.t_x[k] + block.t_h[k]);
    const int16_t z = sigmoid_gate(block.t_x[units + k] + block.t_h[units + k]);
    const int16_t n = gru_n(block.t_x[2 * units + k], block.t_h[2 * units + k], r);
    const int32_t h = gru_h(block.h[k], z, n);
    block.h[k] = h;
    if (block.h8 != nullptr) block.h8[k] = gru_h8(h);
    if (block.h16 != nullptr) block.h16[k] = gru_h16(h);
  }
}

void scalar_gru_reset_s8(const GruResetS8& block) noexcept {
  const uint32_t units = block.units;
  for (uint32_t k = 0; k < units; ++k) {
    const int16_t r = sigmoid_gate(block.t[k]);
    block.z[k] = sigmoid_gate(block.t[units + k]);
    const int32_t rh = rdmulh32(block.h[k], r * 65536);
    if (block.rh8 != nullptr) block.rh8[k] = gru_h8(rh);
    if (block.rh16 != nullptr) block.rh16[k] = gru_h16(rh);
  }
}

void scalar_gru_update_s8(const GruUpdateS8& block) noexcept {
  for (uint32_t k = 0; k < block.units; ++k) {
    const int32_t h = gru_h(block.h[k], block.z[k], tanh_gate(block.t[k]));
    block.h[k] = h;
    if (block.h8 != nullptr) block.h8[k] = gru_h8(h);
    if (block.h16 != nullptr) block.h16[k] = gru_h16(h);
  }
}

void scalar_tanh_s8(const TanhS8& block) noexcept {
  for (uint32_t k = 0; k < block.units; ++k) {
    const int16_t h = tanh_gate(block.t[k]);
    if (block.h8 != nullptr) block.h8[k] = narrow_s8(h);
    if (block.h16 != nullptr) block.h16[k] = h;
  }
}

}  // namespace rondo::kernel
