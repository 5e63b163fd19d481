// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 LSTM cell: LSTM of PyTorch (gates i, f, g, o), formats of numeric.hpp.
#include "cell/lstm_s8.hpp"

namespace rondo::cell {
namespace {

void run(const LayerArgs& args) noexcept {
  lstm_s8_run(args, [](uint32_t, uint32_t, const int32_t*, const int32_t*) {});
}

}  // namespace

LayerBytes lstm_s8_bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  return {StateS8(record, align).bytes, ScratchS8(record, packing, 0, align).bytes};
}

void lstm_s8_reset(const LayerArgs& args) noexcept {
  const uint32_t units = args.record->outputs;
  const int32_t* const initial = at<int32_t>(args, args.record->initial);
  memcpy(args.state, initial, size_t{4} * units);
  set_h(args, initial + units);
}

const Cell rondo_lstm_s8 = {
    Kind::lstm,          Type::s8,      recurrent_s8_check, lstm_s8_bytes, run,
    recurrent_s8_output, lstm_s8_reset, recurrent_s8_parts};

}  // namespace rondo::cell
