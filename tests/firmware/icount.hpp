// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Counts instructions by SysTick under `qemu-system-arm -icount shift=8`, where one instruction is
// 256 ns of virtual time: 4 to 8 ticks, so rounding is exact and every run gives the same number.
// QEMU has no model of time: these are instructions, not cycles. On silicon SysTick counts cycles.
#pragma once
#include <stdint.h>

namespace rondo::firmware {

// Takes 2 n instructions, and call and return; n >= 1.
[[gnu::noinline]] inline void spin(uint32_t n) noexcept {
  asm volatile(
      ".syntax unified \n"
      "1: subs %0, #1 \n"
      "bne 1b"
      : "+l"(n)
      :
      : "cc");
}

class InstructionCounter {
 public:
  static constexpr uint32_t k_too_long = 0xFFFFFFFF;

  // Starts SysTick (processor clock, no interrupt) and learns how many ticks an instruction takes
  // from two loops of known length; what the measuring itself costs falls out of the difference.
  InstructionCounter() noexcept {
    reg(k_reload) = k_ticks;
    reg(k_control) = k_enable;
    nothing_ = ticks([] {});
    ticks_of_million_ = ticks([] { spin(501000); }) - ticks([] { spin(1000); });
  }

  // Instructions of f(), the same for each call that takes the same path; k_too_long where the 24
  // bits of SysTick ran over, which is beyond 2 to 4 million instructions.
  template <class F>
  uint32_t count(F f) const noexcept {
    const uint32_t spent = ticks(f);
    if (spent == k_too_long) return k_too_long;
    const uint64_t scaled = uint64_t{spent - nothing_} * 1000000U;
    return static_cast<uint32_t>((scaled + ticks_of_million_ / 2) / ticks_of_million_);
  }

 private:
  static constexpr uint32_t k_control = 0x0;
  static constexpr uint32_t k_reload = 0x4;
  static constexpr uint32_t k_current = 0x8;
  static constexpr uint32_t k_enable = 0x5;
  static constexpr uint32_t k_ran_over = 1U << 16;  // COUNTFLAG: 0 was reached since the last write
  static constexpr uint32_t k_ticks = 0xFFFFFF;

  static volatile uint32_t& reg(uint32_t offset) noexcept {
    return *reinterpret_cast<volatile uint32_t*>(0xE000E010U + offset);
  }

  // Not inlined: one copy for each F, so that two calls measure the same code, and the compiler
  // moves nothing across the reads.
  template <class F>
  [[gnu::noinline]] static uint32_t ticks(F f) noexcept {
    reg(k_current) = 0;  // any write clears the count and COUNTFLAG; the next tick reloads
    const uint32_t from = reg(k_current);
    f();
    const uint32_t to = reg(k_current);
    return (reg(k_control) & k_ran_over) != 0 ? k_too_long : (from - to) & k_ticks;
  }

  uint32_t nothing_;
  uint32_t ticks_of_million_;
};

}  // namespace rondo::firmware
