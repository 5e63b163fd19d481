// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Writes NAME.h and NAME.c: an image as one aligned constant array, with the sizes, names and the
// self-test that a firmware needs. Valid C99 and C++17; what is written belongs to the user.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include <rondo/model.hpp>

#include "formats/image.hpp"

namespace rondo::tool {

struct Target {
  const char* name;  // as on the command line
  Packing packing;
  std::size_t align;  // of the arena
};

// cortex-m0, m3, m4, m7, m33, m55, and generic for 64-bit hosts; throws Error listing them for
// others.
const Target& target_from_name(const std::string& name);

struct HeaderFiles {
  std::string header;  // NAME.h
  std::string source;  // NAME.c
  std::size_t image_bytes;
  std::vector<std::uint8_t> image;  // the same bytes as in the source
  ArenaBytes arena;                 // on the target
};

// `name` is a C identifier. The self-test's scores come from the host's own run of the packed
// image.
HeaderFiles header_files(const ImageContent& content, const Target& target,
                         const std::string& name);

// The names of the cells that a model needs, such as lstm_s8, each once.
std::vector<std::string> cells_of(const ImageContent& content);

// Throws Error where `name` cannot be a C identifier.
void require_identifier(const std::string& name);

}  // namespace rondo::tool
