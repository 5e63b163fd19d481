// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Proves that the engine sees errors of the entries for whole steps, which only some kernel sets
// have: the best one of this CPU stands for what is right. See planted.cpp.
#include <rondo/isa.hpp>

#include "kernels/planted.hpp"

namespace rondo::engine {
namespace {

using kernel::S8;
using kernel::StepS8;

const S8& best_table() noexcept {
  return kernel::s8(isa_best(), Packing::host);
}

template <auto entry, auto more>
void plant_step(S8& table) noexcept {
  table = best_table();  // operands are those of its own set
  table.*entry = [](const StepS8& step) noexcept {
    (best_table().*entry)(step);
    more(step);
  };
}
constexpr auto k_last_state = [](const StepS8& s) { s.state[s.units - 1] += 1; };
constexpr auto k_long_state = [](const StepS8& s) { s.state[s.units] = 0; };
constexpr auto k_last_h8 = [](const StepS8& s) {
  if (s.h8 != nullptr) ++s.h8[s.units - 1];
};
constexpr auto k_long_h16 = [](const StepS8& s) {
  if (s.h16 != nullptr) s.h16[s.units] = 0;
};

const Fault<S8> k_faults[] = {
    {"last c", "lstm_step_s8", plant_step<&S8::lstm_step_s8, k_last_state>},
    {"c behind the last", "lstm_step_s8", plant_step<&S8::lstm_step_s8, k_long_state>},
    {"last h8", "lstm_step_s8", plant_step<&S8::lstm_step_s8, k_last_h8>},
    {"h16 behind the last", "lstm_step_s8", plant_step<&S8::lstm_step_s8, k_long_h16>},
    {"last h", "gru_step_s8", plant_step<&S8::gru_step_s8, k_last_state>},
    {"h behind the last", "gru_step_s8", plant_step<&S8::gru_step_s8, k_long_state>},
    {"last h8", "gru_step_s8", plant_step<&S8::gru_step_s8, k_last_h8>},
    {"h16 behind the last", "gru_step_s8", plant_step<&S8::gru_step_s8, k_long_h16>},
};

}  // namespace

int unseen_steps() noexcept {
  if (best_table().lstm_step_s8 == nullptr) {
    print("no kernel set of this CPU takes whole steps: none planted\n");
    return 0;
  }
  return unseen(k_faults);
}

}  // namespace rondo::engine
