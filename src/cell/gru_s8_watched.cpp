// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 GRU cell that shows its gates to a Watch: see lstm_s8_watched.cpp.
#include "cell/gru_s8.hpp"

namespace rondo::cell {
namespace {

void run(const LayerArgs& args) noexcept {
  gru_s8_run(args, [&args](uint32_t unit, uint32_t units, const int32_t* t_x, const int32_t* t_h,
                           const int32_t* h) {
    if (args.watch == nullptr) return;
    args.watch->block(args.watch->user, args.layer, unit, units, t_x, t_h, h);
  });
}

}  // namespace

const Cell rondo_gru_s8_watched = {
    Kind::gru,           Type::s8,     layer_s8_check,    recurrent_s8_bytes, run,
    recurrent_s8_output, gru_s8_reset, recurrent_s8_parts};

}  // namespace rondo::cell
