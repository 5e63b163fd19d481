// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 GRU cell with the reset after the product: GRU of PyTorch and Keras (gates r, z, n).
#include "cell/gru_s8.hpp"

namespace rondo::cell {
namespace {

void run(const LayerArgs& args) noexcept {
  gru_s8_run(args, [](uint32_t, uint32_t, const int32_t*, const int32_t*, const int32_t*) {});
}

}  // namespace

LayerBytes gru_s8_bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  return {StateS8(record, align).bytes,
          ScratchS8(record, packing, gru_s8_own_bytes(packing), align).bytes};
}

const Cell rondo_gru_s8 = {Kind::gru,           Type::s8,     recurrent_s8_check, gru_s8_bytes, run,
                           recurrent_s8_output, gru_s8_reset, recurrent_s8_parts};

}  // namespace rondo::cell
