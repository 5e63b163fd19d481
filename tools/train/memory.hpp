// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What training takes of the machine's memory, by purpose; the data are not in it. Trainer::reserve
// fills it in.
#pragma once
#include <cstddef>

#include "train/network.hpp"

namespace rondo::tool {

struct MemoryUse {          // bytes
  std::size_t parameters;   // of the network
  std::size_t gradients;    // a block for each thread
  std::size_t optimizer;    // Adam's two averages
  std::size_t activations;  // what forward keeps for backward, and the state that is carried

  std::size_t total() const { return parameters + gradients + optimizer + activations; }
};

// What a pass holds.
std::size_t bytes_of(const Pass<float>& pass);

}  // namespace rondo::tool
