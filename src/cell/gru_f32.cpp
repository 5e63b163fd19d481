// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float GRU cell with the reset after the product: GRU of PyTorch and Keras (gates r, z, n).
#include "cell/recurrent_f32.hpp"

namespace rondo::cell {
namespace {

size_t own_bytes(Packing packing) noexcept {
  return size_t{4} * block_rows(packing);  // t_h
}

constexpr float k_zeros[4] = {};

void run(const LayerArgs& args) noexcept {
  const kernel::F32& kernels = kernels_f32(args);
  RecurrentF32 net(args, own_bytes(args.packing));
  WalkF32 walk(args);
  float* const t_h = net.own();
  net.each_step([&] {
    net.start(walk);
    do {
      const uint32_t units = walk.units;
      // Calls of memset and memcpy would cost more than these few numbers.
      const float* const bias_h = walk.bias + k_gru_gates * units;
      for (uint32_t k = 0; k < 3 * units; k += 4) {
        memcpy(t_h + k, k < 2 * units ? k_zeros : bias_h + (k - 2 * units), sizeof k_zeros);
      }
      const float* const t_x = walk.input_part();
      walk.add_state(t_h, t_h);
      kernels.gru_f32({t_x, t_h, units, net.h() + walk.unit});
    } while (walk.next());
  });
}

LayerBytes bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  return {StateF32(record, align).bytes,
          ScratchF32(record, packing, own_bytes(packing), align).bytes};
}

}  // namespace

const Cell rondo_gru_f32 = {
    Kind::gru,           Type::f32,          recurrent_f32_check, bytes, run, recurrent_f32_output,
    recurrent_f32_reset, recurrent_f32_parts};

}  // namespace rondo::cell
