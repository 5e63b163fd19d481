// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The sizes at which kernels are checked, and those at which they are timed: the one list of
// tests/kernels and bench. Nothing but constants; what fills the arrays is in data.hpp.
#pragma once
#include <stdint.h>

#include <rondo/format.hpp>
#include <rondo/isa.hpp>

namespace rondo::engine {

// Lengths of a row: all remainders of the groups and of every vector width, both sides of the
// powers of two, and one whose weights must be small for their sum to fit (see data.hpp).
constexpr uint32_t k_inputs[] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10,  11,  12,  13,  14,
                                 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 256, 1000};

// Vectors of a product: 1 in a step; a run takes several at once, and its remainder is any number.
// Firmware has emulated cores, whose time is dear, and its one set of float kernels is the scalar
// one.
#ifdef RONDO_FIXED_ISA
constexpr uint32_t k_counts_s8[] = {1, 2, 3, 5, 8};
constexpr uint32_t k_counts_f32[] = {1, 3};
#else
constexpr uint32_t k_counts_s8[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
constexpr uint32_t k_counts_f32[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
#endif
constexpr uint32_t k_most_count = 9;
// Long rows take the time of all others together, and what they show does not depend on the count.
constexpr bool is_asked(uint32_t inputs, uint32_t count) noexcept {
  return inputs <= 256 || count == 1 || count == 8;
}

// Where a packing has at most 64 (or 32) rows in a block, blocks of 4, 8 ... rows occur: the last
// block of a layer with one gate may have any multiple of 4 units. More gates give fewer shapes.
constexpr uint32_t most_units(uint32_t gates, Packing packing) noexcept {
  return shape_of(gates, Type::s8, k_block_rows, packing).block_units;
}
constexpr uint32_t most_rows(Packing packing) noexcept {
  return most_units(1, packing);
}
constexpr bool every_block_is_checked(Packing packing) noexcept {
  for (uint32_t gates = 1; gates <= 4; ++gates) {
    if (gates * most_units(gates, packing) > most_rows(packing)) return false;
  }
  return most_rows(packing) <= k_block_rows;
}
static_assert(every_block_is_checked(Packing::host) && every_block_is_checked(Packing::cortex_m) &&
              every_block_is_checked(Packing::helium));

// Hidden units of the layers that bench times. A layer of so many inputs is checked, too.
constexpr uint32_t k_timed_units[] = {16, 32, 64, 128};
constexpr bool timed_are_checked() noexcept {
  for (const uint32_t units : k_timed_units) {
    bool found = false;
    for (const uint32_t inputs : k_inputs) found = found || inputs == units;
    if (!found) return false;
  }
  return true;
}
static_assert(timed_are_checked());

// The packing that this build's firmware reads; hosts run all of them.
#if !defined(RONDO_FIXED_ISA)
constexpr Packing k_packing_list[] = {Packing::host, Packing::cortex_m, Packing::helium};
#elif defined(__ARM_FEATURE_MVE)
constexpr Packing k_packing_list[] = {Packing::helium};
#else
constexpr Packing k_packing_list[] = {Packing::cortex_m};
#endif

// What a kernel may count on, see kernels_s8.hpp.
#ifdef RONDO_FIXED_ISA
constexpr uint32_t k_scratch_align = 4;
#else
constexpr uint32_t k_scratch_align = 64;
#endif

}  // namespace rondo::engine
