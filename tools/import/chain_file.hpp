// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// An imported network on disk: a .safetensors checkpoint of the task "chain", whose metadata lists
// the layers and whose tensors are named as PyTorch would (layers.0.weight_ih_l0, ...). Written by
// import, read by predict, quantize, inspect and export. Trained networks are in
// formats/checkpoint.hpp.
#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "formats/safetensors.hpp"
#include "import/imported.hpp"

namespace rondo::tool {

inline constexpr const char* k_chain = "chain";

// Whether the file is a checkpoint of that task; false too where it is no checkpoint at all.
bool is_chain(const std::filesystem::path& path);

// Throws Error naming file, field or tensor and what was expected.
ImportedModel read_chain(const std::filesystem::path& path);
void write_chain(const std::filesystem::path& path, const ImportedModel& model);

// Of the images made of it: task, classes, source.
nlohmann::json description_of(const ImportedModel& model);

// The tensors of one layer with PyTorch's names behind `prefix`. `end`: what stands behind
// weight_ih of a layer with a state, such as "_l0".
void append_tensors(const ImageLayer& layer, const std::string& prefix, const std::string& end,
                    std::vector<Tensor>& tensors);

}  // namespace rondo::tool
