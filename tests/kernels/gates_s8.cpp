// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Every argument of every gate: 65,536 of them, each with another remainder below its rounding
// shift, while the numbers beside it are chosen such that one step of the gate shows in a result.
#include <string.h>

#include <rondo/numeric.hpp>

#include "kernels/cases.hpp"
#include "kernels/data.hpp"
#include "kernels/pointwise_s8.hpp"

namespace rondo::engine {
namespace {

// The numbers of one unit.
struct Unit {
  int32_t t[4];
  int32_t t_h[4];
  int32_t state;
  int16_t z;
};
struct Sweep {
  const char* entry;
  const char* name;
  uint32_t bits;  // hash of all results with seed 1
  Unit (*unit)(int32_t raw, uint32_t random);
};

constexpr int32_t k_high = k_most_t;  // a gate near 1, or tanh of 1
constexpr int32_t k_low = -k_most_t;
constexpr int32_t k_half_cell = 1 << 30;

// A t whose rounded shift by n is raw: any of the 2^n.
constexpr int32_t before_rshr(int32_t raw, int n, uint32_t random) noexcept {
  return raw * (1 << n) + static_cast<int32_t>(random % (1U << n)) - (1 << (n - 1));
}
constexpr int32_t sigmoid_t(int32_t raw, uint32_t random) noexcept {
  return before_rshr(raw, 8, random);
}
constexpr int32_t tanh_t(int32_t raw, uint32_t random) noexcept {
  return before_rshr(raw, 7, random);
}
// How a sum is split between its two parts.
constexpr int32_t part(uint32_t random) noexcept {
  return any_size(mix(random, 3), 1 << 30);
}

// Order of gates: i, f, g, o.
constexpr Sweep k_sweeps[] = {
    {"lstm_s8", "sweep of i", 0xAB85D14D,
     [](int32_t raw, uint32_t random) -> Unit {
       return {{sigmoid_t(raw, random), k_low, k_high, k_high}, {}, 0, 0};
     }},
    {"lstm_s8", "sweep of f", 0x33296D5B,
     [](int32_t raw, uint32_t random) -> Unit {
       return {{k_low, sigmoid_t(raw, random), 0, k_high}, {}, k_half_cell, 0};
     }},
    {"lstm_s8", "sweep of g", 0x0F84FC3D,
     [](int32_t raw, uint32_t random) -> Unit {
       return {{k_high, k_low, tanh_t(raw, random), k_high}, {}, 0, 0};
     }},
    {"lstm_s8", "sweep of o", 0x1553EFF2,
     [](int32_t raw, uint32_t random) -> Unit {
       return {{k_low, k_high, 0, sigmoid_t(raw, random)}, {}, k_half_cell, 0};
     }},
    {"lstm_s8", "sweep of c", 0x7592948A,
     [](int32_t raw, uint32_t random) -> Unit {
       // f is 32767 / 32768 at most: what c loses on its way to tanh is added before.
       const int32_t c = before_rshr(raw, 10, random);
       return {{k_low, k_high, 0, k_high}, {}, c + c / 32767, 0};
     }},
    {"gru_s8", "sweep of r", 0x7F10C182,
     [](int32_t raw, uint32_t random) -> Unit {
       // n = tanh(A + r B) with B = 16 and A = -r B: one step of r moves its argument by two.
       const int32_t t = sigmoid_t(raw, random), split = part(random);
       const int32_t b = 1 << 23, a = -rdmulh32(b, sigmoid_gate(t) * 65536);
       return {{t - split, k_low / 2, a}, {split, k_low / 2, b}, 0, 0};
     }},
    {"gru_s8", "sweep of z", 0x5EFF7EA2,
     [](int32_t raw, uint32_t random) -> Unit {
       const int32_t split = part(random);
       return {{0, sigmoid_t(raw, random) - split, k_low}, {0, split, 0}, k_gru_one, 0};
     }},
    {"gru_s8", "sweep of n", 0xBB880BCE,
     [](int32_t raw, uint32_t random) -> Unit {
       return {{k_low, k_low, tanh_t(raw, random)}, {0, 0, 0}, 0, 0};
     }},
    {"gru_reset_s8", "sweep of r", 0x5B102F81,
     [](int32_t raw, uint32_t random) -> Unit {
       return {{sigmoid_t(raw, random), k_low}, {}, k_gru_one, 0};
     }},
    {"gru_reset_s8", "sweep of z", 0x0915460D,
     [](int32_t raw, uint32_t random) -> Unit {
       return {{k_low, sigmoid_t(raw, random)}, {}, -k_gru_one, 0};
     }},
    {"gru_update_s8", "sweep of n", 0x17473A0A,
     [](int32_t raw, uint32_t random) -> Unit {
       return {{tanh_t(raw, random)}, {}, 0, 1};
     }},
    {"gru_update_s8", "sweep of z", 0x22EA5FA2,
     [](int32_t raw, uint32_t) -> Unit {
       const int32_t z = clamp(raw < 0 ? -raw : raw, 1, 32767);
       return {{raw < 0 ? k_low : k_high},
               {},
               raw < 0 ? k_gru_one : -k_gru_one,
               static_cast<int16_t>(z)};
     }},
    {"tanh_s8", "sweep", 0xFCB45745,
     [](int32_t raw, uint32_t random) -> Unit {
       return {{tanh_t(raw, random)}, {}, 0, 0};
     }},
};

void set(BlockS8& block, const OpS8& op, uint32_t k, const Unit& unit) noexcept {
  for (uint32_t gate = 0; gate < op.gates; ++gate) {
    block.t[gate * block.units + k] = unit.t[gate];
    if (op.two_parts) block.t_h[gate * block.units + k] = unit.t_h[gate];
  }
  if (block.state != nullptr) block.state[k] = unit.state;
  if (op.z == Use::in) block.z[k] = unit.z;
}

// All that an entry gave, but for h8.
uint32_t hash_of(uint32_t hash, const BlockS8& block) noexcept {
  for (uint32_t k = 0; k < block.units; ++k) {
    if (block.state != nullptr) hash = mix(hash, static_cast<uint32_t>(block.state[k]));
    if (block.z != nullptr) hash = mix(hash, static_cast<uint32_t>(block.z[k]));
    if (block.h16 != nullptr) hash = mix(hash, static_cast<uint32_t>(block.h16[k]));
  }
  return hash;
}

// Returns the hash of the specification's results.
uint32_t run(Check& check, PointwiseS8& pointwise, const OpS8& op, const Sweep& sweep,
             uint32_t units, Outputs outputs, uint32_t thin) noexcept {
  uint32_t number = 0, hash = 0;
  for (int32_t raw = -32768; raw < 32768 && check.go_on(); raw += static_cast<int32_t>(units)) {
    if (number++ % (thin * check.options().thin) != 0) continue;
    if (!pointwise.lay_out(units, outputs, Place::end)) {
      check.leave_out();
      continue;
    }
    for (uint32_t k = 0; k < units; ++k) {
      const int32_t argument = raw + static_cast<int32_t>(k);
      const uint32_t random = mix(check.options().seed, static_cast<uint32_t>(argument));
      set(pointwise.block(), op, k, sweep.unit(argument, random));
    }
    pointwise.run(sweep.name, sweep.name);
    hash = hash_of(hash, pointwise.right());
  }
  return hash;
}

}  // namespace

void check_gates_s8(Check& check, const kernel::S8& table, const OpS8& op) noexcept {
  PointwiseS8 pointwise(check, table, op);
  for (const Sweep& sweep : k_sweeps) {
    if (strcmp(sweep.entry, op.name) != 0) continue;
    const uint32_t most = most_units(op.gates, check.options().packing);
    const Outputs most_bits = op.one_output ? Outputs::s16 : Outputs::both;
    const uint32_t bits = run(check, pointwise, op, sweep, most, most_bits, 1);
    // The specification, compiled for this machine, is held to what it was elsewhere.
    if (check.options().seed == 1 && check.options().thin == 1 && check.go_on() &&
        bits != sweep.bits) {
      check.fail(sweep.name, ": other bits than ", sweep.bits, " from the specification: ", bits);
    }
    // Remainders may have code of their own; an eighth of the arguments is enough for it.
    run(check, pointwise, op, sweep, 4, op.one_output ? Outputs::s8 : Outputs::both, 8);
  }
}

}  // namespace rondo::engine
