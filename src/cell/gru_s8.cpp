// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 GRU cell with the reset after the product: GRU of PyTorch and Keras (gates r, z, n).
#include "cell/gru_s8.hpp"

namespace rondo::cell {
namespace {

void run(const LayerArgs& args) noexcept {
  if (takes_whole_steps(args)) return take_whole_steps(args);
  gru_s8_run(args, [](uint32_t, uint32_t, const int32_t*, const int32_t*, const int32_t*) {});
}

}  // namespace

const Cell rondo_gru_s8 = {Kind::gru,
                           Type::s8,
                           layer_s8_check,
                           recurrent_s8_bytes,
                           run,
                           recurrent_s8_output,
                           k_has_initial ? gru_s8_reset : nullptr,
                           recurrent_s8_parts};

}  // namespace rondo::cell
