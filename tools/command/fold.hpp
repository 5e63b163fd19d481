// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A network was trained on normalized numbers; after this it takes and gives the raw ones, since
// its first and last layers do the scaling. Called at the end of training on recordings.
#pragma once
#include <span>

#include "data/recordings.hpp"
#include "train/network.hpp"

namespace rondo::tool {

// `targets` is empty in classification. A feature that never changed in training (deviation 0)
// loses its weights, as normalize() made it 0.
void fold(const Network& net, const Scaling& features, const Scaling& targets,
          std::span<float> parameters);

}  // namespace rondo::tool
