// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 LSTM cell: LSTM of PyTorch (gates i, f, g, o), formats of numeric.hpp.
#include "cell/lstm_s8.hpp"

namespace rondo::cell {
namespace {

void run(const LayerArgs& args) noexcept {
  if (takes_whole_steps(args)) return take_whole_steps(args);
  lstm_s8_run(args, [](uint32_t, uint32_t, const int32_t*, const int32_t*) {});
}

}  // namespace

void lstm_s8_reset(const LayerArgs& args) noexcept {
  const uint32_t units = args.record->outputs;
  const int32_t* const initial = at<int32_t>(args, args.record->initial);
  memcpy(numbers_of(args), initial, size_t{4} * units);
  set_h(args, initial + units);
}

const Cell rondo_lstm_s8 = {Kind::lstm,
                            Type::s8,
                            layer_s8_check,
                            recurrent_s8_bytes,
                            run,
                            recurrent_s8_output,
                            k_has_initial ? lstm_s8_reset : nullptr,
                            recurrent_s8_parts};

}  // namespace rondo::cell
