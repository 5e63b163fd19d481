// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What load has to prove of a layer's arrays before a step may trust them. Used by the `check`
// function of each cell.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include <rondo/cells.hpp>
#include <rondo/format.hpp>
#include <rondo/status.hpp>
#include <rondo/view.hpp>

namespace rondo::cell {

// Whether `bytes` bytes fit into the image at `offset`, on a multiple of 4.
bool inside(View<const uint8_t> image, uint32_t offset, uint32_t bytes) noexcept;
// Whether `count` elements of `size` bytes fit into the image at `offset`, on a multiple of 4.
bool inside(View<const uint8_t> image, uint32_t offset, uint64_t count, uint32_t size) noexcept;

// Whether all arrays of `gates` gates of an int8 layer, which start at the record's offsets, lie
// inside the image and (proofs) each row keeps its promises: |acc << shift| stays below 2^30 for W
// and for U, the sum of both requantized accumulators and the biases stays within int32 with room
// for the rounding, multipliers are positive, no weight is -128, row sums are right, and the rows
// and inputs of padding are zero. For lists of columns (tokens, embeddings) the greatest weight
// stands for a sum.
Status check_rows_s8(View<const uint8_t> image, const LayerRecord& record, uint32_t gates,
                     Packing packing, const Proofs* proofs) noexcept;

// Whether an int8 or a float layer is what its kind can be: formats, mode, limits, fields not in
// use. Its place in the chain is the caller's to check.
bool form_s8_allowed(const LayerRecord& record) noexcept;
bool form_f32_allowed(const LayerRecord& record) noexcept;
// Both, and initial states: the `check` of the int8 layers that have rows.
Status layer_s8_check(View<const uint8_t> image, const LayerRecord& record, Packing packing,
                      const Proofs* proofs) noexcept;

// Whether the int32 numbers of record.initial are within their formats.
bool initial_allowed(View<const uint8_t> image, const LayerRecord& record) noexcept;

// Whether `count` floats at `offset` are neither NaN nor infinite.
bool all_finite(View<const uint8_t> image, uint32_t offset, uint64_t count) noexcept;

// Whether a layer has no arrays and fields of an int8 one.
bool no_integers(const LayerRecord& record) noexcept;

}  // namespace rondo::cell
