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
  // t: (4, units) Q12.19 pre-activations in the order i, f, g, o; c: (units) Q9.22 after the step.
  void (*block)(void* user, size_t layer, size_t first_unit, size_t units, const int32_t* t,
                const int32_t* c);
  void* user;
};

// What one layer works on in one step. Pointers are into the image, the state and the scratch.
struct StepArgs {
  const uint8_t* image;
  const LayerRecord* record;
  uint32_t layer;
  Packing packing;
  Isa isa;
  uint8_t* state;      // this layer's
  uint8_t* scratch;    // shared by the layers, k_arena_align aligned
  const void* x;       // the input: float[], int16_t[] or int8_t[], or nullptr for a token
  uint32_t token;      // where x is nullptr; outside the vocabulary: no input
  const Watch* watch;  // or nullptr
};

constexpr uint32_t k_no_token = UINT32_MAX;

struct LayerBytes {
  uint32_t state;
  uint32_t scratch;
};

// One kind of layer in one type. Users only name them; the functions are called by Model and
// Stream.
struct Cell {
  Kind kind;
  Type type;
  // Whether the arrays lie inside the image and (proofs) keep the promises of numeric.hpp.
  Status (*check)(View<const uint8_t> image, const LayerRecord& record, Packing packing,
                  bool proofs) noexcept;
  LayerBytes (*bytes)(const LayerRecord& record, Packing packing, size_t align) noexcept;
  void (*step)(const StepArgs& args) noexcept;
  // Where the outputs of the last step are: what the next layer reads, or the scores of a head.
  const void* (*output)(const StepArgs& args) noexcept;
  // The state without padding: its size in a blob, to a blob, and back. nullptr where there is
  // none.
  uint32_t (*saved_bytes)(const LayerRecord& record) noexcept;
  void (*save)(const StepArgs& args, uint8_t* blob) noexcept;
  void (*restore)(const StepArgs& args, const uint8_t* blob) noexcept;
};

namespace cell {
extern const Cell lstm_s8;
extern const Cell lstm_s8_watched;
extern const Cell linear_s8;
extern const Cell lstm_f32;
extern const Cell linear_f32;
}  // namespace cell

using CellList = View<const Cell* const>;

// Every cell there is: the default of the hosts. A firmware names its own few instead.
extern const Cell* const k_all_cells[4];
inline CellList all_cells() noexcept {
  return k_all_cells;
}

}  // namespace rondo
