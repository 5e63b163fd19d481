// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Training a generator of names from a folder: the work behind `rondo train generate`.
#pragma once
#include "command/train_classify.hpp"

namespace rondo::tool {

// What differs from a classifier's settings: chosen on the validation side of the 18 languages.
// CellKind::classroom stands for the class's generator.
ClassifyOptions generate_defaults();

// The checkpoint holds the parameters of the last epoch; where patience is given, of the epoch with
// the least validation loss. Nothing is written before that is known to be complete.
void train_generate(const ClassifyOptions& options, const Console& console);

}  // namespace rondo::tool
