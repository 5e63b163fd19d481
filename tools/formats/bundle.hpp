// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A bundle: an exported model with the sources of the runtime that it needs, and build files for
// CMake, PlatformIO, Arduino and Zephyr. The sources come from the table that the build made, so
// the installed tool needs no source tree. Called by rondo export.
#pragma once
#include <string>
#include <vector>

#include "formats/header.hpp"

namespace rondo::tool {

struct BundleFile {
  std::string path;  // inside the bundle's folder, with forward slashes
  std::string text;
};

struct Bundle {
  std::vector<BundleFile> files;  // sorted by path
  HeaderFiles model;
};

// `name` is a C identifier: of the model and of the library.
Bundle bundle_of(const ImageContent& content, const Target& target, const std::string& name);

}  // namespace rondo::tool
