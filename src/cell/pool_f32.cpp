// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Pooling over time of floats: the last vector, the mean or the maximum of all steps since reset.
#include "cell/pool.hpp"

namespace rondo::cell {
namespace {

// Sums are floats, added one step after the other.
struct Floats {
  using X = float;
  using Sum = float;

  static float add(float sum, float x) noexcept { return sum + x; }
  // NaN is greater than any number: the first one stays. Of equals (0 and -0) the first stays.
  static float greater(float a, float b) noexcept { return a == a && !(b <= a) ? b : a; }
  static float mean(float sum, uint64_t count) noexcept { return sum / static_cast<float>(count); }
};

Status check(View<const uint8_t>, const LayerRecord& record, Packing, const Proofs*) noexcept {
  return form_f32_allowed(record) && pool_allowed(record) ? Status::ok : Status::bad_layout;
}

const void* output(const LayerArgs& args) noexcept {
  return Pooled<Floats>(args).output();
}

}  // namespace

const Cell rondo_pool_f32 = {Kind::pool,       Type::f32, check,   pool_bytes,
                             pool_run<Floats>, output,    nullptr, pool_parts};

}  // namespace rondo::cell
