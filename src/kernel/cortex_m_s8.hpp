// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The pointwise parts that the sets of all Cortex-M without Helium share.
#pragma once
#include "kernel/kernels_s8.hpp"

namespace rondo::kernel {

RONDO_HOT void cortex_m_lstm_s8(const LstmS8& block) noexcept;
RONDO_HOT void cortex_m_gru_s8(const GruS8& block) noexcept;
RONDO_HOT void cortex_m_gru_reset_s8(const GruResetS8& block) noexcept;
RONDO_HOT void cortex_m_gru_update_s8(const GruUpdateS8& block) noexcept;
RONDO_HOT void cortex_m_tanh_s8(const TanhS8& block) noexcept;

}  // namespace rondo::kernel
