// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 LSTM cell that shows its gates to a Watch: the same step, the same kernels. A cell of
// its own, so that nobody pays for it who does not name it.
#include "cell/lstm_s8.hpp"

namespace rondo::cell {
namespace {

void step(const StepArgs& args) noexcept {
  lstm_s8_step(args, [&args](const Block& block, const int32_t* t, const int32_t* c) {
    if (args.watch == nullptr) return;
    args.watch->block(args.watch->user, args.layer, block.unit, block.units, t, c);
  });
}

}  // namespace

const Cell lstm_s8_watched = {Kind::lstm,          Type::s8,     lstm_s8_check,
                              lstm_s8_bytes,       step,         lstm_s8_output,
                              lstm_s8_saved_bytes, lstm_s8_save, lstm_s8_restore};

}  // namespace rondo::cell
