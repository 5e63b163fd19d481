// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A step on AVX-512 VNNI stays near the memory limit: the one test that takes the time, and only as
// a ratio of two things measured in turns. The bound is above what any machine should show (1.9 on
// that of bench/steps.md): only a kernel that lost its vectors, or reads its weights twice, is
// slower.
#include <cstdio>
#include <string>

#include "step_table.hpp"

namespace {

constexpr double k_bound = 2.5;
constexpr int k_tries = 20;  // the least of all bursts counts: more of them can only help
constexpr int k_skipped = 77;

}  // namespace

int main() {
  using namespace rondo::bench;
  if (!rondo::isa_available(rondo::Isa::avx512_vnni)) {
    std::puts("skipped: this CPU has no AVX-512 VNNI");
    return k_skipped;
  }
  StepTable table({57, 128}, std::regex("lstm_s8/avx512_vnni/"));
  const Row& row = table.rows().back();
  double ratio = 0;
  for (int n = 0; n < k_tries; ++n) {
    table.measure(50);
    ratio = table.ns(row) / table.limit_ns(row);
    if (ratio <= k_bound) break;
  }
  std::printf("%s/%s: %.0f ns, %.2f times the memory limit; allowed: %.1f\n", row.name, row.set,
              table.ns(row), ratio, k_bound);
  if (std::string(row.name) != "lstm_s8") return 1;
  return ratio <= k_bound ? 0 : 1;
}
