// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 kernels of Cortex-M4, M7 and M33 (DSP extension), packing cortex_m. Operands hold 16-bit
// numbers: prepare widens 8-bit vectors, so that both kinds of activation take the same product.
#pragma once
#include "kernel/cortex_m_s8.hpp"

namespace rondo::kernel {

RONDO_HOT void dsp_prepare_s8(const int8_t* x, uint32_t inputs, uint32_t padded,
                              uint8_t* operand) noexcept;
RONDO_HOT void dsp_prepare_s16(const int16_t* x, uint32_t inputs, uint32_t padded,
                               uint8_t* operand) noexcept;
RONDO_HOT void dsp_product(const ProductS8& p) noexcept;
RONDO_HOT void dsp_column_s8(const ColumnS8& column) noexcept;

constexpr S8 k_dsp_s8 = {dsp_prepare_s8,  dsp_prepare_s16,       dsp_product,
                         dsp_product,     dsp_column_s8,         cortex_m_lstm_s8,
                         cortex_m_gru_s8, cortex_m_gru_reset_s8, cortex_m_gru_update_s8,
                         cortex_m_tanh_s8};

}  // namespace rondo::kernel
