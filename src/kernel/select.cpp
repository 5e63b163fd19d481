// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The kernel sets of this build and their tables. A build says what it has by RONDO_HAS_x, and by
// features.hpp whether it has floats; whether this CPU can run a set is asked in src/port.
#include <rondo/features.hpp>

#include "kernel/kernels.hpp"
#include "port/cpu.hpp"

namespace rondo {
namespace {

struct Set {
  Isa isa;
  const char* name;
#ifndef RONDO_FIXED_ISA
  const kernel::S8* s8;
#if RONDO_FLOAT_KERNELS
  const kernel::F32* f32;
#endif
#endif
};

#if defined(RONDO_FIXED_ISA) && defined(__ARM_FEATURE_MVE)
constexpr Set k_sets[] = {{Isa::mve, "mve"}};
#elif defined(RONDO_FIXED_ISA) && defined(__ARM_FEATURE_DSP)
constexpr Set k_sets[] = {{Isa::dsp, "dsp"}};
#elif defined(RONDO_FIXED_ISA)
constexpr Set k_sets[] = {{Isa::scalar, "scalar"}};
#elif !RONDO_FLOAT_KERNELS
constexpr Set k_sets[] = {{Isa::scalar, "scalar", &kernel::k_scalar_s8}};
#else
// The slowest first.
constexpr Set k_sets[] = {
    {Isa::scalar, "scalar", &kernel::k_scalar_s8, &kernel::k_scalar_f32},
#ifdef RONDO_HAS_AVX2
    {Isa::avx2, "avx2", &kernel::k_avx2_s8, &kernel::k_avx2_f32},
#endif
#ifdef RONDO_HAS_AVX_VNNI
    {Isa::avx_vnni, "avx_vnni", &kernel::k_avx_vnni_s8, &kernel::k_avx2_f32},
#endif
#ifdef RONDO_HAS_AVX512_VNNI
    {Isa::avx512_vnni, "avx512_vnni", &kernel::k_avx512_vnni_s8, &kernel::k_avx512_f32},
#endif
#ifdef RONDO_HAS_NEON
    {Isa::neon, "neon", &kernel::k_neon_s8, &kernel::k_neon_f32},
#endif
#ifdef RONDO_HAS_DOTPROD
    {Isa::dotprod, "dotprod", &kernel::k_dotprod_s8, &kernel::k_neon_f32},
#endif
};
#endif

constexpr size_t k_count = sizeof k_sets / sizeof k_sets[0];
struct List {
  Isa isa[k_count];
};
constexpr List list_of_sets() noexcept {
  List list = {};
  for (size_t i = 0; i < k_count; ++i) list.isa[i] = k_sets[i].isa;
  return list;
}
constexpr List k_list = list_of_sets();

const Set* find(Isa isa) noexcept {
  for (const Set& set : k_sets) {
    if (set.isa == isa) return &set;
  }
  return nullptr;
}

}  // namespace

View<const Isa> isa_list() noexcept {
  return k_list.isa;
}

#ifdef RONDO_FIXED_ISA
bool isa_available(Isa isa) noexcept {
  return isa == k_sets[0].isa;
}

Isa isa_best() noexcept {
  return k_sets[0].isa;
}
#else
bool isa_available(Isa isa) noexcept {
  return find(isa) != nullptr && port::cpu_has(isa);
}

Isa isa_best() noexcept {
  Isa best = k_sets[0].isa;
  for (const Set& set : k_sets) best = port::cpu_has(set.isa) ? set.isa : best;
  return best;
}
#endif

const char* name_of(Isa isa) noexcept {
  const Set* const set = find(isa);
  return set == nullptr ? nullptr : set->name;
}

#ifndef RONDO_FIXED_ISA
namespace kernel {

const S8& s8(Isa isa, Packing packing) noexcept {
  if (packing == Packing::cortex_m) return k_scalar_s8_cortex_m;
  if (packing == Packing::helium) return k_scalar_s8_helium;
  const Set* const set = find(isa);
  return set == nullptr ? k_scalar_s8 : *set->s8;
}

#if RONDO_FLOAT_KERNELS
const F32& f32(Isa isa) noexcept {
  const Set* const set = find(isa);
  return set == nullptr ? k_scalar_f32 : *set->f32;
}
#endif

}  // namespace kernel
#endif

}  // namespace rondo
