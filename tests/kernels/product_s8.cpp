// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 products and the preparation of their operands, whose form is a set's own business, so
// that it is checked through the products: against a plain sum over weights that were never packed.
#include <string.h>

#include <rondo/numeric.hpp>

#include "kernels/cases.hpp"
#include "kernels/data.hpp"
#include "kernels/engine.hpp"

namespace rondo::engine {
namespace {

constexpr int32_t k_scales[] = {1, INT32_MAX, 1 << 30, 3};

struct Case {
  uint32_t rows, inputs, count;
  Pattern weights, values;
  Origin origin;
  Place place;
  uint32_t seed;  // of this case
};

// Checks one case. The numbers are those that src/cell/check.cpp proves of an image: |acc << shift|
// is below 2^30, and |from| plus what is added at most 2^31 - 129.
template <class X>
class ProductCheck {
 public:
  ProductCheck(Check& check, const kernel::S8& table, const Case& c) noexcept
      : check_(check), table_(table), c_(c) {
    padded_ = shape_of(1, Type::s8, 4, packing()).padded(c.inputs);
    const uint32_t fits = ((1U << 30) - 1) / (c.inputs * k_largest);
    limit_ = fits < 127 ? static_cast<int32_t>(fits) : 127;
    operand_bytes_ = kernel::operand_bytes(packing(), padded_);
    x_stride_ = round_up(operand_bytes_, k_scratch_align) + (c.seed & 1) * k_scratch_align;
    t_stride_ = round_up(size_t{4} * c.rows, k_scratch_align) + (c.seed >> 1 & 1) * k_scratch_align;
    from_stride_ = c.origin == Origin::biases ? 0
                   : c.origin == Origin::same ? t_stride_
                                              : size_t{4} * (c.rows + (c.seed >> 2 & 3));
  }

  void run() noexcept {
    if (!lay_out()) return check_.leave_out();
    fill_matrix();
    fill_from();
    if (!prepare()) return;
    const auto entry = wide() ? table_.product_s16 : table_.product_s8;
#ifdef RONDO_FIXED_ISA
    // These sets take a vector at a time.
    for (uint32_t v = 0; v < c_.count; ++v) {
      const kernel::ProductS8 p = {w_,
                                   scale_,
                                   c_.rows,
                                   padded_,
                                   shift_,
                                   operand_ + v * x_stride_,
                                   from_ + v * (from_stride_ / 4),
                                   t_ + v * (t_stride_ / 4)};
      if (!check_.runs([&] { entry(p); })) return fail("memory fault in the product");
    }
#else
    const kernel::ProductS8 p = {w_,       scale_,    c_.rows,
                                 padded_,  shift_,    operand_,
                                 from_,    t_,        packing() == Packing::host ? sums_ : nullptr,
                                 c_.count, x_stride_, from_stride_,
                                 t_stride_};
    if (!check_.runs([&] { entry(p); })) return fail("memory fault in the product");
#endif
    compare();
  }

 private:
  Packing packing() const noexcept {
    return check_.options().packing;
  }
  static constexpr bool wide() noexcept {
    return sizeof(X) == 2;
  }
  static constexpr uint32_t k_largest = wide() ? k_largest_s16 : k_largest_s8;

  template <class... Parts>
  void fail(Parts... parts) noexcept {
    check_.fail(c_.rows, "x", c_.inputs, ", ", c_.count, " vectors, weights ", name_of(c_.weights),
                ", values ", name_of(c_.values), ", from ", name_of(c_.origin), ", shift ", shift_,
                ", arrays at ", name_of(c_.place), ": ", parts...);
  }

  bool lay_out() noexcept {
    Memory& memory = check_.memory();
    memory.clear(c_.place);
    w_ = memory.take<int8_t>("w", size_t{c_.rows} * padded_, 4);
    scale_ = memory.take<int32_t>("scale", c_.rows);
    sums_ = memory.take<int32_t>("sums", c_.rows);
    x_ = memory.take<X>("x", c_.inputs);
    values_ = memory.take<int16_t>("values", size_t{c_.count} * c_.inputs);
    operand_ = memory.take<uint8_t>("operand", (c_.count - 1) * x_stride_ + operand_bytes_,
                                    k_scratch_align);
    const size_t vectors = c_.origin == Origin::biases ? 1 : c_.count;
    const size_t words = size_t{c_.rows} * vectors;
    before_ = memory.take<int32_t>("before", words);
    t_ = memory.take<int32_t>("t", ((c_.count - 1) * t_stride_) / 4 + c_.rows, k_scratch_align);
    from_ = c_.origin == Origin::same
                ? t_
                : memory.take<int32_t>("from", (vectors - 1) * from_stride_ / 4 + c_.rows);
    return memory.complete();
  }

  int32_t weight(uint32_t r, uint32_t i) const noexcept {
    return weight_at(c_.weights, limit_, c_.seed, r, i);
  }

  // The shift is the greatest, none, or one in between.
  void fill_matrix() noexcept {
    memset(w_, 0, size_t{c_.rows} * padded_);
    int64_t greatest = 1;
    for (uint32_t r = 0; r < c_.rows; ++r) {
      int32_t sum = 0;
      int64_t magnitude = 0;
      for (uint32_t i = 0; i < c_.inputs; ++i) {
        const int32_t value = weight(r, i);
        w_[place_of(packing(), c_.rows, padded_, r, i)] = static_cast<int8_t>(value);
        sum += value;
        magnitude += value < 0 ? -value : value;
      }
      sums_[r] = sum;
      const uint32_t random = mix(c_.seed, r, 77);
      scale_[r] =
          random % 2 == 0 ? one_of(k_scales, random >> 1) : static_cast<int32_t>(random >> 1) | 1;
      greatest = magnitude * k_largest > greatest ? magnitude * k_largest : greatest;
    }
    acc_ = greatest;
    uint32_t most = 0;
    while (most < k_shift_limit && greatest << (most + 1) < k_acc_limit) ++most;
    const uint32_t random = mix(c_.seed, 78);
    shift_ = random % 3 == 0 ? 0 : random % 3 == 1 ? most : (random >> 8) % (most + 1);
  }

  void fill_from() noexcept {
    const size_t vectors = c_.origin == Origin::biases ? 1 : c_.count;
    for (uint32_t v = 0; v < vectors; ++v) {
      int32_t* const row = from_ + v * (from_stride_ / 4);
      for (uint32_t r = 0; r < c_.rows; ++r) {
        const int64_t added = (((acc_ << shift_) * scale_[r]) >> 31) + 1;
        const auto room = static_cast<int32_t>(INT32_MAX - 128 - added);
        const uint32_t random = mix(c_.seed, v, r + 1000);
        const uint32_t kind = random % 4;
        row[r] = kind == 0 ? 0 : kind == 1 ? room : kind == 2 ? -room : any_size(random, room);
        before_[v * c_.rows + r] = row[r];
      }
    }
  }

  bool prepare() noexcept {
    const auto entry = [&](uint8_t* operand) {
      if constexpr (wide()) {
        table_.prepare_s16(x_, c_.inputs, padded_, operand);
      } else {
        table_.prepare_s8(x_, c_.inputs, padded_, operand);
      }
    };
    for (uint32_t v = 0; v < c_.count; ++v) {
      for (uint32_t i = 0; i < c_.inputs; ++i) {
        const int32_t value = value_at(c_.values, wide(), c_.seed, v, i);
        x_[i] = static_cast<X>(value);
        values_[v * c_.inputs + i] = static_cast<int16_t>(value);
      }
      if (!check_.runs([&] { entry(operand_ + v * x_stride_); })) {
        fail("memory fault in prepare");
        return false;
      }
    }
    const auto* const bytes = reinterpret_cast<const uint8_t*>(operand_);
    for (uint32_t v = 0; v + 1 < c_.count; ++v) {
      if (!is_painted(bytes + v * x_stride_ + operand_bytes_, bytes + (v + 1) * x_stride_)) {
        fail("prepare wrote more than operand_bytes of operand ", v);
        return false;
      }
    }
    if (const char* const name = check_.memory().broken()) {
      fail("prepare wrote outside of ", name);
      return false;
    }
    return true;
  }

  void compare() noexcept {
    for (uint32_t r = 0; r < c_.rows; ++r) {
      int32_t acc[k_most_count] = {};  // cannot overflow: see acc_
      for (uint32_t i = 0; i < c_.inputs; ++i) {
        const int32_t w = weight(r, i);
        for (uint32_t v = 0; v < c_.count; ++v) acc[v] += w * values_[v * c_.inputs + i];
      }
      for (uint32_t v = 0; v < c_.count; ++v) {
        const int32_t shifted = acc[v] * (1 << shift_);
        const int32_t start = before_[(c_.origin == Origin::biases ? 0 : v * c_.rows) + r];
        const int32_t right = start + rdmulh32(shifted, scale_[r]);
        const int32_t got = t_[v * (t_stride_ / 4) + r];
        if (got != right) {
          return fail("t[", v, "][", r, "] is ", got, ", must be ", right);
        }
      }
    }
    const auto* const bytes = reinterpret_cast<const uint8_t*>(t_);
    for (uint32_t v = 0; v + 1 < c_.count; ++v) {
      if (!is_painted(bytes + v * t_stride_ + size_t{4} * c_.rows, bytes + (v + 1) * t_stride_)) {
        return fail("the product wrote behind row ", c_.rows - 1, " of vector ", v);
      }
    }
    if (const char* const name = check_.memory().broken()) {
      fail("the product wrote outside of ", name);
    }
  }

  Check& check_;
  const kernel::S8& table_;
  const Case c_;
  uint32_t padded_;
  int32_t limit_;
  uint32_t shift_ = 0;
  int64_t acc_ = 0;  // the greatest |acc|; shifted, it is below 2^30
  size_t operand_bytes_, x_stride_, t_stride_, from_stride_;
  int8_t* w_ = nullptr;
  int32_t *scale_ = nullptr, *sums_ = nullptr, *before_ = nullptr, *from_ = nullptr, *t_ = nullptr;
  X* x_ = nullptr;
  int16_t* values_ = nullptr;
  uint8_t* operand_ = nullptr;
};

// All shapes, each a few times with whatever is drawn: over the tens of thousands of cases every
// choice meets every other.
constexpr uint32_t k_draws = 4;

template <class X>
void check_products(Check& check, const kernel::S8& table) noexcept {
  uint32_t number = 0;
  for (const uint32_t inputs : k_inputs) {
    for (uint32_t rows = 4; rows <= most_rows(check.options().packing); rows += 4) {
      for (const uint32_t count : k_counts_s8) {
        for (uint32_t draw = 0; draw < k_draws; ++draw) {
          if (!check.go_on()) return;
          if (!is_asked(inputs, count) || !check.takes(++number)) continue;
          const uint32_t seed = mix(check.options().seed, number);
          const Case c = {rows,
                          inputs,
                          count,
                          static_cast<Pattern>(mix(seed, 76) % k_patterns),
                          static_cast<Pattern>(mix(seed, 79) % k_patterns),
                          static_cast<Origin>(seed / 64 % k_origins),
                          static_cast<Place>(seed / 256 % k_places),
                          seed};
          ProductCheck<X>(check, table, c).run();
        }
      }
    }
  }
}

}  // namespace

void check_products_s8(Check& check, const kernel::S8& table) noexcept {
  if (check.begin("product_s8")) check_products<int8_t>(check, table);
  check.end();
  if (check.begin("product_s16")) check_products<int16_t>(check, table);
  check.end();
}

}  // namespace rondo::engine
