// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What a program on bare metal says to the emulator: text, numbers, its exit status, through Arm
// semihosting (BKPT 0xAB), without libc. Also the exit statuses of this room and the stack gauge of
// startup.cpp. C++17. On silicon without a debugger the first call is a fault.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace rondo::firmware {

constexpr int k_status_heap = 98;   // no_heap.cpp: something asked for memory
constexpr int k_status_fault = 99;  // startup.cpp: the core took a fault

// Operation numbers and the reason code: "Semihosting for AArch32 and AArch64", Arm.
constexpr int k_sys_write0 = 0x04;
constexpr int k_sys_exit_extended = 0x20;  // SYS_EXIT (0x18) has no room for a status on AArch32
constexpr uintptr_t k_application_exit = 0x20026;

inline int semihost(int operation, const void* argument) noexcept {
  register int r0 asm("r0") = operation;
  register const void* r1 asm("r1") = argument;
  asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

[[noreturn]] inline void exit(int status) noexcept {
  const uintptr_t block[2] = {k_application_exit, static_cast<uintptr_t>(status)};
  semihost(k_sys_exit_extended, block);
  for (;;) {
  }
}

inline void put(const char* text) noexcept {
  semihost(k_sys_write0, text);
}

inline void put(unsigned long value) noexcept {
  char digits[24];
  char* at = &digits[sizeof digits - 1];
  *at = '\0';
  do {
    *--at = static_cast<char>('0' + value % 10U);
    value /= 10U;
  } while (value != 0U);
  put(at);
}

inline void put(long value) noexcept {
  if (value < 0) put("-");
  const auto bits = static_cast<unsigned long>(value);
  put(value < 0 ? 0UL - bits : bits);
}

// Newlib's uint32_t is unsigned long, its size_t unsigned int: both must be found.
inline void put(unsigned value) noexcept {
  put(static_cast<unsigned long>(value));
}
inline void put(int value) noexcept {
  put(static_cast<long>(value));
}

inline void put_hex(uint32_t value) noexcept {
  char text[11] = "0x00000000";
  for (size_t i = 0; i < 8; ++i) text[9 - i] = "0123456789abcdef"[(value >> (4 * i)) & 15U];
  put(text);
}

// print("n=", n, " sum=", sum, "\n"): texts and numbers of up to 32 bits.
template <class... Parts>
void print(Parts... parts) noexcept {
  (put(parts), ...);
}

// The deepest stack since reset, in bytes: startup.cpp painted what lies below.
uint32_t stack_used() noexcept;

}  // namespace rondo::firmware
