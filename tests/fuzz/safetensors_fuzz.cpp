// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Any bytes as a .safetensors file and as a checkpoint. What is read can be written, and reads the
// same again.
#include "base/error.hpp"
#include "formats/checkpoint.hpp"
#include "formats/safetensors.hpp"
#include "fuzz.hpp"

using namespace rondo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static fuzz::MemoryFile file;
  try {
    const tool::TensorFile read = tool::parse_safetensors({data, size}, "input");
    const auto bytes = tool::format_safetensors(read, "input");
    fuzz::require(tool::parse_safetensors(bytes, "again").tensors.size() == read.tensors.size());
    tool::read_checkpoint(file.fill({data, size}));
  } catch (const tool::Error&) {
  }
  return 0;
}
