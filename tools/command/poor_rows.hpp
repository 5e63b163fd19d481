// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The rows of weights that lost precision in int8, for people and for reports: of trained networks
// and of imported ones.
#pragma once
#include <vector>

#include "command/command.hpp"
#include "quantize/quantize.hpp"

namespace rondo::tool {

// How many, and the first few.
void say_poor_rows(const Console& console, const std::vector<PoorRow>& rows);
nlohmann::json to_json(const std::vector<PoorRow>& rows);

}  // namespace rondo::tool
