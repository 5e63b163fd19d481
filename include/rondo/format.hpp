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
// all their gates, gate after gate: (gates, units). The number of units is padded to a multiple of
// 4, so every block has a multiple of 4 rows. Multipliers, biases and row sums stand in the same
// order of rows.
// A block of int8 weights consists of tiles of rows, and within a tile the inputs go by groups of
// K: w[tile][group][row][K]. So a kernel reads a block from front to back, with one accumulator for
// each row of a tile. A block of floats is w[input][row].
enum class Packing : uint8_t {
  host = 0,      // blocks of up to 64 rows, which are one tile; K = 4; row sums stored
  cortex_m = 1,  // blocks of up to 32 rows, tiles of 4; K = 4, stored in the order 0, 2, 1, 3, so
                 // that SXTB16 gives pairs of neighbors
  helium = 2,    // blocks of up to 32 rows, tiles of 4; K = 16
};
constexpr uint8_t k_packings = 3;
constexpr uint32_t k_block_rows = 64;  // the most of any packing: what a kernel may count on

enum class Type : uint8_t { f32 = 0, s8 = 1 };

// What a model reads, and what goes from layer to layer.
enum class Format : uint8_t {
  token = 0,  // a number 0 .. inputs - 1, standing for a one-hot vector
  f32 = 1,    // vectors of float
  s16 = 2,    // vectors of int16: a real input in steps, or a 16-bit activation
  s8 = 3,     // the same in int8
  s32 = 4,    // scores in Q15.16
};
constexpr uint32_t size_of(Format format) noexcept {
  return format == Format::s8 ? 1 : format == Format::s16 ? 2 : 4;
}

enum class Kind : uint8_t {
  lstm = 0,
  gru = 1,         // reset after the product, as PyTorch and Keras have it
  gru_before = 2,  // reset before the product, as ONNX has it by default
  rnn = 3,         // Elman
  linear = 4,      // the scores
  dense = 5,       // a layer without state anywhere in the chain; of tokens: an embedding
  pool = 6,        // over time: the last vector, the mean or the maximum so far
  skip = 7,        // adds the model's input to the scores
};
constexpr uint8_t k_kinds = 8;

enum class Activation : uint8_t { none = 0, tanh = 1, sigmoid = 2, relu = 3 };
constexpr uint8_t k_activations = 4;
enum class Pool : uint8_t { last = 0, mean = 1, max = 2 };
constexpr uint8_t k_pools = 3;

// A bidirectional layer is two records with the same input: `forward`, then `backward`, which goes
// through the sequence from its end. Their outputs stand side by side: (forward, backward).
enum class Direction : uint8_t { only = 0, forward = 1, backward = 2 };

// Gates of an LSTM in the order of PyTorch: input i, forget f, candidate g, output o; of a GRU:
// reset r, update z, candidate n.
constexpr uint32_t k_lstm_gates = 4;
constexpr uint32_t k_gru_gates = 3;

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
  Format input;             // what step takes: token, f32 (f32 models), s16 or s8 (int8 models)
  uint8_t reserved[3];      // 0
  uint32_t mean;            // int8 models with real input: float[I]; else 0
  uint32_t inv_step;        // int8 models with real input: float[I]; else 0
  uint32_t metadata;        // offset; 0 where there is none
  uint32_t metadata_bytes;  //
  uint32_t max_steps;       // of a sequence, bidirectional models; else 0
  uint32_t padding;         // 0
};
static_assert(sizeof(ImageHeader) == 64 && alignof(ImageHeader) == 4, "part of the format");
constexpr size_t k_crc_from = offsetof(ImageHeader, version);
constexpr uint8_t k_most_layers = 32;
constexpr uint32_t k_most_units = 16384;   // rows of a layer stay below 2^16
constexpr uint32_t k_most_inputs = 65536;  // I, H or V

constexpr uint32_t k_most_steps = 65536;

// clang-format off
// Arrays of a record (rows padded as the packing says; a token has no groups: its column is one row
// of w). The arrays of gru_before are those of its gates r, z, and behind them those of n, each in
// blocks of its own.
//                                 f32 layer      s8 layer
//   w        input weights        float, packed  int8, packed; tokens: [token][row]
//   u        recurrent weights    float, packed  int8, packed; 0 where there is no recurrence
//   scale_w  requantizing w       0              int32[rows] > 0
//   scale_u  requantizing u       0              int32[rows] > 0; 0 where there is no recurrence
//   bias                          float[rows]    int32[rows]: Q12.19; Q15.16 in linear; see dense
//            gru: each block has a fourth gate, the bias of n that stands inside the reset
//   sums_w   sums of packed rows  0              int32[rows], packing host only
//   sums_u   the same of u        0              int32[rows], packing host only
//   initial  state after a reset  float[units]: LSTM c, h; others h
//                                                int32[units]: LSTM c Q9.22, h Q0.15; GRU h Q1.30;
//                                                RNN h Q0.15; offset 0: all zero
//
// The bias of an int8 dense layer, and so its pre-activation, is Q12.19 before tanh and sigmoid;
// before none and ReLU it counts 2^-8 of a step of the output, or is Q15.16 where that is s32.
// pool has no arrays, skip in f32 neither; skip in int8 has scale_w int32[outputs] > 0 and bias
// int32[outputs], Q15.16 (what the mean of the input adds), both without padding.
// clang-format on
struct LayerRecord {
  Kind kind;
  Type type;
  Format input;
  Format output;
  Format recurrent;  // what u reads: f32, s16 or s8; token where there is no u. skip: the model's
                     // input
  uint8_t mode;      // an Activation (rnn, dense) or a Pool; else 0
  Direction direction;
  uint8_t shift_w;  // kx of numeric.hpp; 0 in f32
  uint8_t shift_u;  // kh
  uint8_t cell;     // 0; in a loaded Model: which of its cells runs this layer
  uint8_t reserved[2];
  uint32_t inputs;
  uint32_t outputs;  // units
  uint32_t w;
  uint32_t u;
  uint32_t scale_w;
  uint32_t scale_u;
  uint32_t bias;
  uint32_t sums_w;
  uint32_t sums_u;
  uint32_t initial;
  uint32_t state;  // 0; in a loaded Model: where in the state this layer's part starts
};
static_assert(sizeof(LayerRecord) == 56 && alignof(LayerRecord) == 4, "part of the format");

// The shape of a layer's blocks. Used by the writer, by load and by the cells alike.
struct Shape {
  uint32_t gates;        // rows of a unit
  uint32_t units;        // padded
  uint32_t block_units;  // units of a full block; the last one may have fewer
  uint32_t tile_rows;    // rows of a tile; 0: the whole block is one
  uint32_t group;        // K

  constexpr uint32_t rows() const noexcept { return gates * units; }
  constexpr uint32_t padded(uint32_t inputs) const noexcept {
    return static_cast<uint32_t>(round_up(inputs, group));
  }
};

constexpr uint32_t gates_of(Kind kind) noexcept {
  return kind == Kind::lstm                              ? k_lstm_gates
         : kind == Kind::gru || kind == Kind::gru_before ? k_gru_gates
                                                         : 1;
}

constexpr bool is_recurrent(Kind kind) noexcept {
  return kind == Kind::lstm || kind == Kind::gru || kind == Kind::gru_before || kind == Kind::rnn;
}

constexpr uint32_t block_rows(Packing packing) noexcept {
  return packing == Packing::host ? k_block_rows : k_block_rows / 2;
}

// Units of a full block: its rows divided by the gates, three counted as four; without a division,
// which small cores lack.
constexpr uint32_t block_units_of(uint32_t gates, Packing packing) noexcept {
  return block_rows(packing) >> (gates == 1 ? 0 : gates == 2 ? 1 : 2);
}

constexpr Shape shape_of(uint32_t gates, Type type, uint32_t units, Packing packing) noexcept {
  const uint32_t padded = static_cast<uint32_t>(round_up(units, 4));
  const uint32_t block_units = block_units_of(gates, packing);
  if (type == Type::f32) return {gates, padded, block_units, 0, 1};
  if (packing == Packing::host) return {gates, padded, block_units, 0, 4};
  return {gates, padded, block_units, 4, packing == Packing::helium ? 16U : 4U};
}

}  // namespace rondo
