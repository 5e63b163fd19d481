// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the engine needs of the machine below it: text out, room for arrays, and coming back from a
// memory fault. platform_host.cpp (POSIX) and platform_firmware.cpp (Cortex-M) implement it.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include <rondo/isa.hpp>

namespace rondo::engine {

void put(const char* text) noexcept;

struct Area {
  uint8_t* begin;
  uint8_t* end;
};
// The most arrays of a case; whole steps, which only hosts have, take the most.
#ifdef RONDO_FIXED_ISA
constexpr size_t k_slots = 12;
#else
constexpr size_t k_slots = 20;
#endif
// Room for the next array of a case; slot 0 starts a new case. On hosts the pages before and behind
// an area are unmapped. Empty where there is no room for `bytes`.
Area area_of(size_t slot, size_t bytes) noexcept;

// Hosts only, before the first area: the pages around areas stay mapped. For QEMU 7.2, which faults
// where lanes that VPMASKMOV leaves out lie in an unmapped page; no CPU does.
void keep_pages_mapped() noexcept;

// Runs call(argument); false where it broke off with a memory fault or an illegal instruction (on
// firmware such a fault ends the program, see tests/firmware/startup.cpp).
bool survives(void (*call)(void*), void* argument) noexcept;

inline void put(uint32_t value) noexcept {
  char digits[12];
  char* at = &digits[sizeof digits - 1];
  *at = '\0';
  do {
    *--at = static_cast<char>('0' + value % 10U);
    value /= 10U;
  } while (value != 0U);
  put(at);
}
inline void put(int32_t value) noexcept {
  if (value < 0) put("-");
  put(value < 0 ? 0U - static_cast<uint32_t>(value) : static_cast<uint32_t>(value));
}
// Nine digits, which tell any two floats apart; firmware has no printf.
inline void put(double value) noexcept {
  if (value < 0.0) put("-");
  double size = value < 0.0 ? -value : value;
  int32_t exponent = 0;
  while (size >= 10.0 && exponent < 400) size /= 10.0, ++exponent;
  while (size < 1.0 && size > 0.0 && exponent > -400) size *= 10.0, --exponent;
  put(static_cast<uint32_t>(size));
  put(".");
  for (int i = 0; i < 8; ++i) {
    size = (size - static_cast<double>(static_cast<uint32_t>(size))) * 10.0;
    put(static_cast<uint32_t>(size) % 10U);
  }
  put("e");
  put(exponent);
}
// print("n=", n, " x=", x, "\n"): texts and numbers.
template <class... Parts>
void print(Parts... parts) noexcept {
  (put(parts), ...);
}

}  // namespace rondo::engine
