// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The entries for a whole step of a layer, of the kernel sets that have them, against the
// specification going from block to block.
#include <string.h>

#include <rondo/numeric.hpp>

#include "kernels/cases.hpp"
#include "kernels/data.hpp"
#include "kernels/engine.hpp"

namespace rondo::engine {
namespace {

using kernel::ProductS8;
using kernel::S8;
using kernel::StepS8;

// 96 units: the first pair of blocks, one that follows, one that follows that; and each rest.
constexpr uint32_t k_most_step_units = 124;
constexpr uint32_t k_step_inputs[] = {1, 4, 13, 32, 57, 100};
constexpr int32_t k_most_bias = 1 << 29;

// wide: h has 16 bits, and so has x where it is an operand
enum class Input : uint8_t { operand, operand_wide, sums, sums_wide };
constexpr const char* k_input_names[] = {"operand", "wide operand", "sums", "sums, wide h"};
constexpr uint32_t k_step_inputs_kinds = 4;
constexpr const char* name_of(Input input) noexcept {
  return k_input_names[static_cast<uint32_t>(input)];
}

// What a step changes.
struct Out {
  int32_t* state;
  int8_t* h8;
  int16_t* h16;
};

struct StepCase {
  Kind kind;
  Input input;
  uint32_t units, inputs;
  Place place;
  uint32_t seed;
};

class StepCheck {
 public:
  StepCheck(Check& check, const S8& table, const StepCase& c) noexcept
      : check_(check),
        table_(table),
        c_(c),
        shape_(shape_of(gates_of(c.kind), Type::s8, c.units, Packing::host)) {}

  void run() noexcept {
    if (!lay_out()) return check_.leave_out();
    fill();
    u_.product.from = sums_;
    StepS8 step = {w_.product, u_.product, wide(), c_.units, bias_, got_.state, got_.h8, got_.h16};
    if (!is_operand()) step.w.x = nullptr;
    specification();
    const auto entry = c_.kind == Kind::lstm ? table_.lstm_step_s8 : table_.gru_step_s8;
    if (!check_.runs([&] { entry(step); })) return fail("memory fault");
    if (same("state", got_.state, right_.state) && same("h8", got_.h8, right_.h8) &&
        same("h16", got_.h16, right_.h16)) {
      if (const char* const name = check_.memory().broken()) fail("wrote outside of ", name);
    }
  }

 private:
  // A packed matrix, its vector as this set's operand and as that of the specification.
  struct Matrix {
    int8_t* w;
    int32_t *scale, *sums;
    uint8_t *operand, *plain;
    ProductS8 product;
  };
  bool wide() const noexcept {
    return c_.input == Input::sums_wide || c_.input == Input::operand_wide;
  }
  bool is_operand() const noexcept {
    return c_.input == Input::operand || c_.input == Input::operand_wide;
  }
  // Whether h is read in h8.
  bool plain() const noexcept {
    return c_.kind == Kind::lstm && !wide() && c_.units <= table_.plain_units;
  }
  bool wide_input() const noexcept { return c_.input == Input::operand_wide; }

  template <class... Parts>
  void fail(Parts... parts) noexcept {
    check_.fail(c_.units, " units, ", c_.inputs, " inputs as ", name_of(c_.input), ", arrays at ",
                engine::name_of(c_.place), ", case ", c_.seed, ": ", parts...);
  }
  template <class T>
  bool same(const char* what, const T* got, const T* right) noexcept {
    for (uint32_t k = 0; got != nullptr && k < c_.units; ++k) {
      if (got[k] != right[k]) {
        fail(what, "[", k, "] is ", int32_t{got[k]}, ", must be ", int32_t{right[k]});
        return false;
      }
    }
    return true;
  }

  bool lay_out_matrix(Matrix& m, uint32_t inputs) noexcept {
    Memory& memory = check_.memory();
    const uint32_t padded = shape_.padded(inputs);
    m.w = memory.take<int8_t>("w", size_t{shape_.rows()} * padded, 4);
    m.scale = memory.take<int32_t>("scale", shape_.rows());
    m.sums = memory.take<int32_t>("sums", shape_.rows());
    const size_t bytes = kernel::operand_bytes(Packing::host, padded);
    m.operand = memory.take<uint8_t>("operand", bytes, k_scratch_align);
    m.plain = memory.take<uint8_t>("plain operand", bytes, k_scratch_align);
    m.product = {};
    m.product.w = m.w;
    m.product.scale = m.scale;
    m.product.sums = m.sums;
    m.product.padded = padded;
    m.product.count = 1;
    m.product.x = m.operand;
    m.product.t = t_;
    return memory.complete();
  }
  bool lay_out() noexcept {
    Memory& memory = check_.memory();
    memory.clear(c_.place);
    t_ = memory.take<int32_t>("t", k_block_rows, k_scratch_align);
    t_h_ =
        c_.kind == Kind::lstm ? t_ : memory.take<int32_t>("t of h", k_block_rows, k_scratch_align);
    bias_ = memory.take<int32_t>("bias", size_t{4} * c_.units);
    sums_ = memory.take<int32_t>("sums of x", shape_.rows());
    Out* const outs[] = {&got_, &right_};
    for (Out* const out : outs) {
      out->state = memory.take<int32_t>("state", c_.units);
      // Neither is left out, then one or the other.
      if (c_.seed % 3 != 1 || plain()) out->h8 = memory.take<int8_t>("h8", c_.units, 4);
      if (c_.seed % 3 != 2) out->h16 = memory.take<int16_t>("h16", c_.units, 4);
    }
    const bool fits = lay_out_matrix(w_, c_.inputs) && lay_out_matrix(u_, c_.units);
    u_.product.t = t_h_;
    return fits;
  }

  // Weights, and shift and scales that keep the promises of numeric.hpp.
  void fill_matrix(Matrix& m, uint32_t inputs, bool wide_inputs, uint32_t seed) noexcept {
    const Pattern pattern = static_cast<Pattern>(mix(seed, 1) % k_patterns);
    const int64_t most = wide_inputs ? 32768 : 128;
    const int64_t fits = (k_acc_limit - 1) / (most * inputs);
    const int32_t limit = fits < 127 ? static_cast<int32_t>(fits) : 127;
    const uint32_t padded = m.product.padded;
    memset(m.w, 0, size_t{shape_.rows()} * padded);
    for (uint32_t unit = 0; unit < c_.units; unit += shape_.block_units) {
      const uint32_t left = c_.units - unit;
      const uint32_t rows = shape_.gates * (left < shape_.block_units ? left : shape_.block_units);
      for (uint32_t r = 0; r < rows; ++r) {
        const uint32_t row = unit * shape_.gates + r;
        m.sums[row] = 0;
        for (uint32_t i = 0; i < inputs; ++i) {
          const int32_t weight = weight_at(pattern, limit, seed, row, i);
          m.w[size_t{unit} * shape_.gates * padded + place_of(Packing::host, rows, padded, r, i)] =
              static_cast<int8_t>(weight);
          m.sums[row] += weight;
        }
        const int32_t scale = any_size(mix(seed, 2, row), 1 << 30);
        m.scale[row] = scale < 0 ? -scale : scale + 1;
      }
    }
    while (m.product.shift < k_shift_limit &&
           (limit * most * inputs) << (m.product.shift + 1) < k_acc_limit) {
      ++m.product.shift;
    }
  }

  template <class X>
  void fill_vector(const Matrix& m, uint32_t inputs, uint32_t seed) noexcept {
    X x[k_most_step_units + 40];
    const Pattern pattern = static_cast<Pattern>(mix(seed, 3) % k_patterns);
    for (uint32_t i = 0; i < inputs; ++i) {
      x[i] = static_cast<X>(value_at(pattern, sizeof(X) == 2, seed, 0, i));
    }
    const S8* const tables[] = {&table_, &kernel::k_scalar_s8};
    const bool is_h = &m == &u_;
    for (uint32_t i = 0; is_h && plain() && i < inputs; ++i) {
      got_.h8[i] = static_cast<int8_t>(x[i]);
    }
    for (const S8* const table : tables) {
      if (is_h && plain() && table == &table_) continue;  // nobody reads that operand
      uint8_t* const operand = table == &table_ ? m.operand : m.plain;
      if constexpr (sizeof(X) == 2) {
        table->prepare_s16(x, inputs, m.product.padded, operand);
      } else {
        table->prepare_s8(x, inputs, m.product.padded, operand);
      }
    }
  }

  void fill_operand(const Matrix& m, uint32_t inputs, bool wide_inputs, uint32_t seed) noexcept {
    if (wide_inputs) {
      fill_vector<int16_t>(m, inputs, seed);
    } else {
      fill_vector<int8_t>(m, inputs, seed);
    }
  }

  void fill() noexcept {
    fill_matrix(w_, c_.inputs, wide_input(), mix(c_.seed, 10));
    fill_matrix(u_, c_.units, wide(), mix(c_.seed, 11));
    fill_operand(w_, c_.inputs, wide_input(), mix(c_.seed, 12));
    fill_operand(u_, c_.units, wide(), mix(c_.seed, 13));
    for (uint32_t r = 0; r < 4 * c_.units; ++r) {
      bias_[r] = any_size(mix(c_.seed, 14, r), k_most_bias);
    }
    const Pattern pattern = static_cast<Pattern>(mix(c_.seed, 15) % k_patterns);
    for (uint32_t k = 0; k < c_.units; ++k) {
      got_.state[k] = right_.state[k] =
          word_at(pattern, c_.kind == Kind::lstm ? INT32_MAX : k_gru_one, c_.seed, 16, k);
    }
  }

  // Block by block; leaves the sums of the input where the entry may find them.
  void specification() noexcept {
    alignas(64) int32_t t_h[k_block_rows] = {};
    ProductS8 w = w_.product, u = u_.product;
    w.x = w_.plain;
    u.x = u_.plain;
    const uint32_t biases = c_.kind == Kind::gru ? 4 : shape_.gates;
    for (uint32_t unit = 0; unit < c_.units; unit += shape_.block_units) {
      const uint32_t left = c_.units - unit;
      const uint32_t units = left < shape_.block_units ? left : shape_.block_units;
      w.rows = u.rows = shape_.gates * units;
      w.from = bias_ + biases * unit;
      w.t = sums_ + shape_.gates * unit;
      (wide_input() ? kernel::k_scalar_s8.product_s16 : kernel::k_scalar_s8.product_s8)(w);
      u.from = w.t;
      u.t = t_h;
      if (c_.kind == Kind::gru) {
        memset(t_h, 0, sizeof t_h);
        memcpy(t_h + 2 * units, w.from + 3 * units, size_t{4} * units);
        u.from = t_h;
      }
      (wide() ? kernel::k_scalar_s8.product_s16 : kernel::k_scalar_s8.product_s8)(u);
      int8_t* const h8 = right_.h8 == nullptr ? nullptr : right_.h8 + unit;
      int16_t* const h16 = right_.h16 == nullptr ? nullptr : right_.h16 + unit;
      if (c_.kind == Kind::lstm) {
        kernel::k_scalar_s8.lstm_s8({t_h, units, right_.state + unit, h8, h16});
      } else {
        kernel::k_scalar_s8.gru_s8({w.t, t_h, units, right_.state + unit, h8, h16});
      }
      for (ProductS8* const p : {&w, &u}) {
        p->w += size_t{p->rows} * p->padded;
        p->scale += p->rows;
        p->sums += p->rows;
      }
    }
  }

  Check& check_;
  const S8& table_;
  const StepCase c_;
  const Shape shape_;
  Matrix w_ = {}, u_ = {};
  int32_t *t_ = nullptr, *t_h_ = nullptr, *bias_ = nullptr, *sums_ = nullptr;
  Out got_ = {}, right_ = {};
};

constexpr uint32_t k_draws = 12;

void check_steps(Check& check, const S8& table, Kind kind) noexcept {
  uint32_t number = 0;
  for (uint32_t units = 4; units <= k_most_step_units; units += 4) {
    for (const uint32_t inputs : k_step_inputs) {
      for (uint32_t input = 0; input < k_step_inputs_kinds; ++input) {
        for (uint32_t draw = 0; draw < k_draws; ++draw) {
          if (!check.go_on()) return;
          if (!check.takes(++number)) continue;
          const uint32_t seed = mix(check.options().seed, number);
          StepCheck(check, table,
                    {kind, static_cast<Input>(input), units, inputs,
                     static_cast<Place>(seed / 3 % k_places), seed})
              .run();
        }
      }
    }
  }
}

}  // namespace

void check_steps_s8(Check& check, const S8& table) noexcept {
  if (table.lstm_step_s8 != nullptr && check.begin("lstm_step_s8")) {
    check_steps(check, table, Kind::lstm);
    check.end();
  }
  if (table.gru_step_s8 != nullptr && check.begin("gru_step_s8")) {
    check_steps(check, table, Kind::gru);
    check.end();
  }
}

}  // namespace rondo::engine
