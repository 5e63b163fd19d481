// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo train lags: the experiment on why gates help. Called by train.cpp; the measure itself is
// train/lags.hpp.
#pragma once
#include "command/command.hpp"

namespace rondo::tool {

// Below `train`.
void add_train_lags(Arguments& train, Console& console);

}  // namespace rondo::tool
