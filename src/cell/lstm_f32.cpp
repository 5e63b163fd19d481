// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float LSTM cell: LSTM of PyTorch (gates i, f, g, o).
#include "cell/recurrent_f32.hpp"

namespace rondo::cell {
namespace {

void run(const LayerArgs& args) noexcept {
  const kernel::F32& kernels = kernels_f32(args);
#ifndef RONDO_FIXED_ISA
  if (is_one_vector(args)) {
    return kernels.lstm_step_f32(
        step_of_vector(args, [&] { return RecurrentF32(args, 0).whole_step(); }));
  }
#endif
  RecurrentF32 net(args, 0);
  kernel::StepF32 step = net.whole_step();
  net.each_step([&] {
    net.read_input(step);
    kernels.lstm_step_f32(step);
  });
}

LayerBytes bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  return {kept_bytes(record, packing) + StateF32(record, align).bytes,
          ScratchF32(record, packing, 0, align).bytes};
}

}  // namespace

const Cell rondo_lstm_f32 = {
    Kind::lstm,           Type::f32,           recurrent_f32_check, bytes, run,
    recurrent_f32_output, recurrent_f32_reset, recurrent_f32_parts};

}  // namespace rondo::cell
