// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the runtime takes of the stack on a core: paints what lies below, calls, and looks how far
// the paint is gone. Linked with a bundle named lstm128 by budget_test.py, which reads the lines
// and says which init is to be linked: MEASURED_INIT.
#include <lstm128.h>

#include "semihost.hpp"

namespace {

using rondo::firmware::print;

uint32_t memory[(lstm128_c_arena_bytes + 3) / 4];
RondoStream* stream = nullptr;

constexpr uint32_t k_paint = 0xC0DEC0DEU;
constexpr uint32_t k_words = 1024;

// Where the stack of the caller ends, as good as.
[[gnu::noinline]] uint32_t* stack_end() noexcept {
  uint32_t* here;
  asm volatile("mov %0, sp" : "=r"(here));
  return here;
}

// Words below the caller's frame that call() changes. The loops themselves have no calls.
template <class Call>
[[gnu::noinline]] uint32_t bytes_of(Call call) noexcept {
  uint32_t* const end = stack_end();
  volatile uint32_t* const floor = end - k_words;
  for (uint32_t i = 0; i < k_words; ++i) floor[i] = k_paint;
  call();
  uint32_t untouched = 0;
  while (untouched < k_words && floor[untouched] == k_paint) ++untouched;
  return 4 * (k_words - untouched);
}

bool start() noexcept {
  return MEASURED_INIT(&lstm128_model, memory, lstm128_c_arena_bytes, &stream) == rondo_ok;
}

}  // namespace

int main() {
  bool good = true;
  print("stack_init ", bytes_of([&] { good = start(); }), "\n");
  if (!good) return 1;
  const uint16_t* const input = lstm128_self_test_input;
  print("stack_step ", bytes_of([&] {
          for (int i = 0; i < lstm128_self_test_steps; ++i) rondo_step_token(stream, input[i]);
        }),
        "\n");
  const int32_t* scores = nullptr;
  print("stack_scores ", bytes_of([&] { scores = rondo_scores_s32(stream); }), "\n");
  for (int i = 0; i < lstm128_outputs; ++i) good = good && scores[i] == lstm128_self_test_scores[i];
  print("ram ", static_cast<uint32_t>(lstm128_c_arena_bytes), "\n");
  return good ? 0 : 2;
}
