// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Every float kernel set gives the bits of the scalar kernels built with fused multiply-add, over
// random numbers and special ones. NaN is NaN, whatever its payload.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <rondo/crc32.hpp>

#include "kernels/sets_f32.hpp"

using namespace rondo;
using rondo::test::bits_of;
using rondo::test::float_of;
using rondo::test::SetF32;

namespace {

constexpr float k_infinity = std::numeric_limits<float>::infinity();
constexpr float k_nan = std::numeric_limits<float>::quiet_NaN();
constexpr float k_specials[] = {
    0.0F,   -0.0F,  1e-45F, -1e-40F, 1.1754944e-38F, 3e-8F,      -3e-8F,      0.25F,  0.3465736F,
    -1.0F,  9.01F,  -9.02F, 10.0F,   17.4F,          -16.6F,     30.0F,       -87.0F, -88.3F,
    -88.4F, -89.0F, 100.0F, -1e10F,  3.4e38F,        k_infinity, -k_infinity, k_nan};

enum class Numbers { ordinary, any_bits, special };

class Source {
 public:
  Source(Numbers kind, std::uint32_t seed, bool denormals)
      : kind_(kind), random_(seed), denormals_(denormals) {}

  Numbers kind() const { return kind_; }
  std::vector<float> take(std::size_t count) {
    std::vector<float> numbers(count);
    for (float& x : numbers) x = next();
    return numbers;
  }

 private:
  float next() {
    float x = 0.0F;
    if (kind_ == Numbers::ordinary) {
      const float sizes[] = {0.01F, 1.0F, 4.0F, 30.0F};
      x = std::uniform_real_distribution<float>(-1.0F, 1.0F)(random_) * sizes[random_() % 4];
    } else if (kind_ == Numbers::any_bits) {
      x = float_of(static_cast<std::uint32_t>(random_()));
    } else {
      x = k_specials[random_() % std::size(k_specials)];
    }
    return !denormals_ && std::abs(x) < std::numeric_limits<float>::min() ? 0.0F : x;
  }

  Numbers kind_;
  std::mt19937 random_;
  bool denormals_;
};

// ARMv7: NEON takes denormals for 0. Lost beside a greater number, one may turn a tie: one step of
// a float. And a divisor just below a power of two gives one step too little (neon_f32.cpp).
bool same(float got, float right, bool exact) {
  if (std::isnan(right)) return std::isnan(got);
  if (bits_of(got) == bits_of(right)) return true;
  const float step = std::nextafter(std::abs(right), k_infinity) - std::abs(right);
  return !exact && std::abs(got - right) <= std::max(0x1p-126F, step);
}

void compare(const SetF32& set, const std::vector<float>& got, const std::vector<float>& right) {
  for (std::size_t i = 0; i < right.size(); ++i) {
    if (same(got[i], right[i], set.keeps_denormals)) continue;
    CAPTURE(i);
    CHECK(bits_of(got[i]) == bits_of(right[i]));
    return;
  }
}

// Calls check(set, numbers) for every set and kind of numbers, some rounds each.
template <class Check>
void for_all_sets(Check check) {
  const kernel::F32* const specification = test::specification_f32();
  if (specification == nullptr) {
    MESSAGE("skipped: this CPU has no fused multiply-add");
    return;
  }
  const std::vector<SetF32> sets = test::vector_sets_f32();
  CHECK(!sets.empty());
  for (const SetF32& set : sets) {
    CAPTURE(set.name);
    for (const Numbers kind : {Numbers::ordinary, Numbers::any_bits, Numbers::special}) {
      CAPTURE(static_cast<int>(kind));
      for (std::uint32_t seed = 1; seed <= 8; ++seed) {
        CAPTURE(seed);
        check(set, *specification, Source(kind, seed, set.keeps_denormals));
      }
    }
  }
}

// t must be aligned; so much room is enough for any shape below.
struct alignas(64) Scratch {
  float t[9 * 64];
  std::vector<float> copy(std::size_t count) const { return {t, t + count}; }
};

std::vector<float> product(const kernel::F32& table, std::uint32_t rows, std::uint32_t count,
                           bool in_place, const std::vector<float>& w, const std::vector<float>& x,
                           const std::vector<float>& from) {
  static Scratch scratch;
  const auto inputs = static_cast<std::uint32_t>(w.size()) / rows;
  std::copy(from.begin(), from.end(), scratch.t);
  const float* const start = in_place ? scratch.t : from.data();
  table.product_f32({w.data(), rows, inputs, count, x.data(), 4 * inputs, start,
                     in_place ? std::size_t{256} : 0, scratch.t, 256});
  return scratch.copy(std::size_t{64} * count);
}

}  // namespace

TEST_CASE("a step of an LSTM has the bits of its products and its cell, block by block") {
  for_all_sets([](const SetF32& set, const kernel::F32& specification, Source source) {
    // Sums are large: a gate of 1e-38, taken for 0, has no bound. There its own products and cell.
    const kernel::F32& right = set.keeps_denormals ? specification : *set.table;
    for (const std::uint32_t units : {4U, 16U, 20U, 24U, 28U, 32U, 36U, 52U}) {
      for (const std::uint32_t inputs : {0U, 1U, 5U, 57U}) {
        for (const std::uint32_t block_units : {8U, 16U}) {
          CAPTURE(units);
          CAPTURE(inputs);
          CAPTURE(block_units);
          const std::uint32_t states = units - 3;
          const auto from = source.take(std::size_t{4} * units), x = source.take(inputs);
          // One number at least, so that there is an address.
          const auto w = source.take(from.size() * std::max(inputs, 1U)),
                     u = source.take(from.size() * states);
          auto c = source.take(units), h = source.take(units), right_c = c, right_h = h;
          std::vector<float> last_h(units);
          static Scratch t;
          set.table->lstm_step_f32({units, block_units, from.data(), w.data(), x.data(), inputs,
                                    u.data(), states, last_h.data(), t.t, c.data(), h.data()});
          const std::vector<float> h_before = right_h;
          for (std::uint32_t unit = 0; unit < units; unit += block_units) {
            const std::uint32_t count = std::min(block_units, units - unit), rows = 4 * count;
            right.product_f32({w.data() + std::size_t{4} * unit * inputs, rows, inputs, 1, x.data(),
                               0, from.data() + std::size_t{4} * unit, 0, t.t, 0});
            right.product_f32({u.data() + std::size_t{4} * unit * states, rows, states, 1,
                               h_before.data(), 0, t.t, 0, t.t, 0});
            right.lstm_f32({t.t, count, right_c.data() + unit, right_h.data() + unit});
          }
          compare(set, c, right_c);
          compare(set, h, right_h);
        }
      }
    }
  });
}

TEST_CASE("a step of a GRU has the bits of its products and its cell, block by block") {
  for_all_sets([](const SetF32& set, const kernel::F32& specification, Source source) {
    const kernel::F32& right = set.keeps_denormals ? specification : *set.table;  // as above
    for (const std::uint32_t units : {4U, 16U, 20U, 32U, 36U, 52U}) {
      for (const std::uint32_t inputs : {0U, 1U, 5U, 57U}) {
        for (const std::uint32_t block_units : {8U, 16U}) {
          CAPTURE(units);
          CAPTURE(inputs);
          CAPTURE(block_units);
          const std::uint32_t states = units - 3;
          const auto bias = source.take(std::size_t{4} * units),
                     sums = source.take(std::size_t{3} * units), x = source.take(inputs);
          const auto w = source.take(sums.size() * std::max(inputs, 1U)),
                     u = source.take(sums.size() * states);
          auto h = source.take(units), right_h = h;
          const std::vector<float> h_before = h;
          std::vector<float> last_h(units);
          static Scratch t, t_h;
          const bool from_bias = inputs != 0;  // else from sums, as of several steps together
          set.table->gru_step_f32({units, block_units, from_bias ? bias.data() : sums.data(),
                                   w.data(), x.data(), inputs, u.data(), states, last_h.data(), t.t,
                                   nullptr, h.data(), bias.data(), t_h.t});
          for (std::uint32_t unit = 0; unit < units; unit += block_units) {
            const std::uint32_t count = std::min(block_units, units - unit), rows = 3 * count;
            const float* const block_bias = bias.data() + std::size_t{4} * unit;
            const float* const from = from_bias ? block_bias : sums.data() + std::size_t{3} * unit;
            right.product_f32({w.data() + std::size_t{3} * unit * inputs, rows, inputs, 1, x.data(),
                               0, from, 0, t.t, 0});
            std::fill_n(t_h.t, 2 * count, 0.0F);
            std::copy_n(block_bias + 3 * count, count, t_h.t + 2 * count);
            right.product_f32({u.data() + std::size_t{3} * unit * states, rows, states, 1,
                               h_before.data(), 0, t_h.t, 0, t_h.t, 0});
            right.gru_f32({t.t, t_h.t, count, right_h.data() + unit});
          }
          compare(set, h, right_h);
        }
      }
    }
  });
}

TEST_CASE("products are the same bits in every set with fused multiply-add") {
  for_all_sets([](const SetF32& set, const kernel::F32& right, Source source) {
    for (std::uint32_t rows = 4; rows <= 64; rows += 4) {
      for (const std::uint32_t inputs : {1U, 2U, 5U, 57U}) {
        for (const std::uint32_t count : {1U, 2U, 3U, 4U, 5U, 7U, 9U}) {
          const std::vector<float> w = source.take(std::size_t{rows} * inputs);
          const std::vector<float> x = source.take(std::size_t{count} * inputs);
          const std::vector<float> from = source.take(std::size_t{64} * count);
          for (const bool in_place : {false, true}) {
            CAPTURE(rows);
            CAPTURE(inputs);
            CAPTURE(count);
            CAPTURE(in_place);
            compare(set, product(*set.table, rows, count, in_place, w, x, from),
                    product(right, rows, count, in_place, w, x, from));
          }
        }
      }
    }
  });
}

TEST_CASE("a vector's product does not depend on the vectors beside it") {
  for (const SetF32& set : test::vector_sets_f32()) {
    CAPTURE(set.name);
    Source source(Numbers::ordinary, 1, set.keeps_denormals);
    for (std::uint32_t rows = 4; rows <= 64; rows += 4) {
      const std::uint32_t inputs = 20, count = 9;
      const std::vector<float> w = source.take(std::size_t{rows} * inputs);
      const std::vector<float> x = source.take(std::size_t{count} * inputs);
      const std::vector<float> bias = source.take(64);
      const std::vector<float> together = product(*set.table, rows, count, false, w, x, bias);
      for (std::uint32_t v = 0; v < count; ++v) {
        const float* const x_v = x.data() + std::size_t{v} * inputs;
        const std::vector<float> one(x_v, x_v + inputs);
        const std::vector<float> alone = product(*set.table, rows, 1, false, w, one, bias);
        for (std::uint32_t r = 0; r < rows; ++r) {
          CHECK(bits_of(alone[r]) == bits_of(together[v * 64 + r]));
        }
      }
    }
  }
}

TEST_CASE("columns and tanh are the same bits in every set with fused multiply-add") {
  for_all_sets([](const SetF32& set, const kernel::F32& right, Source source) {
    for (std::uint32_t rows = 4; rows <= 64; rows += 4) {
      CAPTURE(rows);
      const std::vector<float> w = source.take(rows), from = source.take(rows);
      Scratch a = {}, b = {};
      set.table->column_f32({w.data(), rows, from.data(), a.t});
      right.column_f32({w.data(), rows, from.data(), b.t});
      compare(set, a.copy(rows), b.copy(rows));
      std::copy(w.begin(), w.end(), a.t);
      set.table->tanh_f32({a.t, rows, a.t + 64});
      right.tanh_f32({a.t, rows, b.t + 64});
      compare(set, {a.t + 64, a.t + 64 + rows}, {b.t + 64, b.t + 64 + rows});
    }
  });
}

TEST_CASE("cells are the same bits in every set with fused multiply-add") {
  for_all_sets([](const SetF32& set, const kernel::F32& right, Source source) {
    // A gate of 1e-38, taken for 0, times a state of 1e38: no bound.
    if (!set.keeps_denormals && source.kind() != Numbers::ordinary) return;
    for (std::uint32_t units = 4; units <= 16; units += 4) {
      CAPTURE(units);
      for (int round = 0; round < 16; ++round) {
        Scratch t = {}, t_h = {};
        const std::vector<float> numbers = source.take(128), states = source.take(32);
        std::copy(numbers.begin(), numbers.begin() + 64, t.t);
        std::copy(numbers.begin() + 64, numbers.end(), t_h.t);
        // state | another | outputs
        std::vector<float> a(64), b(64);
        const auto both = [&](auto call) {
          std::copy(states.begin(), states.end(), a.begin());
          std::copy(states.begin(), states.end(), b.begin());
          call(*set.table, a.data());
          call(right, b.data());
          compare(set, a, b);
        };
        both([&](const kernel::F32& f, float* s) { f.lstm_f32({t.t, units, s, s + 32}); });
        both([&](const kernel::F32& f, float* s) { f.gru_f32({t.t, t_h.t, units, s}); });
        both([&](const kernel::F32& f, float* s) {
          f.gru_reset_f32({t.t, units, s, s + 32, s + 48});
        });
        both([&](const kernel::F32& f, float* s) { f.gru_update_f32({t.t, units, s + 16, s}); });
      }
    }
  });
}

// Every 1009th float: 4 million arguments, all exponents, and many NaN.
TEST_CASE("sigmoid and tanh are the same bits over all kinds of floats") {
  const kernel::F32* const right = test::specification_f32();
  if (right == nullptr) return;
  constexpr std::uint32_t step = 1009;
  const std::vector<float> ones(16, 1.0F);
  alignas(64) float t[32];
  const auto run = [&](const kernel::F32& table, float* out) {
    table.tanh_f32({t, 32, out});
    table.gru_reset_f32({t, 16, ones.data(), out + 32, out + 48});
  };
  const std::vector<SetF32> sets = test::vector_sets_f32();
  std::vector<std::size_t> different(sets.size());
  std::uint32_t crc = 0;
  for (std::uint64_t first = 0; first < (std::uint64_t{1} << 32); first += step * 32) {
    for (std::uint32_t k = 0; k < 32; ++k) {
      t[k] = float_of(static_cast<std::uint32_t>(first + std::uint64_t{step} * k));
    }
    std::vector<float> bits(64), got(64);
    run(*right, bits.data());
    for (std::size_t s = 0; s < sets.size(); ++s) {
      run(*sets[s].table, got.data());
      for (std::uint32_t k = 0; k < 64; ++k) {
        if (!same(got[k], bits[k], sets[s].keeps_denormals)) ++different[s];
      }
    }
    for (float& x : bits) x = std::isnan(x) ? 2.0F : x;
    crc = crc32(reinterpret_cast<const std::uint8_t*>(bits.data()), sizeof(float) * 64, crc);
  }
  for (std::size_t s = 0; s < sets.size(); ++s) {
    CAPTURE(sets[s].name);
    CHECK(different[s] == 0);
  }
  CHECK(crc == 0xDFD8812EU);  // of all machines alike: x86-64, AArch64, ARMv7
}
