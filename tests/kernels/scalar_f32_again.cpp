// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The scalar float kernels once more, built with other flags under other names, so that one program
// holds them with and without fused multiply-add; see scalar_f32_again.hpp. RONDO_AGAIN: which.
#define RONDO_JOIN(a, b) a##b
#define RONDO_NAMED(a, b) RONDO_JOIN(a, b)
#define scalar_product_f32 RONDO_NAMED(RONDO_AGAIN, _product_f32)
#define scalar_column_f32 RONDO_NAMED(RONDO_AGAIN, _column_f32)
#define scalar_lstm_f32 RONDO_NAMED(RONDO_AGAIN, _lstm_f32)
#define scalar_lstm_step_f32 RONDO_NAMED(RONDO_AGAIN, _lstm_step_f32)
#define scalar_gru_step_f32 RONDO_NAMED(RONDO_AGAIN, _gru_step_f32)
#define scalar_gru_f32 RONDO_NAMED(RONDO_AGAIN, _gru_f32)
#define scalar_gru_reset_f32 RONDO_NAMED(RONDO_AGAIN, _gru_reset_f32)
#define scalar_gru_update_f32 RONDO_NAMED(RONDO_AGAIN, _gru_update_f32)
#define scalar_tanh_f32 RONDO_NAMED(RONDO_AGAIN, _tanh_f32)
#include "kernel/scalar_f32.cpp"

#include "kernels/scalar_f32_again.hpp"

namespace rondo::kernel {

const ScalarF32 RONDO_AGAIN = {k_scalar_f32, base::exp_f32};

}  // namespace rondo::kernel
