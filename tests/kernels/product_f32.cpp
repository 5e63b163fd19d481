// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The float products, against sums in double precision.
#include "kernels/cases.hpp"
#include "kernels/data.hpp"
#include "kernels/engine.hpp"

namespace rondo::engine {
namespace {

struct Case {
  uint32_t rows, inputs, count;
  Pattern weights, values;
  Origin origin;
  Place place;
  uint32_t seed;
};

constexpr double magnitude(double x) noexcept {
  return x < 0.0 ? -x : x;
}

class ProductCheck {
 public:
  ProductCheck(Check& check, const kernel::F32& table, const Case& c) noexcept
      : check_(check), table_(table), c_(c) {
    t_stride_ = round_up(size_t{4} * c.rows, k_scratch_align) + (c.seed & 1) * k_scratch_align;
    x_stride_ = size_t{4} * (c.inputs + (c.seed >> 1 & 3));
    from_stride_ = c.origin == Origin::biases ? 0
                   : c.origin == Origin::same ? t_stride_
                                              : size_t{4} * (c.rows + (c.seed >> 3 & 3));
  }

  void run() noexcept {
    if (!lay_out()) return check_.leave_out();
    for (uint32_t i = 0; i < c_.inputs; ++i) {
      for (uint32_t r = 0; r < c_.rows; ++r) {
        w_[size_t{i} * c_.rows + r] = float_at(c_.weights, 0.9F, c_.seed, r, i);
      }
      for (uint32_t v = 0; v < c_.count; ++v) {
        x_[v * (x_stride_ / 4) + i] = float_at(c_.values, 1.7F, c_.seed, v + 100, i);
      }
    }
    for (uint32_t v = 0; v < vectors(); ++v) {
      for (uint32_t r = 0; r < c_.rows; ++r) {
        const float from = float_at(static_cast<Pattern>(mix(c_.seed, v, r) % k_patterns), 5.0F,
                                    c_.seed, v + 200, r);
        from_[v * (from_stride_ / 4) + r] = before_[v * c_.rows + r] = from;
      }
    }
    const kernel::ProductF32 p = {w_,        c_.rows, c_.inputs,    c_.count, x_,
                                  x_stride_, from_,   from_stride_, t_,       t_stride_};
    if (!check_.runs([&] { table_.product_f32(p); })) return fail("memory fault");
    compare();
  }

 private:
  template <class... Parts>
  void fail(Parts... parts) noexcept {
    check_.fail(c_.rows, "x", c_.inputs, ", ", c_.count, " vectors, weights ", name_of(c_.weights),
                ", values ", name_of(c_.values), ", from ", name_of(c_.origin), ", arrays at ",
                name_of(c_.place), ": ", parts...);
  }

  uint32_t vectors() const noexcept { return c_.origin == Origin::biases ? 1 : c_.count; }

  bool lay_out() noexcept {
    Memory& memory = check_.memory();
    memory.clear(c_.place);
    w_ = memory.take<float>("w", size_t{c_.rows} * c_.inputs);
    x_ = memory.take<float>("x", (c_.count - 1) * x_stride_ / 4 + c_.inputs);
    before_ = memory.take<float>("before", size_t{c_.rows} * vectors());
    t_ = memory.take<float>("t", (c_.count - 1) * t_stride_ / 4 + c_.rows, k_scratch_align);
    from_ = c_.origin == Origin::same
                ? t_
                : memory.take<float>("from", (vectors() - 1) * from_stride_ / 4 + c_.rows);
    return memory.complete();
  }

  // The error of n additions one after the other, each of a product that was rounded or not: at
  // most gamma(n + 1) = (n + 1) u / (1 - (n + 1) u) of the sum of magnitudes, u = 2^-24 (Higham,
  // Accuracy and Stability of Numerical Algorithms, 2002, section 3.1). The double sum adds next to
  // nothing.
  void compare() noexcept {
    const double u = 1.0 / (1 << 24), steps = c_.inputs + 1.0;
    const double gamma = steps * u / (1.0 - steps * u);
    for (uint32_t r = 0; r < c_.rows; ++r) {
      for (uint32_t v = 0; v < c_.count; ++v) {
        double right = before_[(c_.origin == Origin::biases ? 0 : v * c_.rows) + r];
        double size = magnitude(right);
        for (uint32_t i = 0; i < c_.inputs; ++i) {
          const double product =
              double{w_[size_t{i} * c_.rows + r]} * double{x_[v * (x_stride_ / 4) + i]};
          right += product;
          size += magnitude(product);
        }
        const double got = t_[v * (t_stride_ / 4) + r];
        // Written so that NaN fails. 1e-37: products below the normal floats lose digits.
        if (!(magnitude(got - right) <= gamma * size + 1e-37)) {
          return fail("t[", v, "][", r, "] is ", got, ", must be ", right, " but for ",
                      gamma * size);
        }
      }
    }
    const auto* const bytes = reinterpret_cast<const uint8_t*>(t_);
    for (uint32_t v = 0; v + 1 < c_.count; ++v) {
      if (!is_painted(bytes + v * t_stride_ + size_t{4} * c_.rows, bytes + (v + 1) * t_stride_)) {
        return fail("wrote behind row ", c_.rows - 1, " of vector ", v);
      }
    }
    if (const char* const name = check_.memory().broken()) fail("wrote outside of ", name);
  }

  Check& check_;
  const kernel::F32& table_;
  const Case c_;
  size_t x_stride_, t_stride_, from_stride_;
  float *w_ = nullptr, *x_ = nullptr, *before_ = nullptr, *from_ = nullptr, *t_ = nullptr;
};

}  // namespace

void check_product_f32(Check& check, const kernel::F32& table) noexcept {
  uint32_t number = 0;
  const bool asked = check.begin("product_f32");
  for (const uint32_t inputs : k_inputs) {
    for (uint32_t rows = 4; asked && rows <= most_rows(check.options().packing); rows += 4) {
      for (const uint32_t count : k_counts_f32) {
        for (uint32_t pattern = 0; pattern < 2; ++pattern) {
          if (!check.go_on()) return check.end();
          if (!is_asked(inputs, count) || !check.takes(++number)) continue;
          const uint32_t seed = mix(check.options().seed, number);
          const Case c = {rows,
                          inputs,
                          count,
                          pattern == 0 ? Pattern::random : static_cast<Pattern>(seed % k_patterns),
                          static_cast<Pattern>(seed / 8 % k_patterns),
                          static_cast<Origin>(seed / 64 % k_origins),
                          static_cast<Place>(seed / 256 % k_places),
                          seed};
          ProductCheck(check, table, c).run();
        }
      }
    }
  }
  check.end();
}

}  // namespace rondo::engine
