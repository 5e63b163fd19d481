// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Which numbers of a packed batch are dropped in an update. Called by network.cpp; the hash of a
// row is in the kernels.
#pragma once
#include <cstddef>
#include <cstdint>

#include "train/batch.hpp"

namespace rondo::tool {

// What names the units to drop: the same two numbers drop the same units of a sequence, wherever
// in the batch's sorted order it stands and whichever thread computes it.
struct DropoutKey {
  std::uint64_t seed;
  std::uint64_t update;
};

// mask (N, width): 0 for a share of `dropout` of all numbers, else 1 / (1 - dropout). Layers draw
// apart.
template <class T>
void draw_mask(const Packed<T>& packed, std::size_t width, double dropout, const DropoutKey& key,
               std::size_t layer, T* mask);

}  // namespace rondo::tool
