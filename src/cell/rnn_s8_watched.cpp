// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 Elman cell that shows its gates to a Watch: see lstm_s8_watched.cpp.
#include "cell/rnn_s8.hpp"

namespace rondo::cell {
namespace {

void run(const LayerArgs& args) noexcept {
  rnn_s8_run(args, [&args](uint32_t unit, uint32_t units, const int32_t* t) {
    if (args.watch == nullptr) return;
    args.watch->block(args.watch->user, args.layer, unit, units, t, nullptr, nullptr);
  });
}

}  // namespace

const Cell rondo_rnn_s8_watched = {
    Kind::rnn,           Type::s8,     layer_s8_check,    recurrent_s8_bytes, run,
    recurrent_s8_output, rnn_s8_reset, recurrent_s8_parts};

}  // namespace rondo::cell
