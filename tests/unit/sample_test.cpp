// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// sample.hpp against a plain second implementation of the formula in its comment, and against the
// softmax that it stands for.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include <rondo/sample.hpp>

#include "base/random.hpp"

using namespace rondo;

namespace {

using Scores = std::vector<std::int32_t>;

View<const std::int32_t> view(const Scores& scores) {
  return {scores.data(), scores.size()};
}

// The formula with divisions, a sorted list and a list of weights; the table computed anew.
std::uint32_t plain_sample(const Scores& scores, const Sampling& how, std::uint32_t& state) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  std::uint64_t extra = 1;
  while (scores.size() / extra >= 256) extra *= 2;
  const std::size_t kept =
      how.top_k == 0 ? order.size() : std::min<std::size_t>(how.top_k, order.size());
  std::vector<std::uint64_t> weights(scores.size());
  for (std::size_t k = 0; k < kept; ++k) {
    const std::int64_t distance = std::int64_t{scores[order[0]]} - scores[order[k]];
    const std::uint64_t y = static_cast<std::uint64_t>(distance) * how.sharpness / 65536;
    if (y / 65536 > 24) continue;
    const double interval = std::floor(static_cast<double>(y % 65536) / 2048);
    const double from = std::round(0x1p24 * std::exp2(-interval / 32));
    const double to = std::round(0x1p24 * std::exp2(-(interval + 1) / 32));
    const double on_line = from - std::floor((from - to) * static_cast<double>(y % 2048) / 2048);
    weights[order[k]] =
        static_cast<std::uint64_t>(std::floor(std::ldexp(on_line, -static_cast<int>(y / 65536)))) /
        extra;
  }
  const std::uint64_t sum = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  REQUIRE(sum <= UINT32_MAX);
  const std::uint64_t draw = (next_random(state) * sum) >> 32;
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    below += weights[i];
    if (draw < below) return static_cast<std::uint32_t>(i);
  }
  FAIL("no index was drawn");
  return 0;
}

Scores random_scores(tool::Random& random, std::size_t size, double spread) {
  Scores scores(size);
  for (auto& s : scores) s = static_cast<std::int32_t>(random.normal() * spread * 65536);
  return scores;
}

}  // namespace

TEST_CASE("random numbers are those of the formula, on every machine") {
  // Computed with Python's unbounded integers, cut to 32 bits after each step.
  std::uint32_t state = 1;
  const std::uint32_t expected[] = {0x9F505634U, 0x43C5316AU, 0xF2C60681U, 0x5707FBCBU};
  for (const std::uint32_t e : expected) CHECK(next_random(state) == e);
}

TEST_CASE("a sample is the one that the formula gives") {
  tool::Random random(7);
  std::uint32_t state = 5, plain_state = 5;
  for (const std::size_t size : {1U, 2U, 3U, 28U, 255U, 256U, 257U, 1000U, 65536U}) {
    const int rounds = size > 1000 ? 3 : 300;
    for (int round = 0; round < rounds; ++round) {
      const Scores scores = random_scores(random, size, round % 5 == 0 ? 0.01 : 4);
      const auto top_k = static_cast<std::uint32_t>(round % 3 == 0 ? 0 : random.below(40));
      const auto temperature = static_cast<std::uint32_t>(random.below(3 * k_temperature_one));
      const Sampling how = sampling(temperature, top_k);
      INFO("size " << size << ", round " << round);
      CHECK(sample(view(scores), how, state) == plain_sample(scores, how, plain_state));
      REQUIRE(state == plain_state);
    }
  }
}

TEST_CASE("the ends of the number range do no harm") {
  const Scores scores = {INT32_MIN, INT32_MAX, INT32_MIN, INT32_MAX};
  std::uint32_t state = 3, plain_state = 3;
  for (const std::uint32_t temperature : {0U, 1U, 52429U, UINT32_MAX}) {
    for (const std::uint32_t top_k : {0U, 1U, 2U, 3U, 4U, UINT32_MAX}) {
      for (int n = 0; n < 50; ++n) {
        const Sampling how = sampling(temperature, top_k);
        CHECK(sample(view(scores), how, state) == plain_sample(scores, how, plain_state));
      }
    }
  }
}

TEST_CASE("temperature 0 and top 1 take the greatest score, the lowest index of equals") {
  const Scores scores = {5, -7, 90000, 90000, 89999};
  std::uint32_t state = 1;
  for (int n = 0; n < 100; ++n) {
    CHECK(sample(view(scores), sampling(0, 4), state) == 2);
    CHECK(sample(view(scores), sampling(UINT32_MAX, 1), state) == 2);
  }
}

TEST_CASE("the top k share everything, and of equal scores the lower indices are in") {
  const Scores scores = {65536, 0, 65536, 65536, -65536};
  std::uint32_t state = 9;
  std::vector<int> count(scores.size());
  for (int n = 0; n < 2000; ++n)
    ++count[sample(view(scores), sampling(k_temperature_one, 2), state)];
  // Each half: 1000, standard deviation 22; five of them.
  CHECK(std::abs(count[0] - 1000) < 112);
  CHECK(count[0] + count[2] == 2000);
}

TEST_CASE("frequencies are those of the softmax in float") {
  tool::Random random(11);
  std::uint32_t state = 2026;
  constexpr int k_draws = 400000;
  for (const double temperature : {0.5, 0.8, 1.0, 2.0}) {
    const Scores scores = random_scores(random, 28, 1.5);
    const double greatest = *std::max_element(scores.begin(), scores.end());
    std::vector<double> share;
    for (const auto s : scores) share.push_back(std::exp((s - greatest) / 65536 / temperature));
    const double sum = std::accumulate(share.begin(), share.end(), 0.0);
    std::vector<int> count(scores.size());
    const Sampling how = sampling(static_cast<std::uint32_t>(std::lround(temperature * 65536)));
    for (int n = 0; n < k_draws; ++n) ++count[sample(view(scores), how, state)];
    double chi_square = 0, rare = 0;
    int degrees = -1, rare_count = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const double expected = k_draws * share[i] / sum;
      if (expected < 5) {  // too few for the chi-square distribution: counted together
        rare += expected;
        rare_count += count[i];
        continue;
      }
      chi_square += (count[i] - expected) * (count[i] - expected) / expected;
      ++degrees;
    }
    INFO("temperature " << temperature << ", chi-square " << chi_square << " of " << degrees);
    CHECK(degrees > 10);
    // Mean `degrees`, variance 2 * degrees; the errors of the weights, 6e-5 at most, add 0.002.
    CHECK(chi_square < degrees + 4 * std::sqrt(2.0 * degrees));
    CHECK(std::abs(rare_count - rare) < 4 * std::sqrt(rare + 1));
  }
}

TEST_CASE("shares are right to the sixteenth bit, not only as far as draws can tell") {
  // With two scores the share of index 0 is the smallest random number that no longer draws it,
  // found by bisection: sample() gets a state whose next number is known.
  const auto state_before = [](std::uint32_t wanted) {
    // The inverse of the mixing in next_random: each step undone in turn.
    std::uint32_t z = wanted;
    z ^= z >> 16;
    z *= 0x43021123U;  // 0x846CA68B^-1 mod 2^32
    z ^= z >> 15 ^ z >> 30;
    z *= 0x1D69E2A5U;  // 0x7FEB352D^-1
    z ^= z >> 16;
    return z - 0x9E3779B9U;
  };
  for (const std::int32_t distance : {1, 100, 5000, 45426, 65536, 300000, 700000}) {
    const Scores scores = {0, -distance};
    std::uint64_t low = 0, high = std::uint64_t{1} << 32;
    while (low < high) {
      const std::uint64_t middle = (low + high) / 2;
      std::uint32_t state = state_before(static_cast<std::uint32_t>(middle));
      if (sample(view(scores), sampling(k_temperature_one), state) == 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    const double share = std::ldexp(static_cast<double>(low), -32);
    const double odds = std::exp(-distance / 65536.0);
    INFO("distance " << distance);
    // The table: 4 * 2^-16 of the weight; sharpness: half a step of 2^-16 times the distance; the
    // exponent: a step of 2^-16; the weight: two steps of 2^-24.
    const double weight_error = odds * (4 + distance / 65536.0 + 1) * 0x1p-16 + 0x1p-23;
    CHECK(std::abs(share - 1 / (1 + odds)) < weight_error);
  }
}
