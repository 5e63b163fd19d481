// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Reads and writes .safetensors files: 8 bytes of header length, a JSON header, raw little-endian
// data. Checkpoints, imports and the golden vectors are such files. Knows nothing of networks.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rondo::tool {

// F32, F64 and I64 in the file, in row-major order. F16 and BF16 are read as floats.
using Values = std::variant<std::vector<float>, std::vector<double>, std::vector<std::int64_t>>;

struct Tensor {
  std::string name;
  std::vector<std::size_t> shape;  // empty for a scalar
  Values values;                   // as many as the product of the shape
};

struct TensorFile {
  std::vector<Tensor> tensors;  // in the order of their data
  std::map<std::string, std::string> metadata;
};

// Checks everything about the file before it trusts any of it; throws Error naming the file, the
// tensor and what was expected. parse_safetensors does the same for bytes; `place` stands for the
// file in its messages.
TensorFile read_safetensors(const std::filesystem::path& path);
TensorFile parse_safetensors(std::span<const std::uint8_t> bytes, const std::string& place);

// The bytes of a file, tensors in the order given. Throws Error naming `place` and the tensor
// where a name is used twice or a shape does not fit its values.
std::vector<std::uint8_t> format_safetensors(const TensorFile& file, const std::string& place);
void write_safetensors(const std::filesystem::path& path, const TensorFile& file);

// The tensor of that name; throws Error naming `place` where there is none.
const Tensor& find_tensor(const TensorFile& file, std::string_view name, const std::string& place);

// The values of a tensor that must be float32 and of that shape; else throws Error naming `place`.
const std::vector<float>& floats_of(const Tensor& tensor, std::span<const std::size_t> shape,
                                    const std::string& place);

// Throws Error naming `place`, the tensor and the index of its first NaN or infinity.
void require_finite(const Tensor& tensor, const std::string& place);

// "(512, 57)", for messages.
std::string shape_text(std::span<const std::size_t> shape);

}  // namespace rondo::tool
