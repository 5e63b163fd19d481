// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Random numbers that are the same on every machine and standard library: the engine is
// std::mt19937_64, whose output the C++ standard fixes; the distributions, which it does not, are
// written here.
#pragma once
#include <cmath>
#include <cstdint>
#include <random>
#include <sstream>
#include <string>

namespace rondo::tool {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  // Uniform in [0, 1), 53 bits.
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  // Uniform in 0 .. n - 1 without bias, n >= 1: draws below 2^64 mod n are thrown away.
  std::uint64_t below(std::uint64_t n) {
    const std::uint64_t reject = (0 - n) % n;
    for (;;) {
      const std::uint64_t draw = engine_();
      if (draw >= reject) return draw % n;
    }
  }

  // Standard normal (Box and Muller, 1958); one of the pair is thrown away to keep no state.
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }

  std::mt19937_64& engine() { return engine_; }
  const std::mt19937_64& engine() const { return engine_; }

  // Where it stands, as text, and back.
  std::string text() const {
    std::ostringstream text;
    text << engine_;
    return text.str();
  }
  void restore(const std::string& text) { std::istringstream(text) >> engine_; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace rondo::tool
