// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Arena: hands out pieces of bytes that the caller owns, one after the other. All memory of the
// runtime comes from one. Nothing is given back piece by piece; `rewind` goes back as a whole.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "rondo/view.hpp"

namespace rondo {

// Buffers in an arena start at multiples of this: a cache line where kernels use wide registers, a
// word on microcontrollers, where bytes are dear. An arena whose first byte is not so aligned works
// too and loses the bytes up to the next multiple.
#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
constexpr size_t k_arena_align = 4;
#else
constexpr size_t k_arena_align = 64;
#endif

// The next multiple of `step`, a power of two.
constexpr size_t round_up(size_t value, size_t step) noexcept {
  return (value + step - 1) & ~(step - 1);
}

class Arena {
 public:
  constexpr Arena() noexcept = default;
  explicit constexpr Arena(View<uint8_t> bytes) noexcept : bytes_(bytes) {}

  // `size` bytes, or nullptr where fewer are left; `align` is a power of two.
  void* take(size_t size, size_t align = k_arena_align) noexcept;

  constexpr size_t used() const noexcept { return used_; }
  constexpr size_t size() const noexcept { return bytes_.size(); }
  // Back to what `used` said earlier: later pieces are free again.
  constexpr void rewind(size_t used) noexcept { used_ = used < used_ ? used : used_; }

 private:
  View<uint8_t> bytes_;
  size_t used_ = 0;
};

}  // namespace rondo
