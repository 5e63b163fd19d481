// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What counts.py counts the instructions of: some steps of a few cells, scalar and AVX2 (valgrind
// knows no AVX-512). Prints the compiler, then a line for each call of take_steps, in order.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "cases.hpp"

using namespace rondo::bench;

// By this name callgrind knows what to count.
extern "C" [[gnu::noinline]] void take_steps(Player& player, std::size_t steps) {
  player.play(steps);
}

namespace {

constexpr std::size_t k_steps = 32;
// Read at each call, so that no compiler makes a copy of the function under another name.
void (*volatile const k_take_steps)(Player&, std::size_t) = take_steps;
constexpr Size k_counted_sizes[] = {{57, 128}, {64, 64}};

void count(const Case& which) {
  for (const rondo::Isa isa : sets_of(which.type)) {
    if (isa != rondo::Isa::scalar && isa != rondo::Isa::avx2) continue;
    for (const Size size : k_counted_sizes) {
      const Network network(which, size);
      Player player(network, which.call, isa);
      k_take_steps(player, k_steps);
      std::printf("%s %zu\n", id_of(which.name, rondo::name_of(isa), size).c_str(), k_steps);
    }
  }
}

}  // namespace

int main() {
#ifdef __clang__
  std::printf("clang %d.%d %s\n", __clang_major__, __clang_minor__, RONDO_OPTIMIZATION);
#else
  std::printf("gcc %d.%d %s\n", __GNUC__, __GNUC_MINOR__, RONDO_OPTIMIZATION);
#endif
  for (const Case& which : k_cases) {
    for (const char* const name : {"lstm_f32", "lstm_s8", "gru_s8"}) {
      if (std::strcmp(name, which.name) == 0) count(which);
    }
  }
  return 0;
}
