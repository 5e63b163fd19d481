// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The kernel sets of this build: list them, ask whether this CPU can run one, take the best.
// Stream::bind takes one as its argument; there is no global setting.
#pragma once
#include <stdint.h>

#include "rondo/view.hpp"

// Microcontrollers have one set, fixed when the library is compiled.
#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#define RONDO_FIXED_ISA 1
#endif

namespace rondo {

enum class Isa : uint8_t {
  scalar = 0,   // plain C++
  avx2,         // x86: AVX2 and FMA
  avx_vnni,     // AVX2 with the int8 products of AVX-VNNI
  avx512_vnni,  // AVX-512 F, CD, BW, DQ, VL and VNNI
  neon,         // Arm: 64 bits, or 32 bits with -mfpu=neon
  dotprod,      // 64-bit Arm with SDOT
  dsp,          // Cortex-M4, M7, M33: fixed at build time, as is the next
  mve,          // Cortex-M55: Helium
};

// The sets this library was built with, the slowest first. Where a build has only one, dispatch
// costs nothing: the calls are direct.
View<const Isa> isa_list() noexcept;
// Whether CPU and operating system can run it. The CPU is asked each time: ask once.
bool isa_available(Isa isa) noexcept;
// The last of the list that is available.
Isa isa_best() noexcept;
// Its name, such as "avx512_vnni"; nullptr for a value outside the list of this build.
const char* name_of(Isa isa) noexcept;

}  // namespace rondo
