// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// x86-64: CPUID says what the CPU has, XGETBV which registers the operating system saves. Bits as
// in the Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2A, CPUID.
#include <cpuid.h>

#include "port/cpu.hpp"

namespace rondo::port {
namespace {

struct Registers {
  uint32_t eax = 0, ebx = 0, ecx = 0, edx = 0;
};

Registers cpuid(uint32_t leaf, uint32_t part) noexcept {
  Registers r;
  if (__get_cpuid_count(leaf, part, &r.eax, &r.ebx, &r.ecx, &r.edx) == 0) return {};
  return r;
}

constexpr bool has_all(uint32_t value, uint32_t bits) noexcept {
  return (value & bits) == bits;
}
constexpr uint32_t bit(int n) noexcept {
  return uint32_t{1} << n;
}

// Register files that the system saves at a task switch (XCR0); 0 where there is no XSAVE.
uint32_t saved_registers(const Registers& leaf1) noexcept {
  if (!has_all(leaf1.ecx, bit(27))) return 0;  // OSXSAVE
  uint32_t low, high;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}
constexpr uint32_t k_ymm = 0x06;  // SSE and AVX state
constexpr uint32_t k_zmm = 0xE6;  // and opmask, upper halves, registers 16 .. 31

bool has_avx2(const Registers& leaf1, const Registers& leaf7) noexcept {
  return has_all(leaf1.ecx, bit(12) | bit(28)) &&  // FMA, AVX
         has_all(leaf7.ebx, bit(5)) && has_all(saved_registers(leaf1), k_ymm);
}

bool has_avx512_vnni(const Registers& leaf1, const Registers& leaf7) noexcept {
  const uint32_t f_dq_cd_bw_vl = bit(16) | bit(17) | bit(28) | bit(30) | bit(31);
  return has_avx2(leaf1, leaf7) && has_all(leaf7.ebx, f_dq_cd_bw_vl) &&
         has_all(leaf7.ecx, bit(11)) && has_all(saved_registers(leaf1), k_zmm);
}

}  // namespace

bool cpu_has(Isa isa) noexcept {
  const Registers leaf1 = cpuid(1, 0), leaf7 = cpuid(7, 0);
  switch (isa) {
    case Isa::scalar:
      return true;
    case Isa::avx2:
      return has_avx2(leaf1, leaf7);
    case Isa::avx_vnni:
      return has_avx2(leaf1, leaf7) && has_all(cpuid(7, 1).eax, bit(4));
    case Isa::avx512_vnni:
      return has_avx512_vnni(leaf1, leaf7);
    default:
      return false;
  }
}

}  // namespace rondo::port
