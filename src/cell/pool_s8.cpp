// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Pooling over time of integers: the last vector, the mean or the maximum of all steps since reset.
#include "cell/pool.hpp"

namespace rondo::cell {
namespace {

// int8 and int16. The mean is floor(sum / steps + 1/2).
template <class T>
struct Integers {
  using X = T;
  using Sum = Wide;

  // A restored sum may be any number: one that leaves 64 bits comes in again at the other end.
  static Sum add(Sum sum, T x) noexcept {
    return wide_of(value_of(sum) + static_cast<uint64_t>(int64_t{x}));
  }
  static T greater(T a, T b) noexcept { return a < b ? b : a; }
  static T mean(Sum sum, uint64_t count) noexcept {
    const int64_t value = static_cast<int64_t>(value_of(sum)), steps = static_cast<int64_t>(count);
    int64_t whole = value / steps, rest = value % steps;
    if (rest < 0) {  // C++ divides toward zero
      --whole;
      rest += steps;
    }
    if (rest >= steps - rest) ++whole;
    // Only a restored sum can lie outside.
    constexpr int64_t most = (int64_t{1} << (8 * sizeof(T) - 1)) - 1;
    return static_cast<T>(whole < -most - 1 ? -most - 1 : whole > most ? most : whole);
  }
};

Status check(View<const uint8_t>, const LayerRecord& record, Packing, const Proofs*) noexcept {
  return form_s8_allowed(record) && pool_allowed(record) ? Status::ok : Status::bad_layout;
}

void run(const LayerArgs& args) noexcept {
  if (args.record->output == Format::s16) {
    pool_run<Integers<int16_t>>(args);
  } else {
    pool_run<Integers<int8_t>>(args);
  }
}

const void* output(const LayerArgs& args) noexcept {
  if (args.record->output == Format::s16) return Pooled<Integers<int16_t>>(args).output();
  return Pooled<Integers<int8_t>>(args).output();
}

}  // namespace

const Cell rondo_pool_s8 = {Kind::pool, Type::s8, check,   pool_bytes,
                            run,        output,   nullptr, pool_parts};

}  // namespace rondo::cell
