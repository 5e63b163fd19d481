// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See interrupt.hpp.
#include "base/interrupt.hpp"

#include <atomic>
#include <csignal>

namespace rondo::tool {
namespace {

// Signals may reach any thread, the trainer's too.
std::atomic<int> last_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "else no handler may touch it");

void note(int signal) {
  last_signal = signal;
  std::signal(signal, SIG_DFL);  // the next one ends the program
}

void listen(int signal) {
  if (std::signal(signal, note) == SIG_IGN) std::signal(signal, SIG_IGN);
}

void back_to_default(int signal) {
  if (std::signal(signal, SIG_DFL) == SIG_IGN) std::signal(signal, SIG_IGN);
}

}  // namespace

InterruptGuard::InterruptGuard() {
  last_signal = 0;
  listen(SIGINT);
  listen(SIGTERM);
}

InterruptGuard::~InterruptGuard() {
  back_to_default(SIGINT);
  back_to_default(SIGTERM);
}

int InterruptGuard::noted() const {
  return last_signal;
}

}  // namespace rondo::tool
