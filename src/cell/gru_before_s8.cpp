// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 GRU cell with the reset before the product (linear_before_reset = 0 of ONNX): all r and
// z first; then r * h, rounded to an activation, goes through U_n in a second pass.
#include "cell/check.hpp"
#include "cell/recurrent_s8.hpp"

namespace rondo::cell {
namespace {

// What the first pass leaves for the second, in the own bytes: z int16[units], then r * h as int8
// or int16 [units]. Of rh8 and rh16 one is nullptr.
struct Between {
  int16_t* z;
  int8_t* rh8;
  int16_t* rh16;

  Between(const LayerRecord& record, uint8_t* own) noexcept {
    const size_t units = round_up(record.outputs, 4);
    const bool wide = record.recurrent == Format::s16;
    z = in<int16_t>(own);
    rh8 = wide ? nullptr : in<int8_t>(own, 2 * units);
    rh16 = wide ? z + units : nullptr;
  }
};

// Not inlined, as the second: what both need would stay on the stack together.
[[gnu::noinline]] void first_pass(const LayerArgs& args, const RecurrentS8& net,
                                  const Between& between) noexcept {
  WalkS8 walk(args);
  int32_t* const t = net.t();
  net.start(walk);
  do {
    const uint32_t unit = walk.unit;
    walk.add_state(walk.input_part(), t);
    kernels_s8(args).gru_reset_s8({t, walk.units, net.main() + unit, between.z + unit,
                                   between.rh8 == nullptr ? nullptr : between.rh8 + unit,
                                   between.rh16 == nullptr ? nullptr : between.rh16 + unit});
  } while (walk.next());
}

[[gnu::noinline]] void second_pass(const LayerArgs& args, const RecurrentS8& net,
                                   const Between& between) noexcept {
  WalkS8 walk(args);
  int32_t* const t = net.t();
  net.prepare_h(between.rh8 == nullptr ? static_cast<const void*>(between.rh16)
                                       : static_cast<const void*>(between.rh8));
  net.start_candidate(walk);
  do {
    const uint32_t unit = walk.unit;
    walk.add_state(walk.input_part(), t);
    kernels_s8(args).gru_update_s8(
        {t, walk.units, between.z + unit, net.main() + unit, net.h8(unit), net.h16(unit)});
  } while (walk.next());
}

void run(const LayerArgs& args) noexcept {
  RecurrentS8 net(args);
  const Between between(*args.record, net.own());
  net.each_step([&] {
    first_pass(args, net, between);
    second_pass(args, net, between);
  });
}

// The rows of n, besides what every recurrent cell has.
Status check(View<const uint8_t> image, const LayerRecord& record, Packing packing,
             const Proofs* proofs) noexcept {
  const Status status = layer_s8_check(image, record, packing, proofs);
  if (status != Status::ok) return status;
  const GatesS8 rows = candidate_s8(record, packing);
  LayerRecord candidate = record;
  candidate.w = rows.w;
  candidate.u = rows.u;
  candidate.scale_w = rows.scale_w;
  candidate.scale_u = rows.scale_u;
  candidate.sums_w = rows.sums_w;
  candidate.sums_u = rows.sums_u;
  candidate.bias = rows.bias;
  return check_rows_s8(image, candidate, 1, packing, proofs);
}

}  // namespace

const Cell rondo_gru_before_s8 = {Kind::gru_before,
                                  Type::s8,
                                  check,
                                  recurrent_s8_bytes,
                                  run,
                                  recurrent_s8_output,
                                  k_has_initial ? gru_s8_reset : nullptr,
                                  recurrent_s8_parts};

}  // namespace rondo::cell
