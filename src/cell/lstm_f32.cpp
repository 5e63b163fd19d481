// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float LSTM cell: LSTM of PyTorch (gates i, f, g, o).
#include "cell/recurrent_f32.hpp"

namespace rondo::cell {
namespace {

[[gnu::noinline]] void take_steps(const LayerArgs& args) noexcept {
  RecurrentF32 net(args, 0);
  kernel::StepF32 step = net.whole_step();
  net.each_step([&] {
    net.read_input(step);
    kernels_f32(args).lstm_step_f32(step);
  });
}

#ifdef RONDO_FIXED_ISA
constexpr auto run = take_steps;
#else
kernel::StepF32 step_to_keep(const LayerArgs& args) noexcept {
  return RecurrentF32(args, 0).whole_step();
}

void run(const LayerArgs& args) noexcept {
  if (!is_one_vector(args)) return take_steps(args);
  kernels_f32(args).lstm_step_f32(step_of_vector(args, step_to_keep));
}
#endif

LayerBytes bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  return {kept_bytes(record, packing) + StateF32(record, align).bytes,
          ScratchF32(record, packing, 0, align).bytes};
}

}  // namespace

const Cell rondo_lstm_f32 = {
    Kind::lstm,           Type::f32,           recurrent_f32_check, bytes, run,
    recurrent_f32_output, recurrent_f32_reset, recurrent_f32_parts};

}  // namespace rondo::cell
