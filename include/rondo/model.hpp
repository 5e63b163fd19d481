// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Model: an image that was checked once and is used in place, from flash or from a file in memory.
// It is not written to after load and can be shared by any number of Streams and tasks.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "rondo/arena.hpp"
#include "rondo/cells.hpp"
#include "rondo/features.hpp"
#include "rondo/format.hpp"
#include "rondo/status.hpp"
#include "rondo/view.hpp"

namespace rondo {

// How much load looks at. `layout` trusts the numbers: no CRC, no proof that sums cannot overflow;
// for images that the boot loader has verified. Offsets and shapes are checked in either case.
enum class Check : uint8_t { full, layout };

// What an image needs of the arena, exact to the byte for a base aligned as asked.
struct ArenaBytes {
  uint32_t model;    // once: load
  uint32_t state;    // for each Stream: bind
  uint32_t scratch;  // for each Stream, or once for Streams that never run at the same time
  // Parts of scratch, at its end: what goes from layer to layer (layers take turns), and a real
  // input as integers.
  uint32_t between[2];
  uint32_t input;
  constexpr uint32_t total() const noexcept { return model + state + scratch; }
};

class Model {
 public:
  // Checks the image (see Status) and takes arena_bytes().model bytes. The image and the list of
  // cells must stay where they are. An image overwritten later gives wrong numbers, but no step
  // ever leaves it or the arena, since every size and offset is kept in the arena. On failure the
  // Model stays as it was, and so does the arena.
  Status load(View<const uint8_t> image, CellList cells, Arena& arena,
              Check check = Check::full) noexcept {
    return load(image, cells, arena, check == Check::full ? &k_proofs : nullptr);
  }
  // The same: &k_proofs, or nullptr for the layout alone. A program that never names the proofs
  // does not link them.
  Status load(View<const uint8_t> image, CellList cells, Arena& arena,
              const Proofs* proofs) noexcept;

  // What load and bind would take of an arena, without one. `align` is that of the target: 4 on
  // Cortex-M, 64 on hosts (a build for a microcontroller knows its own alone).
  static Status measure(View<const uint8_t> image, CellList cells, ArenaBytes& bytes,
                        size_t align = k_arena_align) noexcept;

  bool loaded() const noexcept { return image_ != nullptr; }
  // All below: only after load.
  const ArenaBytes& arena_bytes() const noexcept { return bytes_; }
  Type type() const noexcept { return record(0).type; }
  Format input() const noexcept { return record(0).input; }
  uint32_t inputs() const noexcept { return record(0).inputs; }  // I, or the size of the vocabulary
  uint32_t outputs() const noexcept { return outputs_; }         // scores
  // Steps of the longest sequence of a bidirectional model; 0: any number.
  uint32_t max_steps() const noexcept { return k_has_sequences ? max_steps_ : 0; }
  // Steps that go through the layers together in a run.
  uint32_t steps_at_once() const noexcept {
    return max_steps() != 0 ? max_steps() : rondo::steps_at_once(packing_, type());
  }
  size_t layers() const noexcept { return layers_; }
  // Layers up to and with the last one that has a state: those that a step goes through.
  size_t recurrent_layers() const noexcept { return recurrent_; }
  const LayerRecord& record(size_t layer) const noexcept { return records_[layer]; }
  const Cell& cell(size_t layer) const noexcept { return *cells_[records_[layer].cell]; }
  Packing packing() const noexcept { return packing_; }
  uint32_t model_id() const noexcept { return model_id_; }
  uint32_t user_version() const noexcept {
    return static_cast<const ImageHeader*>(static_cast<const void*>(image_))->user_version;
  }
  const uint8_t* image() const noexcept { return image_; }
  // Offsets of mean and inv_step (float[inputs]) of int8 models with real input; else 0.
  uint32_t mean_offset() const noexcept { return mean_; }
  uint32_t inv_step_offset() const noexcept { return inv_step_; }

 private:
  const uint8_t* image_ = nullptr;
  const LayerRecord* records_ = nullptr;
  CellList cells_;
  ArenaBytes bytes_ = {};
  uint32_t outputs_ = 0;
  uint32_t model_id_ = 0;
  uint32_t mean_ = 0;
  uint32_t inv_step_ = 0;
  uint32_t max_steps_ = 0;
  Packing packing_ = Packing::host;
  uint8_t layers_ = 0;
  uint8_t recurrent_ = 0;
};

// The metadata section (JSON text of the tools), empty where the image has none. For an image that
// load or measure has accepted.
View<const uint8_t> metadata_of(View<const uint8_t> image) noexcept;

}  // namespace rondo
