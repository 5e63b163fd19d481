// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Arm under Linux: the kernel says in AT_HWCAP what CPU and system can do.
#include <asm/hwcap.h>
#include <sys/auxv.h>

#include "port/cpu.hpp"

namespace rondo::port {

bool cpu_has(Isa isa) noexcept {
  const unsigned long bits = getauxval(AT_HWCAP);
  switch (isa) {
    case Isa::scalar:
      return true;
#ifdef __aarch64__
    case Isa::neon:
      return (bits & HWCAP_ASIMD) != 0;
    case Isa::dotprod:
      return (bits & HWCAP_ASIMD) != 0 && (bits & HWCAP_ASIMDDP) != 0;
#else
    case Isa::neon:
      return (bits & HWCAP_NEON) != 0 && (bits & HWCAP_VFPv4) != 0;
#endif
    default:
      return false;
  }
}

}  // namespace rondo::port
