// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the float kernels over vectors calculate with: a batch of xsimd, and two of them side by
// side.
#pragma once
#include <stdint.h>

#include <xsimd/xsimd.hpp>

// Loops over registers must be unrolled, or the registers become memory. Clang wants to keep the
// constants of a whole cell in registers, and so puts half a kilobyte on the stack: it gets the
// cells in parts.
#ifdef __clang__
#define RONDO_UNROLL _Pragma("unroll")
#define RONDO_APART [[gnu::noinline]]
#else
#define RONDO_UNROLL _Pragma("GCC unroll 16")
#define RONDO_APART [[gnu::always_inline]]
#endif

namespace rondo::kernel {

// What float_math.hpp and the kernels ask of numbers, for a batch of xsimd; an instruction set
// replaces what it has better. load and store: the first `lanes` numbers, of whole batches all.
template <class Batch>
struct BatchOps {
  using Value = Batch;
  static constexpr uint32_t k_lanes = Batch::size;

  static Batch load(const float* from, uint32_t = k_lanes) noexcept {
    return Batch::load_unaligned(from);
  }
  static void store(float* to, Batch x, uint32_t = k_lanes) noexcept { x.store_unaligned(to); }
  static Batch fused(Batch a, Batch b, Batch c) noexcept { return xsimd::fma(a, b, c); }
  static Batch divide(Batch a, Batch b) noexcept { return a / b; }
  // Where x is NaN so is the result: on x86 that of min and max is then their second operand.
  static Batch at_most(Batch limit, Batch x) noexcept { return xsimd::min(limit, x); }
  static Batch at_least(Batch limit, Batch x) noexcept { return xsimd::max(limit, x); }
  static Batch sign_of(Batch x) noexcept { return x & Batch(-0.0F); }
  static Batch without(Batch sign, Batch x) noexcept { return x ^ sign; }
  static Batch with(Batch sign, Batch x) noexcept { return x | sign; }
};

// Two vectors as one: what cells are made of are long chains of operations, and a CPU looks for
// others to go on with in the next few dozen instructions only.
template <class Ops>
struct PairOps {
  using One = typename Ops::Value;
  static constexpr uint32_t k_lanes = 2 * Ops::k_lanes;

  struct Value {
    One a, b;
    Value(One first, One second) noexcept : a(first), b(second) {}
    explicit Value(float x) noexcept : a(x), b(x) {}
    // Number by number: GCC copies a whole struct by way of memory.
    Value(const Value& other) noexcept : a(other.a), b(other.b) {}
    Value& operator=(const Value& other) noexcept {
      a = other.a;
      b = other.b;
      return *this;
    }
    friend Value operator+(Value x, Value y) noexcept { return {x.a + y.a, x.b + y.b}; }
    friend Value operator-(Value x, Value y) noexcept { return {x.a - y.a, x.b - y.b}; }
    friend Value operator*(Value x, Value y) noexcept { return {x.a * y.a, x.b * y.b}; }
  };

  static Value load(const float* from) noexcept {
    return {Ops::load(from), Ops::load(from + Ops::k_lanes)};
  }
  static void store(float* to, Value x) noexcept {
    Ops::store(to, x.a);
    Ops::store(to + Ops::k_lanes, x.b);
  }
  static Value fused(Value a, Value b, Value c) noexcept {
    return {Ops::fused(a.a, b.a, c.a), Ops::fused(a.b, b.b, c.b)};
  }
  static Value divide(Value a, Value b) noexcept {
    return {Ops::divide(a.a, b.a), Ops::divide(a.b, b.b)};
  }
  static Value at_most(Value limit, Value x) noexcept {
    return {Ops::at_most(limit.a, x.a), Ops::at_most(limit.b, x.b)};
  }
  static Value at_least(Value limit, Value x) noexcept {
    return {Ops::at_least(limit.a, x.a), Ops::at_least(limit.b, x.b)};
  }
  static Value sign_of(Value x) noexcept { return {Ops::sign_of(x.a), Ops::sign_of(x.b)}; }
  static Value without(Value sign, Value x) noexcept {
    return {Ops::without(sign.a, x.a), Ops::without(sign.b, x.b)};
  }
  static Value with(Value sign, Value x) noexcept {
    return {Ops::with(sign.a, x.a), Ops::with(sign.b, x.b)};
  }
  static Value shifted_to_exponent(Value x) noexcept {
    return {Ops::shifted_to_exponent(x.a), Ops::shifted_to_exponent(x.b)};
  }
};

}  // namespace rondo::kernel
