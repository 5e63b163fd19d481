// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo/features.hpp of a bundle: the runtime's own file with the constants of one model, which
// takes the code for all others out of the bundle. Called by bundle.cpp.
#pragma once
#include <string>
#include <string_view>

#include "formats/image.hpp"

namespace rondo::tool {

// text: rondo/features.hpp as the runtime has it.
std::string features_of(const ImageContent& content, std::string_view text);

}  // namespace rondo::tool
