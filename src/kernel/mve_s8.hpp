// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 kernels of Cortex-M55 (Helium, the vector extension of the M profile), packing helium.
#pragma once
#include "kernel/kernels_s8.hpp"

namespace rondo::kernel {

RONDO_HOT void mve_prepare_s8(const int8_t* x, uint32_t inputs, uint32_t padded,
                              uint8_t* operand) noexcept;
RONDO_HOT void mve_prepare_s16(const int16_t* x, uint32_t inputs, uint32_t padded,
                               uint8_t* operand) noexcept;
RONDO_HOT void mve_product_s8(const ProductS8& p) noexcept;
RONDO_HOT void mve_product_s16(const ProductS8& p) noexcept;
RONDO_HOT void mve_column_s8(const ColumnS8& column) noexcept;
RONDO_HOT void mve_lstm_s8(const LstmS8& block) noexcept;
RONDO_HOT void mve_gru_s8(const GruS8& block) noexcept;
RONDO_HOT void mve_gru_reset_s8(const GruResetS8& block) noexcept;
RONDO_HOT void mve_gru_update_s8(const GruUpdateS8& block) noexcept;
RONDO_HOT void mve_tanh_s8(const TanhS8& block) noexcept;

constexpr S8 k_mve_s8 = {mve_prepare_s8,    mve_prepare_s16, mve_product_s8, mve_product_s16,
                         mve_column_s8,     mve_lstm_s8,     mve_gru_s8,     mve_gru_reset_s8,
                         mve_gru_update_s8, mve_tanh_s8};

}  // namespace rondo::kernel
