// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See pointwise_s8.hpp.
#include "kernels/pointwise_s8.hpp"

#include <string.h>

#include <rondo/numeric.hpp>

#include "kernels/cases.hpp"
#include "kernels/data.hpp"

namespace rondo::engine {

const OpS8 k_op_s8[k_ops_s8] = {
    {"lstm_s8", 4, false, Use::in_out, INT32_MAX, Use::none, false,
     [](const kernel::S8& table, const BlockS8& b) {
       table.lstm_s8({b.t, b.units, b.state, b.h8, b.h16});
     }},
    {"gru_s8", 3, true, Use::in_out, k_gru_one, Use::none, false,
     [](const kernel::S8& table, const BlockS8& b) {
       table.gru_s8({b.t, b.t_h, b.units, b.state, b.h8, b.h16});
     }},
    {"gru_reset_s8", 2, false, Use::in, k_gru_one, Use::out, true,
     [](const kernel::S8& table, const BlockS8& b) {
       table.gru_reset_s8({b.t, b.units, b.state, b.z, b.h8, b.h16});
     }},
    {"gru_update_s8", 1, false, Use::in_out, k_gru_one, Use::in, false,
     [](const kernel::S8& table, const BlockS8& b) {
       table.gru_update_s8({b.t, b.units, b.z, b.state, b.h8, b.h16});
     }},
    {"tanh_s8", 1, false, Use::none, 0, Use::none, false,
     [](const kernel::S8& table, const BlockS8& b) {
       table.tanh_s8({b.t, b.units, b.h8, b.h16});
     }},
};

bool PointwiseS8::lay_out(uint32_t units, Outputs outputs, Place place) noexcept {
  Memory& memory = check_.memory();
  memory.clear(place);
  place_ = place;
  const bool s8 = outputs != Outputs::s16, s16 = outputs != Outputs::s8;
  const uint32_t words = op_.gates * units;
  block_ = right_ = {};
  block_.units = right_.units = units;
  block_.t = right_.t = memory.take<int32_t>("t", words, k_scratch_align);
  if (op_.two_parts) {
    block_.t_h = right_.t_h = memory.take<int32_t>("t_h", words, k_scratch_align);
  }
  BlockS8* const blocks[] = {&block_, &right_};
  for (BlockS8* const b : blocks) {
    if (op_.state != Use::none) b->state = memory.take<int32_t>("state", units);
    if (op_.z != Use::none) b->z = memory.take<int16_t>("z", units, 4);
    if (s8) b->h8 = memory.take<int8_t>("h8", units, 4);
    if (s16) b->h16 = memory.take<int16_t>("h16", units, 4);
  }
  return memory.complete();
}

template <class... Parts>
void PointwiseS8::fail(Parts... parts) noexcept {
  check_.fail(block_.units, " units, t ", t_pattern_, ", state ", state_pattern_,
              block_.h8 == nullptr ? ", no h8" : "", block_.h16 == nullptr ? ", no h16" : "",
              ", arrays at ", name_of(place_), ": ", parts...);
}

template <class T>
bool PointwiseS8::same(const char* what, const T* got, const T* right) noexcept {
  if (got == nullptr) return true;
  for (uint32_t k = 0; k < block_.units; ++k) {
    if (got[k] != right[k]) {
      fail(what, "[", k, "] is ", int32_t{got[k]}, ", must be ", int32_t{right[k]});
      return false;
    }
  }
  return true;
}

void PointwiseS8::run(const char* t_pattern, const char* state_pattern) noexcept {
  t_pattern_ = t_pattern;
  state_pattern_ = state_pattern;
  const uint32_t units = block_.units;
  if (block_.state != nullptr) memcpy(right_.state, block_.state, units * sizeof(int32_t));
  if (op_.z == Use::in) memcpy(right_.z, block_.z, units * sizeof(int16_t));
  op_.call(kernel::k_scalar_s8, right_);
  if (!check_.runs([this] { op_.call(table_, block_); })) return fail("memory fault");
  if (!same("state", block_.state, right_.state) || !same("z", block_.z, right_.z) ||
      !same("h8", block_.h8, right_.h8) || !same("h16", block_.h16, right_.h16)) {
    return;
  }
  if (const char* const name = check_.memory().broken()) fail("wrote outside of ", name);
}

namespace {

// The input's and the other part of an argument may each be anything, as long as they stay below
// the bound together.
void fill(BlockS8& block, const OpS8& op, Pattern t, Pattern state, uint32_t seed) noexcept {
  for (uint32_t i = 0; i < op.gates * block.units; ++i) {
    const uint32_t gate = i / block.units, unit = i % block.units;
    block.t[i] = word_at(t, k_most_t, seed, gate, unit);
    if (!op.two_parts) continue;
    const int32_t size = block.t[i] < 0 ? -block.t[i] : block.t[i];
    const Pattern other = static_cast<Pattern>(mix(seed, i, 90) % k_patterns);
    block.t_h[i] = word_at(other, k_most_t - size, seed, gate + 8, unit);
    if (mix(seed, i, 91) % 2 == 0) {
      const int32_t part = block.t[i];
      block.t[i] = block.t_h[i];
      block.t_h[i] = part;
    }
  }
  for (uint32_t k = 0; k < block.units; ++k) {
    if (block.state != nullptr) block.state[k] = word_at(state, op.most_state, seed, 92, k);
    // A gate's output: 1 .. 32767.
    if (op.z == Use::in) block.z[k] = static_cast<int16_t>(1 + mix(seed, k, 93) % 32767);
  }
  // The one number that has no opposite; a cell may reach it.
  if (block.state != nullptr && op.most_state == INT32_MAX && seed % 3 == 0) {
    block.state[seed / 3 % block.units] = INT32_MIN;
  }
}

// All sizes of a block, all pairs of patterns, all wishes and places.
void check_blocks(Check& check, const kernel::S8& table, const OpS8& op) noexcept {
  PointwiseS8 pointwise(check, table, op);
  uint32_t number = 0;
  const uint32_t most = most_units(op.gates, check.options().packing);
  for (uint32_t units = 4; units <= most; units += 4) {
    for (uint32_t pair = 0; pair < k_patterns * k_patterns; ++pair) {
      for (uint32_t wish = op.one_output ? 1 : 0; wish < k_outputs; ++wish) {
        for (uint32_t place = 0; place < k_places; ++place) {
          if (!check.go_on()) return;
          if (!pointwise.lay_out(units, static_cast<Outputs>(wish), static_cast<Place>(place))) {
            check.leave_out();
            continue;
          }
          const Pattern t = static_cast<Pattern>(pair / k_patterns);
          const Pattern state = static_cast<Pattern>(pair % k_patterns);
          fill(pointwise.block(), op, t, state, mix(check.options().seed, ++number));
          pointwise.run(name_of(t), name_of(state));
        }
      }
    }
  }
}

}  // namespace

void check_pointwise_s8(Check& check, const kernel::S8& table) noexcept {
  for (const OpS8& op : k_op_s8) {
    if (check.begin(op.name)) {
      check_blocks(check, table, op);
      check_gates_s8(check, table, op);
    }
    check.end();
  }
}

}  // namespace rondo::engine
