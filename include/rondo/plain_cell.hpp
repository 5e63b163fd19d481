// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// PlainCell: one recurrent float cell for users who have weights in memory and no image. The same
// cells and kernels as behind Stream.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "rondo/arena.hpp"
#include "rondo/cells.hpp"
#include "rondo/isa.hpp"
#include "rondo/status.hpp"

namespace rondo {

// A layer as PyTorch has it: matrices row-major, gate after gate (i, f, g, o; r, z, n).
struct PlainWeights {
  uint32_t inputs;         // I, 1 .. k_most_inputs
  uint32_t units;          // H, 1 .. k_most_units
  const float* weight_ih;  // (gates * H, I)
  const float* weight_hh;  // (gates * H, H)
  const float* bias_ih;    // (gates * H), or nullptr: zeros
  const float* bias_hh;    // the same
  Activation activation;   // of cell::rnn_f32; none for the others
};

class PlainCell {
 public:
  // What bind takes of an arena whose first byte is aligned to k_arena_align.
  static size_t arena_bytes(const Cell& cell, const PlainWeights& weights) noexcept;

  // cell: cell::lstm_f32, gru_f32, gru_before_f32 or rnn_f32; only the one that is named is linked.
  // Copies the weights into the arena, in the order of the kernels, and resets. bad_layout: another
  // cell, or a size out of range; arena_too_small; isa_not_available. On failure nothing changes.
  Status bind(const Cell& cell, const PlainWeights& weights, Arena& arena,
              Isa isa = isa_best()) noexcept;

  // Below: only after bind.
  void reset() noexcept;  // h, and c of an LSTM, to zero
  // x: (I). NaN and infinities as in Stream::step_f32.
  void step(const float* x) noexcept;
  // x: (steps, I); h: (steps, H), after each step, or nullptr. The same bits as single steps.
  void run(const float* x, size_t steps, float* h) noexcept;
  const float* h() const noexcept;  // (H) after the last step

 private:
  LayerArgs args() const noexcept;

  LayerRecord record_ = {};
  const Cell* cell_ = nullptr;
  const void* kernels_ = nullptr;
  uint8_t* arrays_ = nullptr;
  uint8_t* state_ = nullptr;
  uint8_t* scratch_ = nullptr;
};

}  // namespace rondo
