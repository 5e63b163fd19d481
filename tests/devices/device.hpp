// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the programs of this room need of the machine that they run on, bare metal or Linux: text,
// a counter of instructions, and the stack that a call takes. No part of the runtime.
#pragma once
#include <stddef.h>
#include <stdint.h>

#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#include "icount.hpp"
#include "semihost.hpp"

namespace rondo::device {
using firmware::print;
constexpr bool k_counts = true;
using Counter = firmware::InstructionCounter;
}  // namespace rondo::device
#else
#include <stdio.h>

namespace rondo::device {

inline void put(const char* text) noexcept {
  fputs(text, stdout);
}
inline void put(uint32_t number) noexcept {
  printf("%lu", static_cast<unsigned long>(number));
}
template <class... Parts>
void print(Parts... parts) noexcept {
  (put(parts), ...);
}

#if defined(__riscv) && __riscv_xlen == 32
// Bare metal: instructions retired, under the emulator's -icount.
constexpr bool k_counts = true;
struct Counter {
  template <class F>
  uint32_t count(F f) const noexcept {
    return ticks(f) - ticks([] {});
  }

 private:
  template <class F>
  [[gnu::noinline]] static uint32_t ticks(F f) noexcept {
    const uint32_t from = retired();
    f();
    return retired() - from;
  }
  static uint32_t retired() noexcept {
    uint32_t count;
    asm volatile(
        ".option push \n"
        ".option arch, +zicsr \n"
        "csrr %0, instret \n"
        ".option pop \n"
        : "=r"(count)
        :
        : "memory");
    return count;
  }
};
#else
// Here measure.py counts, by the emulator's log.
constexpr bool k_counts = false;
struct Counter {
  template <class F>
  uint32_t count(F) const noexcept {
    return 0;
  }
};
#endif

}  // namespace rondo::device
#endif

namespace rondo::device {

constexpr uint32_t k_paint = 0xC0DEC0DEU;
// The micro:bit has 16 KiB of RAM in all; on 64-bit hosts kernels align vectors on the stack.
constexpr uint32_t k_painted_words = sizeof(void*) == 4 ? 768 : 4096;

// Where the caller's frame ends, as good as.
[[gnu::noinline]] inline uintptr_t stack_end() noexcept {
  return reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
}

// Bytes below the caller's frame that call() writes to. Paints them first; the loops themselves
// call nothing.
template <class Call>
[[gnu::noinline]] uint32_t stack_of(Call call) noexcept {
  const uintptr_t end = stack_end() & ~uintptr_t{15};
  auto* const floor = reinterpret_cast<volatile uint32_t*>(end) - k_painted_words;
  for (uint32_t i = 0; i < k_painted_words; ++i) floor[i] = k_paint;
  call();
  uint32_t untouched = 0;
  while (untouched < k_painted_words && floor[untouched] == k_paint) ++untouched;
  return 4 * (k_painted_words - untouched);
}

// The same bytes on every machine.
inline void put_le32(uint8_t* to, uint32_t value) noexcept {
  for (int i = 0; i < 4; ++i) to[i] = static_cast<uint8_t>(value >> (8 * i));
}

inline uint32_t greater(uint32_t a, uint32_t b) noexcept {
  return a > b ? a : b;
}

}  // namespace rondo::device
