// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The range of a dense layer without bounds (none, ReLU) within an imported network, from which its
// int8 form gets its step. Called by quantize_chain.
#pragma once
#include <cstddef>

#include "formats/image.hpp"
#include "import/series.hpp"

namespace rondo::tool {

// The greatest |output| of layer `last`, which is dense, on the data.
double range_of(const ImageContent& chain, std::size_t last, const Series& data);

}  // namespace rondo::tool
