// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the runtime takes of the stack on a core: paints what lies below, calls, and looks how far
// the paint is gone. Linked with a bundle named measured by budget_test.py, which reads the lines
// and says which init is to be linked: MEASURED_INIT.
#include <measured.h>

#include "semihost.hpp"

// Not without a name: budget_test.py tells by it what is not the runtime.
namespace measure {
namespace {

using rondo::firmware::print;

uint32_t memory[(measured_c_arena_bytes + 3) / 4];
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
  return MEASURED_INIT(&measured_model, memory, measured_c_arena_bytes, &stream) == rondo_ok;
}

// Steps of the self-test.
void steps_of(const uint16_t* tokens) noexcept {
  for (int i = 0; i < measured_self_test_steps; ++i) rondo_step_token(stream, tokens[i]);
}
void steps_of(const int16_t* x) noexcept {
  for (int i = 0; i < measured_self_test_steps; ++i) {
    rondo_step_s16(stream, x + i * measured_inputs);
  }
}

// Links what the program calls that reads numbers.
void step_of_floats(const uint16_t*) noexcept {}
void step_of_floats(const int16_t*) noexcept {
  const float x[measured_inputs] = {};
  rondo_step_f32(stream, x);
}

}  // namespace
}  // namespace measure

int main() {
  using namespace measure;
  bool good = true;
  print("stack_init ", bytes_of([&] { good = start(); }), "\n");
  if (!good) return 1;
  print("stack_step ", bytes_of([&] { steps_of(measured_self_test_input); }), "\n");
  const int32_t* scores = nullptr;
  print("stack_scores ", bytes_of([&] { scores = rondo_scores_s32(stream); }), "\n");
  for (int i = 0; i < measured_outputs; ++i)
    good = good && scores[i] == measured_self_test_scores[i];
  print("stack_floats ", bytes_of([&] { step_of_floats(measured_self_test_input); }), "\n");
  print("ram ", static_cast<uint32_t>(measured_c_arena_bytes), "\n");
  return good ? 0 : 2;
}
