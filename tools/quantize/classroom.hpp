// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The classroom RNN as a float image. The runtime has no cell for it and needs none: it is an Elman
// layer without activation, of H + O units of which nobody reads the last O back, below a linear
// layer that picks these. Called by float_content.
#pragma once
#include "formats/checkpoint.hpp"
#include "formats/image.hpp"

namespace rondo::tool {

ImageContent classroom_content(const Checkpoint& checkpoint);

}  // namespace rondo::tool
