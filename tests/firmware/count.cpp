// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Proves icount.hpp: counts are exact, repeat, grow with the work, and say when they ran over.
#include <stdint.h>

#include "icount.hpp"
#include "semihost.hpp"

namespace {

using rondo::firmware::InstructionCounter;
using rondo::firmware::print;
using rondo::firmware::spin;

volatile uint32_t sink;

[[gnu::noinline]] void work(uint32_t rounds) noexcept {
  for (uint32_t i = 0; i < rounds; ++i) sink = sink + i;
}

// A loop of 2 n instructions; what calling it takes falls out of the difference.
bool counts_spin(const InstructionCounter& counter) noexcept {
  uint32_t once = 0;
  for (uint32_t n = 1; n <= 900000; n = n * 10 - n / 2) {
    const uint32_t got = counter.count([n] { spin(n); });
    print("spin ", n, ": ", got, " instructions\n");
    if (n == 1) once = got;
    if (got - once != 2 * (n - 1)) return false;
  }
  return true;
}

bool repeats(const InstructionCounter& counter) noexcept {
  uint32_t before = 0;
  for (uint32_t rounds = 64; rounds <= 256; rounds *= 2) {
    const auto run = [rounds] { work(rounds); };
    const uint32_t first = counter.count(run);
    const uint32_t second = counter.count(run);
    print("work ", rounds, ": ", first, " again ", second, " instructions\n");
    if (first != second || first <= before) return false;
    before = first;
  }
  return true;
}

}  // namespace

int main() {
  const InstructionCounter counter;
  if (!counts_spin(counter)) return 1;
  if (!repeats(counter)) return 2;
  // The slowest clock of the boards gives 4 ticks an instruction: 8 million run over everywhere.
  if (counter.count([] { spin(4000000); }) != InstructionCounter::k_too_long) return 3;
  return 0;
}
