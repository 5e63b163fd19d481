// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float Elman cell: h = f(W x + U h + b) with f one of tanh, ReLU, sigmoid or none (the
// classroom network).
#include "base/no_contraction.hpp"

#include "cell/activate_f32.hpp"
#include "cell/recurrent_f32.hpp"

namespace rondo::cell {
namespace {

void run(const LayerArgs& args) noexcept {
  RecurrentF32 net(args, 0);
  WalkF32 walk(args);
  float* const t = net.t();
  net.each_step([&] {
    net.start(walk);
    do {
      walk.add_state(walk.input_part(), t);
      activate_f32(args, t, walk.units, net.h() + walk.unit);
    } while (walk.next());
  });
}

LayerBytes bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  return {StateF32(record, align).bytes, ScratchF32(record, packing, 0, align).bytes};
}

}  // namespace

const Cell rondo_rnn_f32 = {
    Kind::rnn,           Type::f32,          recurrent_f32_check, bytes, run, recurrent_f32_output,
    recurrent_f32_reset, recurrent_f32_parts};

}  // namespace rondo::cell
