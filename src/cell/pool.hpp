// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Pooling over time, written once for the integer and the float cell: state, steps, output. A cell
// brings its numbers N: their type X, and how they add (Sum, add), divide (mean) and compare.
#pragma once
#include <string.h>

#include "cell/blocks.hpp"
#include "cell/check.hpp"

namespace rondo::cell {

// A 64-bit number at a multiple of 4: the arena of a Cortex-M promises no more.
struct Wide {
  uint32_t low, high;
};
constexpr uint32_t k_wide_bytes = sizeof(Wide);
constexpr uint64_t value_of(const Wide& wide) noexcept {
  return uint64_t{wide.high} << 32 | wide.low;
}
constexpr Wide wide_of(uint64_t value) noexcept {
  return {static_cast<uint32_t>(value), static_cast<uint32_t>(value >> 32)};
}

// Steps are counted up to here, four years of a million a second. No sum of so many int16 passes
// 2^62, and a restored count cannot pass it either.
constexpr uint64_t k_most_pooled = uint64_t{1} << 47;

// State: the pooled vector X[units]; of the mean only where `output` puts it | the number of steps,
// Wide (mean, max) | sums Sum[units] (mean).
struct PoolState {
  uint32_t steps, sums, bytes;  // offsets, and the size

  static uint32_t sum_bytes(const LayerRecord& record) noexcept {
    return record.outputs * (record.type == Type::f32 ? 4 : k_wide_bytes);
  }
  PoolState(const LayerRecord& record, size_t align) noexcept {
    const Pool mode = static_cast<Pool>(record.mode);
    steps = buffer(round_up(record.outputs, 4) * size_of(record.output), align);
    sums = steps + (mode == Pool::last ? 0 : k_wide_bytes);
    bytes = buffer(sums + (mode == Pool::mean ? sum_bytes(record) : 0), align);
  }
};

template <class N>
class Pooled {
 public:
  using X = typename N::X;
  using Sum = typename N::Sum;

  explicit Pooled(const LayerArgs& args) noexcept : args_(args) {
    const PoolState state(*args.record, k_arena_align);
    steps_ = in<Wide>(args.state, state.steps);
    sums_ = in<Sum>(args.state, state.sums);
  }

  // x: (units), or nullptr, which counts as zeros.
  void take(const X* x) noexcept {
    const auto value = [x](uint32_t k) { return x == nullptr ? X{} : x[k]; };
    const uint32_t units = args_.record->outputs;
    X* const out = in<X>(args_.state);
    const Pool mode = static_cast<Pool>(args_.record->mode);
    const bool first = mode == Pool::last || value_of(*steps_) == 0;
    if (mode == Pool::mean) {
      for (uint32_t k = 0; k < units; ++k) sums_[k] = N::add(sums_[k], value(k));
    } else if (first) {
      for (uint32_t k = 0; k < units; ++k) out[k] = value(k);
    } else {
      for (uint32_t k = 0; k < units; ++k) out[k] = N::greater(out[k], value(k));
    }
    if (mode != Pool::last) *steps_ = wide_of(steps() < k_most_pooled ? steps() + 1 : steps());
  }

  // Zeros before any step.
  const X* output() const noexcept {
    X* const out = in<X>(args_.state);
    if (static_cast<Pool>(args_.record->mode) != Pool::mean) return out;
    const uint64_t count = steps();
    for (uint32_t k = 0; k < args_.record->outputs; ++k) {
      out[k] = count == 0 ? X{} : N::mean(sums_[k], count);
    }
    return out;
  }

 private:
  uint64_t steps() const noexcept {
    const uint64_t steps = value_of(*steps_);
    return steps < k_most_pooled ? steps : k_most_pooled;
  }

  const LayerArgs& args_;
  Wide* steps_;
  Sum* sums_;
};

template <class N>
void pool_run(const LayerArgs& args) noexcept {
  using X = typename N::X;
  Pooled<N> pooled(args);
  for (uint32_t s = 0; s < steps_of(args); ++s) {
    pooled.take(args.x == nullptr ? nullptr : vector_at<X>(args.x, args.x_stride, s));
    if (args.y == nullptr) continue;
    memcpy(vector_at<X>(args.y, args.y_stride, s), pooled.output(),
           sizeof(X) * args.record->outputs);
  }
}

// The entries of their tables that the two cells share. Pooling has no arrays.
inline bool pool_allowed(const LayerRecord& record) noexcept {
  return record.output == record.input && record.outputs == record.inputs && no_integers(record) &&
         record.w == 0 && record.bias == 0;
}

inline LayerBytes pool_bytes(const LayerRecord& record, Packing, size_t align) noexcept {
  return {PoolState(record, align).bytes, 0};
}

inline uint32_t pool_parts(const LayerRecord& record, Packing, StatePart* parts) noexcept {
  const PoolState state(record, k_arena_align);
  const Pool mode = static_cast<Pool>(record.mode);
  if (mode == Pool::mean) {
    parts[0] = {state.steps, k_wide_bytes + PoolState::sum_bytes(record), 0};
    return 1;
  }
  parts[0] = {0, size_of(record.output) * record.outputs, 0};
  if (mode == Pool::last) return 1;
  parts[1] = {state.steps, k_wide_bytes, 0};
  return 2;
}

}  // namespace rondo::cell
