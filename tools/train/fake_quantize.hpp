// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Training that knows of int8: forward and backward run with numbers rounded as an int8 model has
// them, while the optimizer moves the unrounded ones by the same gradient (straight through). Used
// by Trainer. What is left out: the 16-bit formats, whose steps are too small to matter.
#pragma once
#include <cstddef>
#include <cstdint>

#include "train/network.hpp"

namespace rondo::tool {

// `rounded` becomes `parameters` with each row of each matrix in steps of its greatest weight /
// 127, as quantize.cpp has them; biases as they are.
void round_weights(const Network& net, const float* parameters, float* rounded);

// h as matrices read it with 8-bit activations: the nearest multiple of 2^-7, at most 1 - 2^-7.
template <class T>
void round_state(std::size_t count, const T* h, T* rounded);

// Training begins with numbers as they are and ends with a fifth of its updates like this.
constexpr bool is_rounded_part(std::uint64_t update, std::uint64_t updates) {
  return update >= updates - updates / 5;
}

}  // namespace rondo::tool
