// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// JSON files of weights: parsed with limits on size and depth, arrays of arrays read as matrices.
// Used by the readers of foreign JSON; what the numbers mean is theirs to know.
#pragma once
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "formats/safetensors.hpp"

namespace rondo::tool {

// In the order of the file: the modules of a network stand there as its author wrote them.
using OrderedJson = nlohmann::ordered_json;

// Throws Error naming the file where it is too large, too deep, no JSON, or has a name twice.
OrderedJson read_json(const std::filesystem::path& path);

// Arrays of arrays as a tensor of floats. Throws Error naming `place` and `name` where rows differ
// in length or an element is no number that a float can hold.
Tensor tensor_of(const OrderedJson& value, const std::string& name, const std::string& place);

// The values of a tensor of that shape; else throws Error naming `place`, tensor and shapes.
// `why`: what the shape follows from.
const std::vector<float>& values_of(const Tensor& tensor, std::span<const std::size_t> shape,
                                    const std::string& place, const std::string& why);

// A whole number in a field, 0 to 2^31 - 1. Throws Error naming `place` and the field.
std::size_t count_of(const OrderedJson& object, const char* field, const std::string& place);
std::size_t count_of(const OrderedJson& object, const char* field, const std::string& place,
                     std::size_t fallback);
// A text in a field; where it is missing the fallback.
std::string text_of(const OrderedJson& object, const char* field, const std::string& place,
                    const std::string& fallback);

// (rows, columns) as (columns, rows).
std::vector<float> transposed(const std::vector<float>& w, std::size_t columns);

}  // namespace rondo::tool
