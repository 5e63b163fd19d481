// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float GRU cell with the reset after the product: GRU of PyTorch and Keras (gates r, z, n).
#include "cell/recurrent_f32.hpp"

namespace rondo::cell {
namespace {

size_t own_bytes(Packing packing) noexcept {
  return size_t{4} * block_rows(packing);  // t_h
}

kernel::StepF32 whole_step(const RecurrentF32& net) noexcept {
  kernel::StepF32 step = net.whole_step();
  step.bias = step.from;
  step.t_h = net.own();
  return step;
}

[[gnu::noinline]] void take_steps(const LayerArgs& args) noexcept {
  RecurrentF32 net(args, own_bytes(args.packing));
  kernel::StepF32 step = whole_step(net);
  net.each_step([&] {
    net.read_input(step);
    kernels_f32(args).gru_step_f32(step);
  });
}

#ifdef RONDO_FIXED_ISA
constexpr auto run = take_steps;
#else
kernel::StepF32 step_to_keep(const LayerArgs& args) noexcept {
  return whole_step(RecurrentF32(args, own_bytes(args.packing)));
}

void run(const LayerArgs& args) noexcept {
  if (!is_one_vector(args)) return take_steps(args);
  kernels_f32(args).gru_step_f32(step_of_vector(args, step_to_keep));
}
#endif

LayerBytes bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  return {kept_bytes(record, packing) + StateF32(record, align).bytes,
          ScratchF32(record, packing, own_bytes(packing), align).bytes};
}

}  // namespace

const Cell rondo_gru_f32 = {
    Kind::gru,           Type::f32,          recurrent_f32_check, bytes, run, recurrent_f32_output,
    recurrent_f32_reset, recurrent_f32_parts};

}  // namespace rondo::cell
