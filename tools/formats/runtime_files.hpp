// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The runtime's sources and the templates of tools/formats/bundle as they were when the tools were
// built: the table is written by embed.py. For bundle.cpp.
#pragma once
#include <span>
#include <string_view>

namespace rondo::tool {

struct RuntimeFile {
  std::string_view path;  // from the root of the source tree, such as "src/cell/lstm_s8.cpp"
  std::string_view text;
};

std::span<const RuntimeFile> runtime_files();

}  // namespace rondo::tool
