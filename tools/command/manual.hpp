// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A manual page (roff, section 1) of a command, made of what its --help says. Written by `rondo
// help
// --man`.
#pragma once
#include <string>

#include "command/arguments.hpp"

namespace rondo::tool {

// "rondo-train-lm"
std::string page_name_of(const Arguments& command);

std::string manual_page(const Arguments& command, const std::string& version);

}  // namespace rondo::tool
