// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float GRU cell with the reset before the product (linear_before_reset = 0 of ONNX): all r and
// z first; then r * h goes through U_n in a second pass.
#include "cell/recurrent_f32.hpp"

namespace rondo::cell {
namespace {

// z float[units] | r * h float[units]
size_t own_bytes(const LayerRecord& record) noexcept {
  return 8 * round_up(record.outputs, 4);
}

// Not inlined, as the second: what both need would stay on the stack together.
[[gnu::noinline]] void first_pass(const LayerArgs& args, const RecurrentF32& net, float* z,
                                  float* rh) noexcept {
  WalkF32 walk(args);
  net.start(walk);
  do {
    const uint32_t unit = walk.unit;
    walk.add_state(walk.input_part(), net.t());
    kernels_f32(args).gru_reset_f32({net.t(), walk.units, net.h() + unit, z + unit, rh + unit});
  } while (walk.next());
}

[[gnu::noinline]] void second_pass(const LayerArgs& args, const RecurrentF32& net, const float* z,
                                   const float* rh) noexcept {
  WalkF32 walk(args);
  net.start_candidate(walk, rh);
  do {
    const uint32_t unit = walk.unit;
    walk.add_state(walk.input_part(), net.t());
    kernels_f32(args).gru_update_f32({net.t(), walk.units, z + unit, net.h() + unit});
  } while (walk.next());
}

void run(const LayerArgs& args) noexcept {
  RecurrentF32 net(args, own_bytes(*args.record));
  float* const z = net.own();
  float* const rh = z + round_up(args.record->outputs, 4);
  net.each_step([&] {
    first_pass(args, net, z, rh);
    second_pass(args, net, z, rh);
  });
}

LayerBytes bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  return {StateF32(record, align).bytes,
          ScratchF32(record, packing, own_bytes(record), align).bytes};
}

}  // namespace

const Cell rondo_gru_before_f32 = {
    Kind::gru_before,     Type::f32,           recurrent_f32_check, bytes, run,
    recurrent_f32_output, recurrent_f32_reset, recurrent_f32_parts};

}  // namespace rondo::cell
