// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The bytes of a `.rondo` image: header, layer records, arrays, metadata. Read by Model::load,
// which believes none of it, and written by the tools. Format 0: may change until release 0.1.0.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "rondo/arena.hpp"

namespace rondo {

// All numbers are little-endian; every offset counts bytes from the start of the image and is a
// multiple of 4, and so is the address of the image. Gaps are zero.
//
//   ImageHeader
//   LayerRecord[layers]        in the order in which data goes through them
//   arrays                     of each record, in any order
//   metadata                   JSON for the tools (classes, alphabet, split); `export` drops it

constexpr uint32_t k_image_magic = 0x4F444E52;  // "RNDO"
constexpr uint16_t k_format_version = 0;

// How the weights lie in memory, so that no step rearranges anything.
//
// The rows of a layer (one for each unit and gate) stand in blocks. A block holds whole units with
// all their gates, gate after gate: (gates, units). Within a block the inputs go by groups of K,
// and each group holds K consecutive weights of every row: w[group][row][K]. So a kernel reads a
// block from front to back, with one accumulator for each row. Multipliers, biases and row sums
// stand in the same order of rows.
enum class Packing : uint8_t {
  host = 0,      // 64 rows a block at most, K = 4, units padded to 4; row sums stored
  cortex_m = 1,  // 4 rows a block (one unit of an LSTM), K = 4, units not padded
};
constexpr uint8_t k_packings = 2;
constexpr uint32_t k_block_rows = 64;  // the most of any packing: what a kernel may count on

enum class Type : uint8_t { f32 = 0, s8 = 1 };

// What a model reads, or what a layer takes in.
enum class Input : uint8_t {
  token = 0,  // a number 0 .. inputs - 1, standing for a one-hot vector
  f32 = 1,    // vectors of float
  s16 = 2,    // vectors of int16: a real input in steps, or a 16-bit activation
  s8 = 3,     // the same in int8
};

enum class Kind : uint8_t { lstm = 0, linear = 1 };

// Gates of an LSTM in the order of PyTorch: input i, forget f, candidate g, output o.
constexpr uint32_t k_lstm_gates = 4;

struct ImageHeader {
  uint32_t magic;           // k_image_magic
  uint32_t crc;             // CRC-32 of the bytes from `version` to the end
  uint16_t version;         // k_format_version
  Packing packing;          //
  uint8_t layers;           // 1 .. k_most_layers
  uint32_t bytes;           // of the whole image
  uint32_t model_id;        // CRC-32 of the model before packing: the same model, the same states
  uint32_t user_version;    // the user's own; the runtime only shows it
  uint32_t features;        // bits that a reader must know; none is defined yet
  uint32_t inputs;          // I, or the size of the vocabulary
  uint32_t outputs;         // scores
  Input input;              // what step takes: token, f32 (f32 models), s16 or s8 (int8 models)
  uint8_t reserved[3];      // 0
  uint32_t mean;            // int8 models with real input: float[I]; else 0
  uint32_t inv_step;        // int8 models with real input: float[I]; else 0
  uint32_t metadata;        // offset; 0 where there is none
  uint32_t metadata_bytes;  //
  uint32_t padding[2];      // 0
};
static_assert(sizeof(ImageHeader) == 64 && alignof(ImageHeader) == 4, "part of the format");
constexpr size_t k_crc_from = offsetof(ImageHeader, version);
constexpr uint8_t k_most_layers = 32;
constexpr uint32_t k_most_units = 16384;   // rows of a layer stay below 2^16
constexpr uint32_t k_most_inputs = 65536;  // I, H or V

// clang-format off
// Arrays of a record (rows padded as the packing says; a token has no groups: its column is one row
// of w):
//                                 f32 layer      s8 layer
//   w        input weights        float, packed  int8, packed; tokens: [token][row]
//   u        recurrent weights    float, packed  int8, packed; 0 in linear
//   scale_w  requantizing w       0              int32[rows] > 0
//   scale_u  requantizing u       0              int32[rows] > 0; 0 in linear
//   bias                          float[rows]    int32[rows]: Q12.19; Q15.16 in linear
//   sums_w   sums of packed rows  0              int32[rows], packing host only
//   sums_u   the same of u        0              int32[rows], packing host only
// clang-format on
struct LayerRecord {
  Kind kind;
  Type type;
  Input input;
  uint8_t wide;     // 1: h is kept in 16 bits too, for the head (s8 LSTM); else 0
  uint8_t shift_w;  // kx of numeric.hpp; 0 in f32
  uint8_t shift_u;  // kh
  uint8_t cell;     // 0; in a loaded Model: which of its cells runs this layer
  uint8_t reserved;
  uint32_t inputs;
  uint32_t outputs;  // units
  uint32_t w;
  uint32_t u;
  uint32_t scale_w;
  uint32_t scale_u;
  uint32_t bias;
  uint32_t sums_w;
  uint32_t sums_u;
  uint32_t state;  // 0; in a loaded Model: where in the state this layer's part starts
};
static_assert(sizeof(LayerRecord) == 48 && alignof(LayerRecord) == 4, "part of the format");

// The shape of a layer's blocks. Used by the writer, by load and by the cells alike.
struct Shape {
  uint32_t gates;        // rows of a unit
  uint32_t units;        // padded
  uint32_t block_units;  // units of a full block; the last one may have fewer
  uint32_t group;        // K

  constexpr uint32_t rows() const noexcept { return gates * units; }
  constexpr uint32_t padded(uint32_t inputs) const noexcept {
    return static_cast<uint32_t>(round_up(inputs, group));
  }
};

constexpr uint32_t gates_of(Kind kind) noexcept {
  return kind == Kind::lstm ? k_lstm_gates : 1;
}

constexpr Shape shape_of(Kind kind, Type type, uint32_t units, Packing packing) noexcept {
  const uint32_t gates = gates_of(kind);
  const uint32_t group = type == Type::f32 ? 1 : 4;
  if (packing == Packing::cortex_m) return {gates, units, 4 / gates, group};
  return {gates, static_cast<uint32_t>(round_up(units, 4)), k_block_rows / gates, group};
}

}  // namespace rondo
