// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Every kernel set this CPU can run against plain loops in double precision.
#include "train/kernel_sets.hpp"

#include <doctest/doctest.h>

#include <string>

#include "help.hpp"

namespace rondo::tool {
namespace {

constexpr float k_canary = 12345.0F;

Floats random_floats(std::size_t n, std::uint64_t seed) {
  Random random(seed);
  Floats values(n);
  for (float& value : values) value = static_cast<float>(random.normal());
  return values;
}

double wide(float value) {
  return static_cast<double>(value);
}
double logistic(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}

template <class Check>
void for_each_set(const Check& check) {
  for (const KernelSet* set : kernel_sets()) {
    CAPTURE(std::string(set->name));
    check(set->f32);
  }
}

TEST_CASE("kernels: the sets are listed from base to best, and the best is in use") {
  const auto sets = kernel_sets();
  REQUIRE(!sets.empty());
  CHECK(std::string(sets.front()->name) == "base");
  CHECK(&kernels<float>() == &sets.back()->f32);
  CHECK(&kernels<double>() == &sets.back()->f64);
  for (const KernelSet* set : sets) MESSAGE("runs here: ", std::string(set->name));
}

// Sigmoid and tanh as the cell computes them: pre-activations from -100 to 100 in all four gates.
TEST_CASE("kernels: the gates' functions are within 1e-7 of the truth, and NaN stays NaN") {
  for_each_set([](const Kernels<float>& k) {
    constexpr std::size_t k_hidden = 4001;
    Floats gates(4 * k_hidden);
    for (std::size_t j = 0; j < k_hidden; ++j) {
      const double x = (static_cast<double>(j) - 2000) / 2000;
      const auto bent = static_cast<float>(10 * x + 90 * std::pow(x, 9));
      for (std::size_t gate = 0; gate < 4; ++gate) gates[gate * k_hidden + j] = bent;
    }
    const Floats x(gates.begin(), gates.begin() + k_hidden);
    const Floats c_prev = random_floats(k_hidden, 1);
    Floats c(k_hidden), tanh_c(k_hidden), h(k_hidden);
    k.lstm_forward(1, k_hidden, gates.data(), c_prev.data(), c.data(), tanh_c.data(), h.data());
    double worst = 0;
    for (std::size_t j = 0; j < k_hidden; ++j) {
      const double s = logistic(wide(x[j]));
      const double t = std::tanh(wide(x[j]));
      const double cell = s * wide(c_prev[j]) + s * t;
      for (const double off :
           {wide(gates[j]) - s, wide(gates[k_hidden + j]) - s, wide(gates[2 * k_hidden + j]) - t,
            wide(gates[3 * k_hidden + j]) - s, wide(tanh_c[j]) - std::tanh(wide(c[j]))}) {
        worst = std::max(worst, std::abs(off));
      }
      CHECK(wide(c[j]) == doctest::Approx(cell).epsilon(1e-6));
      CHECK(std::abs(wide(h[j]) - s * std::tanh(cell)) < 1e-6);
    }
    MESSAGE("worst error of a gate: ", worst);
    CHECK(worst < 1e-7);

    Floats broken(4 * k_hidden, std::nanf(""));
    k.lstm_forward(1, k_hidden, broken.data(), c_prev.data(), c.data(), tanh_c.data(), h.data());
    for (const float value : broken) CHECK(std::isnan(value));
  });
}

TEST_CASE("kernels: the backward pass of a cell follows the formulas, at every size") {
  for_each_set([](const Kernels<float>& k) {
    for (const std::size_t hidden : Sizes{1, 5, 16, 17, 33, 64}) {
      constexpr std::size_t k_rows = 3;
      const std::size_t n = k_rows * hidden;
      Floats gates = random_floats(4 * n, 2);
      const Floats before = gates;
      const Floats c_prev = random_floats(n, 3);
      const Floats tanh_c = random_floats(n, 4);
      const Floats dh = random_floats(n, 5);
      Floats dc = random_floats(n, 6);
      const Floats dc_in = dc;
      k.lstm_backward(k_rows, hidden, gates.data(), c_prev.data(), tanh_c.data(), dh.data(),
                      dc.data());
      std::vector<double> expected(4 * n), expected_dc(n);
      for (std::size_t at = 0; at < n; ++at) {
        const std::size_t row = at / hidden * 4 * hidden + at % hidden;
        const double i = wide(before[row]), f = wide(before[row + hidden]);
        const double g = wide(before[row + 2 * hidden]), o = wide(before[row + 3 * hidden]);
        const double t = wide(tanh_c[at]);
        const double d = wide(dc_in[at]) + wide(dh[at]) * o * (1 - t * t);
        expected[row] = d * g * i * (1 - i);
        expected[row + hidden] = d * wide(c_prev[at]) * f * (1 - f);
        expected[row + 2 * hidden] = d * i * (1 - g * g);
        expected[row + 3 * hidden] = wide(dh[at]) * t * o * (1 - o);
        expected_dc[at] = d * f;
      }
      CHECK(relative_error_of(gates, expected) < 1e-6);
      CHECK(relative_error_of(dc, expected_dc) < 1e-6);
    }
  });
}

// Bound: the terms are about 1, each addition may lose half a unit of the last place.
double sum_bound(std::size_t terms) {
  return 0x1p-23 * 4 * static_cast<double>(terms);
}

TEST_CASE("kernels: products, transposition and sums agree with plain loops, at every size") {
  for_each_set([](const Kernels<float>& k) {
    for (const std::size_t rows : Sizes{1, 2, 3, 7, 8, 13, 24}) {
      for (const std::size_t inner : Sizes{1, 6, 35}) {
        for (const std::size_t cols : Sizes{1, 15, 16, 33, 100, 132}) {
          CAPTURE(rows);
          CAPTURE(inner);
          CAPTURE(cols);
          const Floats a = random_floats(rows * inner, 7);
          const Floats m = random_floats(inner * cols, 8);
          Floats c = random_floats(rows * cols, 9);
          std::vector<double> expected(c.begin(), c.end());
          for (std::size_t r = 0; r < rows; ++r) {
            for (std::size_t j = 0; j < inner; ++j) {
              for (std::size_t col = 0; col < cols; ++col) {
                expected[r * cols + col] += wide(a[r * inner + j]) * wide(m[j * cols + col]);
              }
            }
          }
          c.push_back(k_canary);
          k.product(rows, inner, cols, a.data(), m.data(), c.data());
          CHECK(c.back() == k_canary);
          c.pop_back();
          CHECK(error_of(c, expected) < sum_bound(inner + 4));
        }
      }
    }
  });
}

TEST_CASE("kernels: dots, sums of rows and of squares, transposition agree with plain loops") {
  for_each_set([](const Kernels<float>& k) {
    for (const std::size_t rows : Sizes{1, 3, 4, 9, 18}) {
      for (const std::size_t cols : Sizes{1, 15, 16, 50, 200}) {
        const Floats m = random_floats(rows * cols, 10);
        const Floats x = random_floats(cols, 11);
        Floats dots(rows, 1.0F), sums(cols, 1.0F), transposed(rows * cols);
        k.matrix_times_vector(rows, cols, m.data(), x.data(), dots.data());
        k.add_rows(rows, cols, m.data(), sums.data());
        k.transpose(rows, cols, m.data(), transposed.data());
        std::vector<double> expected_dots(rows, 1.0), expected_sums(cols, 1.0);
        double squares = 0;
        for (std::size_t r = 0; r < rows; ++r) {
          for (std::size_t j = 0; j < cols; ++j) {
            const float value = m[r * cols + j];
            expected_dots[r] += wide(value) * wide(x[j]);
            expected_sums[j] += wide(value);
            squares += wide(value) * wide(value);
            CHECK(transposed[j * rows + r] == value);
          }
        }
        CHECK(error_of(dots, expected_dots) < sum_bound(cols + 4));
        CHECK(error_of(sums, expected_sums) < sum_bound(rows + 4));
        CHECK(k.sum_of_squares(rows * cols, m.data()) == doctest::Approx(squares).epsilon(1e-6));
      }
    }
    const Floats many(100'000, 0.1F);  // a plain float sum would be 1e-3 off
    CHECK(k.sum_of_squares(many.size(), many.data()) ==
          doctest::Approx(1e5 * wide(0.1F) * wide(0.1F)).epsilon(1e-6));
  });
}

TEST_CASE("kernels: softmax sums to its scale, bears large logits, and passes NaN on") {
  for_each_set([](const Kernels<float>& k) {
    for (const std::size_t n : Sizes{1, 2, 18, 28, 100}) {
      Floats x = random_floats(n, 12);
      for (float& value : x) value = 3 * value + 1000;
      Floats p(n);
      const float log_sum = k.softmax(n, 0.25F, x.data(), p.data());
      double sum = 0;
      for (const float value : x) sum += std::exp(wide(value) - 1000);
      std::vector<double> expected;
      for (const float value : x) expected.push_back(0.25 * std::exp(wide(value) - 1000) / sum);
      CHECK(wide(log_sum) == doctest::Approx(1000 + std::log(sum)).epsilon(1e-7));
      CHECK(error_of(p, expected) < 1e-7);
      x[n / 2] = std::nanf("");
      CHECK(std::isnan(k.softmax(n, 1.0F, x.data(), p.data())));
    }
    const Floats far = {-1e30F, 0.0F, -200.0F};
    Floats p(3);
    CHECK(k.softmax(3, 1.0F, far.data(), p.data()) == 0.0F);
    CHECK(p[1] == 1.0F);
    CHECK(p[0] < 1e-30F);
  });
}

TEST_CASE("kernels: one update of SGD and of Adam follows the formulas") {
  for_each_set([](const Kernels<float>& k) {
    constexpr std::size_t k_count = 37;
    const Floats g = random_floats(k_count, 13);
    const Floats start = random_floats(k_count, 14);
    Floats p = start;
    k.sgd(k_count, 0.1F, 0.9F, g.data(), p.data());
    std::vector<double> expected;
    for (std::size_t i = 0; i < k_count; ++i) {
      expected.push_back(0.9 * wide(start[i]) - 0.1 * wide(g[i]));
    }
    CHECK(error_of(p, expected) < 1e-6);

    p = start;
    Floats m = random_floats(k_count, 15);
    Floats v(k_count, 0.5F);
    const AdamStep<float> step{0.5F, 0.9F, 0.999F, 1e-8F, 0.02F, 1.5F, 0.99F};
    for (std::size_t i = 0; i < k_count; ++i) {
      const double gradient = 0.5 * wide(g[i]);
      const double mean = 0.9 * wide(m[i]) + 0.1 * gradient;
      const double square = 0.999 * 0.5 + 0.001 * gradient * gradient;
      expected[i] = 0.99 * wide(start[i]) - 0.02 * mean / (std::sqrt(square) * 1.5 + 1e-8);
    }
    k.adam(k_count, step, g.data(), m.data(), v.data(), p.data());
    CHECK(error_of(p, expected) < 1e-6);
  });
}

TEST_CASE("kernels: every set draws the same dropout mask") {
  Floats first;
  for_each_set([&](const Kernels<float>& k) {
    Floats mask(1000, k_canary);
    k.dropout_mask(999, 42, 1U << 30, 4.0F / 3, mask.data());
    CHECK(mask.back() == k_canary);
    CHECK(std::count(mask.begin(), mask.end(), 0.0F) > 180);  // a quarter, 5 deviations of 14
    CHECK(std::count(mask.begin(), mask.end(), 0.0F) < 320);
    if (first.empty()) first = mask;
    CHECK(mask == first);
  });
}

}  // namespace
}  // namespace rondo::tool
