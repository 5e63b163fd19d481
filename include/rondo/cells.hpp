// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The cells a program links: Model::load takes a list of them, and only what is on the list gets
// into the program. An exported model brings exactly its own list.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "rondo/format.hpp"
#include "rondo/isa.hpp"
#include "rondo/status.hpp"
#include "rondo/view.hpp"

namespace rondo {

// What a cell saw in one step of one block of units: for those who measure the network, such as the
// quantizer. Only the `_watched` cells call it.
struct Watch {
  // t: (gates, units) Q12.19 pre-activations in the order of format.hpp; of a GRU the input's part,
  // and t_h: (3, units) that of h, nullptr elsewhere. state: (units) c in Q9.22 or h in Q1.30 after
  // the step, nullptr in an RNN.
  void (*block)(void* user, size_t layer, size_t first_unit, size_t units, const int32_t* t,
                const int32_t* t_h, const int32_t* state);
  void* user;
};

// What one layer works on: one step, or several steps of a sequence. Pointers are into the image,
// the state, the scratch and the caller's input.
struct LayerArgs {
  const uint8_t* image;
  const LayerRecord* record;
  uint32_t layer;
  Packing packing;
  const void* kernels;     // the table of the model's type that bind chose; see src/kernel
  uint8_t* state;          // this layer's
  uint8_t* scratch;        // shared by the layers, k_arena_align aligned
  uint32_t steps;          // at most those of steps_at_once
  const uint32_t* tokens;  // (steps), outside the vocabulary: no input; nullptr where x is read
  const void* x;           // (steps, inputs) of record->input; nullptr: no input
  size_t x_stride;         // bytes, as all strides
  void* y;                 // (steps, outputs) of record->output; nullptr: only the state is wanted
  size_t y_stride;
  const void* input;  // what the model reads, as x: for skip
  size_t input_stride;
  const Watch* watch;  // or nullptr
};

// Steps that the layers take at a time in a run: products then read their weights once for all of
// them. Microcontrollers, whose scratch is dear, take one. Floats take so many that W and U, which
// together may be too large for the second-level cache, seldom drive one another out of it.
constexpr uint32_t steps_at_once(Packing packing, Type type = Type::s8) noexcept {
#ifdef RONDO_FIXED_ISA
  return (void)packing, (void)type, 1;
#else
  if (packing != Packing::host) return 1;
  return type == Type::f32 ? 24 : 8;
#endif
}

struct LayerBytes {
  uint32_t state;
  uint32_t scratch;
};

// A piece of the state that a saved blob holds.
struct StatePart {
  uint32_t offset;  // in the layer's state
  uint32_t bytes;
  int32_t limit;  // 0, or the greatest magnitude of its int32 numbers: a restored one is cut to it
};
constexpr uint32_t k_most_parts = 4;

namespace cell {
struct RowsS8;
}

// What load proves of the numbers in an image. Cells get the table, or nullptr where only the
// layout is checked: a program whose images are verified already (Check::layout) does not link the
// proofs.
struct Proofs {
  uint32_t (*crc)(const uint8_t* bytes, size_t size) noexcept;
  bool (*rows)(const cell::RowsS8& rows) noexcept;
  bool (*initial)(View<const uint8_t> image, const LayerRecord& record) noexcept;
  bool (*finite)(View<const uint8_t> image, uint32_t offset, uint64_t count) noexcept;
};
extern const Proofs k_proofs;

// One kind of layer in one type. Users only name them; the functions are called by Model and
// Stream.
struct Cell {
  Kind kind;
  Type type;
  // Whether the arrays lie inside the image and (proofs) keep the promises of numeric.hpp.
  Status (*check)(View<const uint8_t> image, const LayerRecord& record, Packing packing,
                  const Proofs* proofs) noexcept;
  LayerBytes (*bytes)(const LayerRecord& record, Packing packing, size_t align) noexcept;
  void (*run)(const LayerArgs& args) noexcept;
  // The three of a layer with a state; nullptr elsewhere.
  // The outputs of the last step: what the next layer reads.
  const void* (*output)(const LayerArgs& args) noexcept;
  // The state from record->initial. Called where that is not 0, on a state of zeros.
  void (*reset)(const LayerArgs& args) noexcept;
  // The pieces of the state; returns how many.
  uint32_t (*parts)(const LayerRecord& record, Packing packing, StatePart* parts) noexcept;
};

namespace cell {
// The objects have C linkage, so that rondo.h can name them.
extern "C" {
extern const Cell rondo_lstm_s8;
extern const Cell rondo_lstm_s8_watched;
extern const Cell rondo_gru_s8;
extern const Cell rondo_gru_s8_watched;
extern const Cell rondo_gru_before_s8;
extern const Cell rondo_rnn_s8;
extern const Cell rondo_rnn_s8_watched;
extern const Cell rondo_linear_s8;
extern const Cell rondo_dense_s8;
extern const Cell rondo_pool_s8;
extern const Cell rondo_skip_s8;
extern const Cell rondo_lstm_f32;
extern const Cell rondo_gru_f32;
extern const Cell rondo_gru_before_f32;
extern const Cell rondo_rnn_f32;
extern const Cell rondo_linear_f32;
extern const Cell rondo_dense_f32;
extern const Cell rondo_pool_f32;
extern const Cell rondo_skip_f32;
}
inline constexpr const Cell& lstm_s8 = rondo_lstm_s8;
inline constexpr const Cell& lstm_s8_watched = rondo_lstm_s8_watched;
inline constexpr const Cell& gru_s8 = rondo_gru_s8;
inline constexpr const Cell& gru_s8_watched = rondo_gru_s8_watched;
inline constexpr const Cell& gru_before_s8 = rondo_gru_before_s8;
inline constexpr const Cell& rnn_s8 = rondo_rnn_s8;
inline constexpr const Cell& rnn_s8_watched = rondo_rnn_s8_watched;
inline constexpr const Cell& linear_s8 = rondo_linear_s8;
inline constexpr const Cell& dense_s8 = rondo_dense_s8;
inline constexpr const Cell& pool_s8 = rondo_pool_s8;
inline constexpr const Cell& skip_s8 = rondo_skip_s8;
inline constexpr const Cell& lstm_f32 = rondo_lstm_f32;
inline constexpr const Cell& gru_f32 = rondo_gru_f32;
inline constexpr const Cell& gru_before_f32 = rondo_gru_before_f32;
inline constexpr const Cell& rnn_f32 = rondo_rnn_f32;
inline constexpr const Cell& linear_f32 = rondo_linear_f32;
inline constexpr const Cell& dense_f32 = rondo_dense_f32;
inline constexpr const Cell& pool_f32 = rondo_pool_f32;
inline constexpr const Cell& skip_f32 = rondo_skip_f32;
}  // namespace cell

using CellList = View<const Cell* const>;

// Every cell there is: the default of the hosts. A firmware names its own few instead.
extern const Cell* const k_all_cells[16];
inline CellList all_cells() noexcept {
  return k_all_cells;
}

}  // namespace rondo
