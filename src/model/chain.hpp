// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// How vectors lie where they go from layer to layer: load measures it, Stream walks along it.
#pragma once
#include <rondo/arena.hpp>
#include <rondo/features.hpp>
#include <rondo/format.hpp>

namespace rondo {

// Bytes from one step's vector to the next, with room for a number of rows padded to 4.
constexpr size_t stride_of(size_t width, Format format, size_t align) noexcept {
  return round_up(round_up(width, 4) * size_of(format), known_align(align));
}

// Whether a model reads real inputs as integers.
constexpr bool in_steps(Format input) noexcept {
  const Format format = known(k_model_input, input);
  return format == Format::s16 || format == Format::s8;
}

// Records of a layer: both directions count as one.
constexpr uint32_t halves_of(const LayerRecord& record) noexcept {
  return !k_has_sequences || record.direction == Direction::only ? 1 : 2;
}

}  // namespace rondo
