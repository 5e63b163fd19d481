// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Walking over the blocks of a packed layer, and typed pointers into image, state and scratch: what
// the cells share.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include <rondo/cells.hpp>
#include <rondo/features.hpp>
#include <rondo/format.hpp>

#include "kernel/kernels.hpp"

namespace rondo::cell {

// The kernels that bind chose.
inline const kernel::S8& kernels_s8(const LayerArgs& args) noexcept {
#ifdef RONDO_FIXED_ISA
  return (void)args, kernel::s8(Isa::scalar, Packing::cortex_m);
#else
  return *static_cast<const kernel::S8*>(args.kernels);
#endif
}
inline const kernel::F32& kernels_f32(const LayerArgs& args) noexcept {
#ifdef RONDO_FIXED_ISA
  return (void)args, kernel::f32(Isa::scalar);
#else
  return *static_cast<const kernel::F32*>(args.kernels);
#endif
}

template <class T>
const T* at(const LayerArgs& args, uint32_t offset) noexcept {
  return static_cast<const T*>(static_cast<const void*>(args.image + offset));
}
template <class T>
T* in(uint8_t* bytes, size_t offset = 0) noexcept {
  return static_cast<T*>(static_cast<void*>(bytes + offset));
}
// Vector `step` of a sequence.
template <class T>
const T* vector_at(const void* sequence, size_t stride, uint32_t step) noexcept {
  return static_cast<const T*>(
      static_cast<const void*>(static_cast<const uint8_t*>(sequence) + step * stride));
}
template <class T>
T* vector_at(void* sequence, size_t stride, uint32_t step) noexcept {
  return static_cast<T*>(static_cast<void*>(static_cast<uint8_t*>(sequence) + step * stride));
}

// The packing of an accepted image. A build for one packing has it as a constant, which takes the
// code for the others out of everything that asks here.
constexpr Packing known(Packing packing) noexcept {
#if defined(RONDO_FIXED_ISA) && defined(__ARM_FEATURE_MVE)
  return (void)packing, Packing::helium;
#elif defined(RONDO_FIXED_ISA)
  return (void)packing, Packing::cortex_m;
#else
  return packing;
#endif
}

inline Shape shape_of(const LayerRecord& record, Packing packing) noexcept {
  return rondo::shape_of(gates_of(record.kind), record.type, record.outputs, known(packing));
}

// Inputs of an int8 layer, padded to whole groups: a constant step where there is one packing.
constexpr uint32_t padded_s8(Packing packing, uint32_t inputs) noexcept {
  return static_cast<uint32_t>(round_up(inputs, known(packing) == Packing::helium ? 16 : 4));
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

// Pre-activations of a group of gates start at a multiple of this: 64 bytes.
constexpr uint32_t k_row_align = 16;

// A buffer of `bytes`, rounded so that the next one is aligned too.
constexpr uint32_t buffer(size_t bytes, size_t align) noexcept {
  return static_cast<uint32_t>(round_up(bytes, known_align(align)));
}

constexpr uint32_t steps_of(const LayerArgs& args) noexcept {
  return k_one_step ? 1 : args.steps;
}

// The step of a sequence that is taken as number n: from the end where the layer goes backward.
inline uint32_t step_number(const LayerArgs& args, uint32_t n) noexcept {
  if (k_one_step) return 0;
  return args.record->direction == Direction::backward ? args.steps - 1 - n : n;
}

}  // namespace rondo::cell
