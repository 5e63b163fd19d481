// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What this build of the runtime runs: here everything. A bundle has a file of its own in the place
// of this one, with what its model needs, and drops the code for the rest; Model::load refuses
// images that need more as cell_not_linked.
#pragma once
#include "rondo/arena.hpp"
#include "rondo/format.hpp"
#include "rondo/isa.hpp"

// Whether there are tables of float kernels. A macro: where there are none, nothing may name them.
#define RONDO_FLOAT_KERNELS 1

namespace rondo {

constexpr bool k_has_sequences = true;  // bidirectional layers
constexpr bool k_has_initial = true;    // initial states
constexpr bool k_has_skip = true;       // scores that the input is added to
constexpr bool k_has_floats = true;     // float layers, or real input of int8 layers

// What the model reads, and the formats that all its recurrent layers have in common: constants
// that need not be asked for. k_any_format where there is more than one.
constexpr Format k_any_format = static_cast<Format>(255);
constexpr Format k_model_input = k_any_format;
constexpr Format k_recurrent_input = k_any_format;
constexpr Format k_recurrent_output = k_any_format;
constexpr Format k_recurrent_state = k_any_format;  // what U reads

// Where the build has one format, that one.
constexpr Format known(Format of_build, Format of_image) noexcept {
  return of_build == k_any_format ? of_image : of_build;
}

// Whether layers take one step at a time: microcontrollers do, but for whole sequences.
#ifdef RONDO_FIXED_ISA
constexpr bool k_one_step = !k_has_sequences;
#else
constexpr bool k_one_step = false;
#endif

// A microcontroller lays out memory for itself alone, a host for any target.
constexpr size_t known_align(size_t align) noexcept {
#ifdef RONDO_FIXED_ISA
  return (void)align, k_arena_align;
#else
  return align;
#endif
}

}  // namespace rondo
