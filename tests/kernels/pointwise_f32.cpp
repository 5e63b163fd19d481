// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The pointwise float entries, against double precision: what must come out, and how far from it a
// kernel may be.
#include "kernels/cases.hpp"
#include "kernels/data.hpp"
#include "kernels/engine.hpp"
#include "kernels/exact.hpp"

namespace rondo::engine {
namespace {

// What sigmoid and tanh of a float may be off: two steps of a float just below 1. (The scalar ones
// are within 9.0e-8 on -20 .. 20, measured at every millionth.)
constexpr double k_gate = 1.2e-7;
constexpr double k_u = 1.0 / (1 << 24);  // half a step: the error of one operation near 1
constexpr double k_second_order = 1.001;

struct Block {
  float* t;
  float* t_h;
  uint32_t units;
  float* state;  // c or h
  float* z;
  float* h;  // h or rh
};
struct Number {
  double value, bound;
};
// What one unit reads and what it must give.
struct Unit {
  double t[4], t_h[4];
  double state, z;
  Number new_state, new_z, new_h;
};

struct Op {
  const char* name;
  uint32_t gates;
  bool two_parts, has_state, keeps_state, reads_z, writes_z, writes_h;
  void (*call)(const kernel::F32& table, const Block& block);
  void (*right)(Unit& unit);
};

constexpr double size_of(double x) noexcept {
  return x < 0.0 ? -x : x;
}

// c' = f c + i g: f is off by k_gate, times |c|; i and g each, times at most 1; three roundings.
// h = o tanh(c'): tanh is nowhere steeper than 1.
void right_lstm(Unit& u) {
  const double i = exact_sigmoid(u.t[0]), f = exact_sigmoid(u.t[1]);
  const double g = exact_tanh(u.t[2]), o = exact_sigmoid(u.t[3]);
  const double c = f * u.state + i * g;
  const double bound = k_gate * (size_of(u.state) + 2.0) + 2.0 * k_u * (size_of(u.state) + 1.0);
  u.new_state = {c, bound};
  u.new_h = {o * exact_tanh(c), 2.0 * k_gate + bound + k_u};
}

// n + z (h - n), where n is off by so much and z by k_gate or not at all.
Number mixed(double n, double bound_n, double z, double bound_z, double h) {
  const double distance = size_of(h - n);
  return {n + z * (h - n), bound_n + bound_z * distance + 3.0 * k_u * (distance + 1.0)};
}

// The sum of two parts is rounded before a gate reads it; sigmoid is at most 1/4 steep, x times its
// steepness at most 0.23. r errs by that, times |t_h| it moves the argument of n.
void right_gru(Unit& u) {
  const double gate = k_gate + 0.23 * k_u;
  const double r = exact_sigmoid(u.t[0] + u.t_h[0]), z = exact_sigmoid(u.t[1] + u.t_h[1]);
  const double argument = u.t[2] + r * u.t_h[2];
  const double moved = (gate + k_u) * size_of(u.t_h[2]) + k_u * size_of(argument);
  u.new_state = mixed(exact_tanh(argument), k_gate + moved, z, gate, u.state);
}

void right_gru_reset(Unit& u) {
  u.new_z = {exact_sigmoid(u.t[1]), k_gate};
  u.new_h = {exact_sigmoid(u.t[0]) * u.state, (k_gate + k_u) * size_of(u.state)};
}

void right_gru_update(Unit& u) {
  u.new_state = mixed(exact_tanh(u.t[0]), k_gate, u.z, 0.0, u.state);
}

void right_tanh(Unit& u) {
  u.new_h = {exact_tanh(u.t[0]), k_gate};
}

const Op k_ops[] = {
    {"lstm_f32", 4, false, true, true, false, false, true,
     [](const kernel::F32& table, const Block& b) {
       table.lstm_f32({b.t, b.units, b.state, b.h});
     },
     right_lstm},
    {"gru_f32", 3, true, true, true, false, false, false,
     [](const kernel::F32& table, const Block& b) {
       table.gru_f32({b.t, b.t_h, b.units, b.state});
     },
     right_gru},
    {"gru_reset_f32", 2, false, true, false, false, true, true,
     [](const kernel::F32& table, const Block& b) {
       table.gru_reset_f32({b.t, b.units, b.state, b.z, b.h});
     },
     right_gru_reset},
    {"gru_update_f32", 1, false, true, true, true, false, false,
     [](const kernel::F32& table, const Block& b) {
       table.gru_update_f32({b.t, b.units, b.z, b.state});
     },
     right_gru_update},
    {"tanh_f32", 1, false, false, false, false, false, true,
     [](const kernel::F32& table, const Block& b) {
       table.tanh_f32({b.t, b.units, b.h});
     },
     right_tanh},
};

// From gates that are straight to gates that are flat, and far beyond the range of exp.
constexpr float k_limits[] = {0.1F, 1.0F, 8.0F, 20.0F, 200.0F, 3e38F};

struct Case {
  uint32_t units;
  Pattern t, state;
  float limit;
  Place place;
  uint32_t seed;
};

class PointwiseCheck {
 public:
  PointwiseCheck(Check& check, const kernel::F32& table, const Op& op) noexcept
      : check_(check), table_(table), op_(op) {}

  void run(const Case& c) noexcept {
    c_ = c;
    if (!lay_out()) return check_.leave_out();
    for (uint32_t i = 0; i < op_.gates * c.units; ++i) {
      block_.t[i] = float_at(c.t, c.limit, c.seed, i / c.units, i % c.units);
      // Bounded, since the error of n grows with it.
      if (op_.two_parts) block_.t_h[i] = float_at(c.t, 4.0F, c.seed, i / c.units + 8, i % c.units);
    }
    for (uint32_t k = 0; k < c.units; ++k) {
      if (op_.has_state) block_.state[k] = before_[k] = float_at(c.state, 1.5F, c.seed, 20, k);
      if (op_.reads_z) {
        block_.z[k] = static_cast<float>(mix(c.seed, k, 21) % 1025) / 1024.0F;
      }
    }
    if (!check_.runs([this] { op_.call(table_, block_); })) return fail("memory fault");
    for (uint32_t k = 0; k < c.units; ++k) {
      if (!compare(k)) return;
    }
    if (const char* const name = check_.memory().broken()) fail("wrote outside of ", name);
  }

 private:
  template <class... Parts>
  void fail(Parts... parts) noexcept {
    check_.fail(c_.units, " units, t ", name_of(c_.t), " up to ", double{c_.limit}, ", state ",
                name_of(c_.state), ", arrays at ", name_of(c_.place), ": ", parts...);
  }

  bool lay_out() noexcept {
    Memory& memory = check_.memory();
    memory.clear(c_.place);
    block_ = {};
    block_.units = c_.units;
    const uint32_t words = op_.gates * c_.units;
    block_.t = memory.take<float>("t", words, k_scratch_align);
    if (op_.two_parts) block_.t_h = memory.take<float>("t_h", words, k_scratch_align);
    if (op_.has_state) {
      block_.state = memory.take<float>("state", c_.units);
      before_ = memory.take<float>("before", c_.units);
    }
    if (op_.reads_z || op_.writes_z) block_.z = memory.take<float>("z", c_.units);
    if (op_.writes_h) block_.h = memory.take<float>("h", c_.units);
    return memory.complete();
  }

  bool compare(uint32_t k) noexcept {
    Unit u = {};
    for (uint32_t gate = 0; gate < op_.gates; ++gate) {
      u.t[gate] = block_.t[gate * c_.units + k];
      if (op_.two_parts) u.t_h[gate] = block_.t_h[gate * c_.units + k];
    }
    if (op_.has_state) u.state = before_[k];
    if (op_.reads_z) u.z = block_.z[k];
    op_.right(u);
    return (!op_.keeps_state || near("state", k, block_.state, u.new_state)) &&
           (!op_.writes_z || near("z", k, block_.z, u.new_z)) &&
           (!op_.writes_h || near("h", k, block_.h, u.new_h));
  }

  bool near(const char* what, uint32_t k, const float* got, const Number& right) noexcept {
    const double bound = right.bound * k_second_order;
    if (size_of(double{got[k]} - right.value) <= bound) return true;  // NaN is not
    fail(what, "[", k, "] is ", double{got[k]}, ", must be ", right.value, " but for ", bound);
    return false;
  }

  Check& check_;
  const kernel::F32& table_;
  const Op& op_;
  Case c_ = {};
  Block block_ = {};
  float* before_ = nullptr;
};

}  // namespace

void check_pointwise_f32(Check& check, const kernel::F32& table) noexcept {
  for (const Op& op : k_ops) {
    uint32_t number = 0;
    const bool asked = check.begin(op.name);
    PointwiseCheck pointwise(check, table, op);
    const uint32_t most = most_units(op.gates, check.options().packing);
    for (uint32_t units = 4; asked && units <= most; units += 4) {
      for (const float limit : k_limits) {
        for (uint32_t pair = 0; pair < k_patterns * k_patterns && check.go_on(); ++pair) {
          const uint32_t seed = mix(check.options().seed, ++number);
          pointwise.run({units, static_cast<Pattern>(pair / k_patterns),
                         static_cast<Pattern>(pair % k_patterns), limit,
                         static_cast<Place>(seed % k_places), seed});
        }
      }
    }
    check.end();
  }
}

}  // namespace rondo::engine
