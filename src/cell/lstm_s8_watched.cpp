// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 LSTM cell that shows its gates to a Watch: the same steps, the same kernels. A cell of
// its own, so that nobody pays for it who does not name it.
#include "cell/lstm_s8.hpp"

namespace rondo::cell {
namespace {

void run(const LayerArgs& args) noexcept {
  lstm_s8_run(args, [&args](uint32_t unit, uint32_t units, const int32_t* t, const int32_t* c) {
    if (args.watch == nullptr) return;
    args.watch->block(args.watch->user, args.layer, unit, units, t, nullptr, c);
  });
}

}  // namespace

const Cell rondo_lstm_s8_watched = {
    Kind::lstm,          Type::s8,      layer_s8_check,    recurrent_s8_bytes, run,
    recurrent_s8_output, lstm_s8_reset, recurrent_s8_parts};

}  // namespace rondo::cell
