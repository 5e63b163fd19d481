// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What load has to prove of a layer's arrays before a step may trust them. Used by the `check`
// function of each cell.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include <rondo/format.hpp>
#include <rondo/status.hpp>
#include <rondo/view.hpp>

namespace rondo::cell {

// Whether `count` elements of `size` bytes fit into the image at `offset`, on a multiple of 4.
bool inside(View<const uint8_t> image, uint32_t offset, uint64_t count, uint32_t size) noexcept;

// One packed int8 matrix of a layer and what belongs to it.
struct MatrixS8 {
  uint32_t w;  // offsets into the image
  uint32_t scale;
  uint32_t sums;
  uint32_t inputs;  // without padding; tokens: the size of the vocabulary
  uint8_t shift;
  bool columns;     // tokens: stored [token][row]
  int32_t largest;  // greatest |activation|
};

// Whether all arrays of the matrix lie inside the image.
bool matrix_inside(View<const uint8_t> image, const MatrixS8& m, const Shape& shape,
                   Packing packing) noexcept;

// Proves for each row of a layer of one or two matrices (the second may be nullptr) that
// |acc << shift| stays below 2^30, that the sum of both requantized accumulators and the bias stays
// within int32 with room for the rounding, that multipliers are positive, no weight is -128, row
// sums are right, and that the rows and inputs of padding are zero.
Status prove_rows(View<const uint8_t> image, const LayerRecord& record, const Shape& shape,
                  Packing packing, const MatrixS8& first, const MatrixS8* second) noexcept;

// Whether `count` floats at `offset` are neither NaN nor infinite.
bool all_finite(View<const uint8_t> image, uint32_t offset, uint64_t count) noexcept;

// Whether inputs and outputs lie within the limits of format.hpp, and fields that are not in use
// are 0.
bool shape_allowed(const LayerRecord& record) noexcept;

}  // namespace rondo::cell
