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

LayerBytes rnn_s8_bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  return {StateS8(record, align).bytes, ScratchS8(record, packing, 0, align).bytes};
}

void rnn_s8_reset(const LayerArgs& args) noexcept {
  set_h(args, at<int32_t>(args, args.record->initial));
}

const Cell rondo_rnn_s8 = {Kind::rnn,           Type::s8,     recurrent_s8_check, rnn_s8_bytes, run,
                           recurrent_s8_output, rnn_s8_reset, recurrent_s8_parts};

}  // namespace rondo::cell
