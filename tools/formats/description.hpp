// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The JSON in which a checkpoint or an image describes itself. Read by checkpoints of both kinds
// and by images; what its fields mean is theirs to check.
#pragma once
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace rondo::tool {

// Nothing but an object is an object here: where the text is no JSON the result is none either.
// Throws Error naming `place` where it is nested so deep that copying it would take all the stack.
nlohmann::json parse_description(std::string_view text, const std::string& place);

}  // namespace rondo::tool
