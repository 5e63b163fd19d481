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

void run(const LayerArgs& args) noexcept {
  const kernel::F32& kernels = kernels_f32(args);
#ifndef RONDO_FIXED_ISA
  if (is_one_vector(args)) {
    return kernels.gru_step_f32(step_of_vector(
        args, [&] { return whole_step(RecurrentF32(args, own_bytes(args.packing))); }));
  }
#endif
  RecurrentF32 net(args, own_bytes(args.packing));
  kernel::StepF32 step = whole_step(net);
  net.each_step([&] {
    net.read_input(step);
    kernels.gru_step_f32(step);
  });
}

LayerBytes bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  return {kept_bytes(record, packing) + StateF32(record, align).bytes,
          ScratchF32(record, packing, own_bytes(packing), align).bytes};
}

}  // namespace

const Cell rondo_gru_f32 = {
    Kind::gru,           Type::f32,          recurrent_f32_check, bytes, run, recurrent_f32_output,
    recurrent_f32_reset, recurrent_f32_parts};

}  // namespace rondo::cell
