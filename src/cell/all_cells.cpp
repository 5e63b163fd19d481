// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The list of every cell, for hosts. Its own file: who names it links them all.
#include <rondo/cells.hpp>

namespace rondo {

const Cell* const k_all_cells[4] = {&cell::lstm_s8, &cell::linear_s8, &cell::lstm_f32,
                                    &cell::linear_f32};

}  // namespace rondo
