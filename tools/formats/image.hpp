// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// `.rondo` images on the host: a model as plain matrices (ImageContent), packed into an image for
// one kind of core, and taken apart again (export repacks for its target). Formats and packings:
// rondo/format.hpp. Quantizing is not done here.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <rondo/format.hpp>

namespace rondo::tool {

// One matrix: rows gate after gate as PyTorch has them (row = gate * units + unit).
struct ImageMatrix {
  std::vector<float> f32;           // (rows, inputs), f32 models
  std::vector<std::int8_t> s8;      // (rows, inputs), int8 models, -127 .. 127
  std::vector<std::int32_t> scale;  // (rows), int8 models: multiplier of rdmulh32, > 0
  std::uint8_t shift = 0;
};

struct ImageLayer {
  Kind kind = Kind::lstm;
  Type type = Type::s8;
  Input input = Input::token;
  bool wide = false;  // int8 LSTM: h in 16 bits too
  std::uint32_t inputs = 0;
  std::uint32_t outputs = 0;
  ImageMatrix w;
  ImageMatrix u;                       // (4 * outputs, outputs); empty in linear
  std::vector<float> bias_f32;         // (rows)
  std::vector<std::int32_t> bias_s32;  // (rows) Q12.19, or Q15.16 in linear
};

struct ImageContent {
  Input input = Input::token;
  std::uint32_t inputs = 0;
  std::uint32_t outputs = 0;
  std::uint32_t user_version = 0;
  std::vector<float> mean, inv_step;  // (inputs), int8 models with real input
  std::vector<ImageLayer> layers;
  std::string metadata;  // JSON, may be empty
};

// The image; `Model::load` accepts it. Throws std::logic_error where shapes do not fit together.
std::vector<std::uint8_t> pack(const ImageContent& content, Packing packing);

// The content of an image that Model::measure has accepted. pack(unpack(image), packing) gives the
// same bytes again.
ImageContent unpack(std::span<const std::uint8_t> image);

// CRC-32 of everything but metadata and version, in an order that no packing changes.
std::uint32_t model_id_of(const ImageContent& content);

}  // namespace rondo::tool
