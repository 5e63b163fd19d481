// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The last layer of networks that learn the difference to their input, which several formats of
// guitar amplifiers say in a field of their own. Used by the readers of JSON.
#pragma once
#include <cstddef>

#include "import/chain.hpp"

namespace rondo::tool {

// Adds the first inputs of the network to its outputs. Throws Error where it has fewer of them.
void add_skip(ChainBuilder& builder, std::size_t inputs);

}  // namespace rondo::tool
