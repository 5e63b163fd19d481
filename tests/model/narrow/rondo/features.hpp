// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The features.hpp of a build for one model, as a bundle has it: tokens into int8 LSTMs that give
// int16 and read int8, and nothing else. For load_narrow_test.cpp and the runtime it is linked to.
#pragma once
#include <rondo/arena.hpp>
#include <rondo/format.hpp>
#include <rondo/isa.hpp>

#define RONDO_FLOAT_KERNELS 1  // the tables of this host have them

namespace rondo {

constexpr bool k_has_sequences = false;
constexpr bool k_has_initial = false;
constexpr bool k_has_skip = false;
constexpr bool k_has_floats = false;

constexpr Format k_any_format = static_cast<Format>(255);
constexpr Format k_model_input = Format::token;
constexpr Format k_recurrent_input = Format::token;
constexpr Format k_recurrent_output = Format::s16;
constexpr Format k_recurrent_state = Format::s8;

constexpr Format known(Format of_build, Format of_image) noexcept {
  return of_build == k_any_format ? of_image : of_build;
}
constexpr bool k_one_step = false;
constexpr size_t known_align(size_t align) noexcept {
  return align;
}

}  // namespace rondo
