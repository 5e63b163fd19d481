// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Proves the startup: .data copied, .bss cleared, static constructors run, float arithmetic right,
// the stack gauge true, C++20 headers usable. Ends with the number of the first promise that broke.
// It starts twice: the emulator's memory is zero at first, which would hide a .bss left as it was.
#include <stdint.h>

#include <array>
#include <bit>
#include <span>

#include "semihost.hpp"

extern "C" [[noreturn]] void Reset_Handler();

namespace {

using rondo::firmware::print;
using rondo::firmware::stack_used;

class Counter {
 public:
  explicit Counter(uint32_t start) noexcept : value_(start) {}
  uint32_t value() const noexcept { return value_; }

 private:
  uint32_t value_;
};

volatile uint32_t initialized = 41;
volatile uint32_t cleared;
const Counter constructed{initialized + 1};  // not a constant: the constructor runs at start
volatile float one_and_half = 1.5F;
volatile double tenth = 0.1;

template <size_t N>
[[gnu::noinline]] void use_stack() noexcept {
  volatile uint8_t bytes[N];
  bytes[0] = 1;
  bytes[N - 1] = bytes[0];
}

constexpr int32_t sum(std::span<const int32_t> values) noexcept {
  int32_t total = 0;
  for (const int32_t value : values) total += value;
  return total;
}

int check() noexcept {
  constexpr std::array<int32_t, 4> table{1, 2, 3, 4};
  static_assert(sum(table) == 10 && std::popcount(0xF0U) == 4);
  if (initialized != 41) return 1;
  if (cleared != 0) return 2;
  if (constructed.value() != 42) return 3;
  if (std::bit_cast<uint32_t>(one_and_half * 2.0F) != 0x40400000U) return 4;
  if (static_cast<int32_t>(tenth * 1000.0) != 100) return 5;
  // Painted: main is shallow. The gauge goes up by what a deeper call needs, and never down.
  const uint32_t before = stack_used();
  if (before == 0 || before >= 1024) return 6;
  use_stack<2048>();
  const uint32_t deep = stack_used();
  if (deep < 2048 || deep > 2048 + before + 64) return 7;
  use_stack<64>();
  if (stack_used() != deep) return 8;
  print("stack ", before, " bytes, then ", deep, "\n");
  return 0;
}

}  // namespace

int main() {
  // SysTick's reload value: 0 after reset, and startup.cpp leaves it alone.
  volatile uint32_t& starts = *reinterpret_cast<volatile uint32_t*>(0xE000E014);
  if (starts == 0) {
    starts = 1;
    initialized = 7;
    cleared = 7;
    Reset_Handler();
  }
  const int broken = check();
  print("hello from architecture ", __ARM_ARCH, ", broken promise ", broken, "\n");
  return broken;
}
