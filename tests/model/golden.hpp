// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The vectors of data/golden as plain arrays, for the tests that build images from the weights of
// PyTorch.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "formats/image.hpp"
#include "formats/safetensors.hpp"

namespace rondo::test {

class Golden {
 public:
  explicit Golden(const std::filesystem::path& path)
      : place_(path.string()), file_(tool::read_safetensors(path)) {}

  const std::vector<float>& floats(const std::string& name) const {
    return std::get<std::vector<float>>(tool::find_tensor(file_, name, place_).values);
  }
  const std::vector<std::int64_t>& integers(const std::string& name) const {
    return std::get<std::vector<std::int64_t>>(tool::find_tensor(file_, name, place_).values);
  }
  std::uint32_t number(const std::string& key) const {
    return static_cast<std::uint32_t>(std::stoul(file_.metadata.at(key)));
  }
  const std::string& text(const std::string& key) const { return file_.metadata.at(key); }

 private:
  std::string place_;
  tool::TensorFile file_;
};

// Elements at .. at + size - 1.
inline std::vector<float> slice(const std::vector<float>& values, std::size_t at,
                                std::size_t size) {
  const auto from = values.begin() + static_cast<std::ptrdiff_t>(at);
  return {from, from + static_cast<std::ptrdiff_t>(size)};
}

// A linear layer whose outputs are its inputs first .. first + outputs - 1.
inline tool::ImageLayer picking_layer(std::uint32_t inputs, std::uint32_t first,
                                      std::uint32_t outputs) {
  tool::ImageLayer layer;
  layer.kind = Kind::linear;
  layer.type = Type::f32;
  layer.input = layer.output = Format::f32;
  layer.inputs = inputs;
  layer.outputs = outputs;
  layer.w.f32.resize(std::size_t{outputs} * inputs);
  for (std::size_t i = 0; i < outputs; ++i) layer.w.f32[i * inputs + first + i] = 1;
  layer.bias_f32.resize(outputs);
  return layer;
}

}  // namespace rondo::test
