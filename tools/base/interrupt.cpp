// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See interrupt.hpp.
#include "base/interrupt.hpp"

#include <csignal>

namespace rondo::tool {
namespace {

volatile std::sig_atomic_t last_signal = 0;

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
