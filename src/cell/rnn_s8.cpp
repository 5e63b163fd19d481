// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 Elman cell with tanh.
#include "cell/rnn_s8.hpp"

namespace rondo::cell {
namespace {

void run(const LayerArgs& args) noexcept {
  rnn_s8_run(args, [](uint32_t, uint32_t, const int32_t*) {});
}

}  // namespace

void rnn_s8_reset(const LayerArgs& args) noexcept {
  set_h(args, at<int32_t>(args, args.record->initial));
}

const Cell rondo_rnn_s8 = {Kind::rnn,
                           Type::s8,
                           layer_s8_check,
                           recurrent_s8_bytes,
                           run,
                           recurrent_s8_output,
                           k_has_initial ? rnn_s8_reset : nullptr,
                           recurrent_s8_parts};

}  // namespace rondo::cell
