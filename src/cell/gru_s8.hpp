// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The steps of an int8 GRU layer with the reset after the product, written once for the plain cell
// and for the watched one. W's and U's parts stay apart until the pointwise kernel, since r
// multiplies U's part of n alone.
#pragma once
#include "cell/recurrent_s8.hpp"

namespace rondo::cell {

// seen(unit, units, t_x, t_h, h) is called after each block.
template <class Seen>
void gru_s8_run(const LayerArgs& args, Seen seen) noexcept {
  const kernel::S8& kernels = kernels_s8(args);
  RecurrentS8 net(args);
  WalkS8 walk(args);
  int32_t* const t_h = in<int32_t>(net.own());
  net.each_step([&] {
    net.start(walk);
    do {
      const uint32_t unit = walk.unit, units = walk.units;
      memset(t_h, 0, size_t{8} * units);
      memcpy(t_h + 2 * units, walk.bias + k_gru_gates * units, size_t{4} * units);
      const int32_t* const t_x = walk.input_part();
      walk.add_state(t_h, t_h);
      kernels.gru_s8({t_x, t_h, units, net.main() + unit, net.h8(unit), net.h16(unit)});
      seen(unit, units, t_x, t_h, net.main() + unit);
    } while (walk.next());
  });
}

}  // namespace rondo::cell
