// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 kernels of the Cortex-M without DSP extension (M0, M3), packing cortex_m. Operands are
// those of the scalar set.
#pragma once
#include "kernel/cortex_m_s8.hpp"

namespace rondo::kernel {

RONDO_HOT void thumb_product_s8(const ProductS8& p) noexcept;
RONDO_HOT void thumb_product_s16(const ProductS8& p) noexcept;
RONDO_HOT void thumb_column_s8(const ColumnS8& column) noexcept;

constexpr S8 k_thumb_s8 = {scalar_prepare_s8, scalar_prepare_s16,    thumb_product_s8,
                           thumb_product_s16, thumb_column_s8,       cortex_m_lstm_s8,
                           cortex_m_gru_s8,   cortex_m_gru_reset_s8, cortex_m_gru_update_s8,
                           cortex_m_tanh_s8};

}  // namespace rondo::kernel
