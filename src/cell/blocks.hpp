// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Walking over the blocks of a packed layer, and typed pointers into image, state and scratch: what
// the cells share.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include <rondo/cells.hpp>
#include <rondo/format.hpp>

#include "kernel/kernels.hpp"

namespace rondo::cell {

template <class T>
const T* at(const StepArgs& args, uint32_t offset) noexcept {
  return static_cast<const T*>(static_cast<const void*>(args.image + offset));
}
template <class T>
T* in(uint8_t* bytes, size_t offset = 0) noexcept {
  return static_cast<T*>(static_cast<void*>(bytes + offset));
}

inline Shape shape_of(const StepArgs& args) noexcept {
  return rondo::shape_of(args.record->kind, args.record->type, args.record->outputs, args.packing);
}

// One block: its first unit and row, and how many.
struct Block {
  uint32_t unit;
  uint32_t units;
  uint32_t row;
  uint32_t rows;
};

constexpr Block block_at(const Shape& shape, uint32_t unit) noexcept {
  const uint32_t left = shape.units - unit;
  const uint32_t units = left < shape.block_units ? left : shape.block_units;
  return {unit, units, unit * shape.gates, units * shape.gates};
}

// The int8 matrix at offset w for one block; `padded` inputs.
inline kernel::RowsS8 rows_s8(const StepArgs& args, const Block& block, uint32_t w, uint32_t scale,
                              uint32_t sums, uint32_t padded, uint8_t shift) noexcept {
  return {at<int8_t>(args, w) + size_t{block.row} * padded,
          at<int32_t>(args, scale) + block.row,
          sums == 0 ? nullptr : at<int32_t>(args, sums) + block.row,
          block.rows,
          padded / 4,
          shift};
}

// A buffer of `bytes`, rounded so that the next one is aligned too.
constexpr uint32_t buffer(size_t bytes, size_t align) noexcept {
  return static_cast<uint32_t>(round_up(bytes, align));
}

}  // namespace rondo::cell
