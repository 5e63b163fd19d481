// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The steps of an int8 Elman layer, h = tanh(W x + U h + b), written once for the plain cell and
// for the watched one. With ReLU or none the state has no bounds: such networks run in float.
#pragma once
#include "cell/recurrent_s8.hpp"

namespace rondo::cell {

// seen(unit, units, t) is called after each block.
template <class Seen>
void rnn_s8_run(const LayerArgs& args, Seen seen) noexcept {
  const kernel::S8& kernels = kernels_s8(args);
  RecurrentS8 net(args);
  WalkS8 walk(args);
  int32_t* const t = net.t();
  net.each_step([&] {
    net.start(walk);
    do {
      walk.add_state(walk.input_part(), t);
      kernels.tanh_s8({t, walk.units, net.h8(walk.unit), net.h16(walk.unit)});
      seen(walk.unit, walk.units, t);
    } while (walk.next());
  });
}

void rnn_s8_reset(const LayerArgs& args) noexcept;

}  // namespace rondo::cell
