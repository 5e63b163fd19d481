// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// From reset to main on any Cortex-M under QEMU: vector table, FPU and Helium on, .data and .bss,
// painted stack, static constructors, main, exit status. It replaces crt0 (link with
// -nostartfiles) and needs no libc. It sets no clock, no MPU, no interrupt: not for a product.
#include <stdint.h>

#include "semihost.hpp"

extern "C" {
// From sections.ld.
extern uint32_t fw_stack_top[], fw_data_load[], fw_data_start[], fw_data_end[];
extern uint32_t fw_bss_start[], fw_bss_end[];
using Handler = void (*)();
extern const Handler fw_init_start[], fw_init_end[];

int fw_program() asm("main");  // ISO C++ does not let main be called by its name
// Used: only assembly names these two, so link-time optimization would drop them.
[[gnu::used]] void fw_main();
[[noreturn, gnu::used]] void fw_fault(const uint32_t* frame);
[[noreturn, gnu::naked]] void Reset_Handler();
[[noreturn, gnu::naked]] void Fault_Handler();
void* __dso_handle = nullptr;  // the compiler passes it on where a static object has a destructor
}

namespace rondo::firmware {
namespace {

constexpr uint32_t k_paint = 0xC0DEC0DEU;
constexpr uintptr_t k_painted_bytes = 0x10000;

struct VectorTable {
  void* initial_sp;
  Handler handlers[15];
};

// ARMv7-M and ARMv8-M exceptions 1 to 15; ARMv6-M reserves some of them.
[[gnu::section(".vectors"), gnu::used]] const VectorTable vectors = {
    fw_stack_top,
    {Reset_Handler, Fault_Handler, Fault_Handler, Fault_Handler, Fault_Handler, Fault_Handler,
     Fault_Handler, nullptr, nullptr, nullptr, Fault_Handler, Fault_Handler, nullptr, Fault_Handler,
     Fault_Handler}};

// The lowest painted word: the last 64 KiB of RAM at most, and never below the end of .bss.
uint32_t* stack_floor() noexcept {
  const auto top = reinterpret_cast<uintptr_t>(fw_stack_top);
  const auto bss = reinterpret_cast<uintptr_t>(fw_bss_end);
  return top - bss > k_painted_bytes ? fw_stack_top - k_painted_bytes / sizeof(uint32_t)
                                     : fw_bss_end;
}

}  // namespace

uint32_t stack_used() noexcept {
  const volatile uint32_t* word = stack_floor();
  while (word != fw_stack_top && *word == k_paint) ++word;
  return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(fw_stack_top) -
                               reinterpret_cast<uintptr_t>(word));
}

}  // namespace rondo::firmware

// No FPU instruction, and no function that could hold one, before CP10 and CP11 are granted: full
// access (bits 20 to 23) in CPACR. Helium needs the same bits.
void Reset_Handler() {
  asm volatile(
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
      "ldr r0, =0xE000ED88 \n"
      "ldr r1, [r0] \n"
      "orr r1, r1, #(0xF << 20) \n"
      "str r1, [r0] \n"
      "dsb \n"
      "isb \n"
#endif
      "bl fw_main \n"
      ".ltorg \n");
}

void fw_main() {
  using rondo::firmware::k_paint;
  // ELF segments lie at their load addresses, as in flash: .data is copied from there.
  const uint32_t* from = fw_data_load;
  for (uint32_t* to = fw_data_start; to != fw_data_end;) *to++ = *from++;
  for (uint32_t* to = fw_bss_start; to != fw_bss_end;) *to++ = 0;
  const volatile uint32_t* here;
  asm volatile("mov %0, sp" : "=r"(here));
  for (volatile uint32_t* word = rondo::firmware::stack_floor(); word < here; ++word) {
    *word = k_paint;
  }
  for (const Handler* constructor = fw_init_start; constructor != fw_init_end; ++constructor) {
    (*constructor)();
  }
  rondo::firmware::exit(fw_program());  // static destructors do not run: firmware does not end
}

// The exception pushed r0 to r3, r12, lr, pc, xpsr where sp points to now.
void Fault_Handler() {
  asm volatile(
      "mov r0, sp \n"
      "bl fw_fault \n");
}

// A wrong access or a disabled FPU ends the run: it must not hang a test.
void fw_fault(const uint32_t* frame) {
  using rondo::firmware::put;
  using rondo::firmware::put_hex;
  put("FAULT at ");
  put_hex(frame[6]);
#if __ARM_ARCH >= 7
  put(" CFSR ");
  put_hex(*reinterpret_cast<volatile uint32_t*>(0xE000ED28));
#endif
  put("\n");
  rondo::firmware::exit(rondo::firmware::k_status_fault);
}
