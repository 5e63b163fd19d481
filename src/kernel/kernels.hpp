// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The tables of this build: one for each kernel set and type. A file an instruction set, one strong
// symbol in each; entries that a set does not improve are the scalar ones.
#pragma once
#include <rondo/isa.hpp>

#include "kernel/kernels_f32.hpp"
#include "kernel/kernels_s8.hpp"
#if !defined(RONDO_FIXED_ISA)
// Every set is asked for at run time.
#elif defined(__ARM_FEATURE_MVE)
#include "kernel/mve_s8.hpp"
#elif defined(__ARM_FEATURE_DSP)
#include "kernel/dsp_s8.hpp"
#else
#include "kernel/thumb_s8.hpp"
#endif

namespace rondo::kernel {

#ifdef RONDO_FIXED_ISA
// One set: the tables are constants, so every call is direct and what is not called is not linked.
#if defined(__ARM_FEATURE_MVE)
constexpr const S8& s8(Isa, Packing) noexcept {
  return k_mve_s8;
}
#elif defined(__ARM_FEATURE_DSP)
constexpr const S8& s8(Isa, Packing) noexcept {
  return k_dsp_s8;
}
#else
constexpr const S8& s8(Isa, Packing) noexcept {
  return k_thumb_s8;
}
#endif
constexpr const F32& f32(Isa) noexcept {
  return k_scalar_f32;
}
#else
extern const S8 k_avx2_s8, k_avx_vnni_s8, k_avx512_vnni_s8, k_neon_s8, k_dotprod_s8;
extern const F32 k_avx2_f32, k_avx512_f32, k_neon_f32;

// The vector sets know packing host; the other packings run through the scalar tables.
const S8& s8(Isa isa, Packing packing) noexcept;
const F32& f32(Isa isa) noexcept;
#endif

}  // namespace rondo::kernel
