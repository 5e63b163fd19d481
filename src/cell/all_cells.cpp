// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The list of every cell, for hosts. Its own file: who names it links them all.
#include <rondo/cells.hpp>

namespace rondo {

const Cell* const k_all_cells[16] = {
    &cell::lstm_s8,    &cell::gru_s8,    &cell::gru_before_s8,  &cell::rnn_s8,
    &cell::linear_s8,  &cell::dense_s8,  &cell::pool_s8,        &cell::skip_s8,
    &cell::lstm_f32,   &cell::gru_f32,   &cell::gru_before_f32, &cell::rnn_f32,
    &cell::linear_f32, &cell::dense_f32, &cell::pool_f32,       &cell::skip_f32};

}  // namespace rondo
