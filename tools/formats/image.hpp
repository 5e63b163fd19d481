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
  Format input = Format::token;
  Format output = Format::s8;
  Format recurrent = Format::token;  // what u reads; token where there is no u
  std::uint8_t mode = 0;             // an Activation or a Pool
  Direction direction = Direction::only;
  std::uint32_t inputs = 0;
  std::uint32_t outputs = 0;
  ImageMatrix w;                          // empty in pool
  ImageMatrix u;                          // (gates * outputs, outputs), where there is recurrence
  std::vector<float> bias_f32;            // (rows); gru: and (outputs) more, inside the reset
  std::vector<std::int32_t> bias_s32;     // the same: Q12.19; Q15.16 in linear and skip
  std::vector<float> initial_f32;         // empty: zeros; LSTM c and h, others h
  std::vector<std::int32_t> initial_s32;  // the same in the formats of LayerRecord
};

struct ImageContent {
  Format input = Format::token;
  std::uint32_t inputs = 0;
  std::uint32_t outputs = 0;
  std::uint32_t max_steps = 0;  // bidirectional models
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

// Names for people and for generated code.
const char* name_of(Kind kind);        // "lstm", "gru_before", ...
const char* name_of(Format format);    // "token", "s16", ...
const char* name_of(Packing packing);  // "host", "cortex_m", "helium"

// CRC-32 of everything but metadata and version, in an order that no packing changes.
std::uint32_t model_id_of(const ImageContent& content);

}  // namespace rondo::tool
