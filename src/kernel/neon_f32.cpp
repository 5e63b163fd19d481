// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float kernels for NEON: vectors of 4. AArch64 gives the bits of the scalar kernels. On ARMv7
// NEON takes denormals for 0, in and out, so there what is below 1.2e-38 may differ.
#include <arm_neon.h>

#ifndef __ARM_FEATURE_FMA
#error "neon_f32.cpp needs fused multiply-add (ARMv7: -mfpu=neon-vfpv4)"
#endif

#include "kernel/kernels.hpp"
#include "kernel/vector_f32.hpp"

namespace rondo::kernel {
namespace {

struct Neon {
#ifdef __aarch64__
  using Batch = xsimd::batch<float, xsimd::neon64>;
  // 32 registers, 16 for sums: with one vector all 64 rows
  static constexpr uint32_t k_sums[] = {0, 16, 8, 4, 4};
#else
  using Batch = xsimd::batch<float, xsimd::neon>;
  // 16 registers
  static constexpr uint32_t k_sums[] = {0, 8, 4, 4, 2};
#endif
  struct Wide : BatchOps<Batch> {
    // the bits of x, moved up by 23
    static Value shifted_to_exponent(Value x) noexcept {
      return vreinterpretq_f32_u32(vshlq_n_u32(vreinterpretq_u32_f32(x), 23));
    }
#ifdef __aarch64__
    static Value divide(Value a, Value b) noexcept {
      return vdivq_f32(a, b);
    }
#else
    // a / b, b > 0. ARMv7 has no such instruction: 1 / b from 8 bits to 16 and 24 (Newton), then
    // the quotient is corrected by its remainder. The float just below a power of two may give one
    // step too little; all others give the bits of a division. Above 2^126, 1 / b is denormal and
    // so 0; infinity would make it NaN.
    static Value divide(Value a, Value b) noexcept {
      const float32x4_t d = vminq_f32(b, vdupq_n_f32(3.402823466e38F));
      float32x4_t r = vrecpeq_f32(d);
      r = vmulq_f32(r, vrecpsq_f32(d, r));
      r = vfmaq_f32(r, r, vfmsq_f32(vdupq_n_f32(1.0F), d, r));
      const float32x4_t q = vmulq_f32(a, r);
      return vfmaq_f32(q, vfmsq_f32(a, d, q), r);
    }
#endif
  };
  using Tail = Wide;
  using Four = Wide;
  using Units = Wide;
  static constexpr uint32_t k_beside = 0;
};

}  // namespace

const F32 k_neon_f32 = VectorF32<Neon>::table();

}  // namespace rondo::kernel
