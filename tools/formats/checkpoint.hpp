// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A trained float model on disk: a .safetensors file with PyTorch's tensor names (weight_ih_l0,
// ..., linear.weight, linear.bias) and, in its metadata under "rondo", what the model is and how it
// was made. Written by train, read by eval, predict, quantize and inspect.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "formats/safetensors.hpp"
#include "train/shape.hpp"

namespace rondo::tool {

inline constexpr const char* k_names_split =
    "crc32(normalized name as UTF-8) mod 100: below 70 train, below 80 valid, else test";
inline constexpr const char* k_classify = "classify";
inline constexpr const char* k_regress = "regress";
inline constexpr const char* k_generate = "generate";

struct Checkpoint {
  std::string task = k_classify;  // k_regress, k_generate, or "lm", a language model
  NetShape shape;
  std::vector<std::string> classes;  // one for each output; k_regress: the targets
  std::string alphabet;              // one symbol for each token
  // k_generate: what a name may be of. Tokens of their own behind those of the alphabet; or, where
  // the cell has classes, in front of each letter.
  std::vector<std::string> conditions;
  nlohmann::json split = k_names_split;  // what was trained on; a language model's: an object
  nlohmann::json recording;              // of models that read recordings: what columns and windows
  nlohmann::json training;               // settings and figures of the run, for people to read
  std::vector<Tensor> tensors;           // as parameters_of(shape) lists them
};

// Throws Error naming file, field or tensor, and what was expected: not a rondo checkpoint, unknown
// cell, shapes that do not fit, NaN or infinity in a tensor.
Checkpoint read_checkpoint(const std::filesystem::path& path);
void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);

// The part of the description that goes with a quantized model too: task, classes, alphabet, split.
nlohmann::json description_of(const Checkpoint& checkpoint);

// A cell by its name on the command line and in files; throws Error naming `place` and the known
// ones.
CellKind cell_from_name(const std::string& name, const std::string& place);
const char* name_of(CellKind cell);

}  // namespace rondo::tool
