// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The steps of an int8 LSTM layer, written once for the plain cell and for the watched one.
#pragma once
#include "cell/recurrent_s8.hpp"

namespace rondo::cell {

// seen(unit, units, t, c) is called after each block.
template <class Seen>
void lstm_s8_run(const LayerArgs& args, Seen seen) noexcept {
  const kernel::S8& kernels = kernels_s8(args);
  RecurrentS8 net(args);
  WalkS8 walk(args);
  int32_t* const t = net.t();
  net.each_step([&] {
    net.start(walk);
    do {
      const uint32_t unit = walk.unit;
      walk.add_state(walk.input_part(), t);
      kernels.lstm_s8({t, walk.units, net.main() + unit, net.h8(unit), net.h16(unit)});
      seen(unit, walk.units, t, net.main() + unit);
    } while (walk.next());
  });
}

void lstm_s8_reset(const LayerArgs& args) noexcept;

}  // namespace rondo::cell
