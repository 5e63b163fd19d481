// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Ctrl-C during long work: the first one is only noted, so that the work can stop at a good moment
// and keep what it has; a second one ends the program at once. main.cpp turns Interrupted into the
// exit status.
#pragma once
#include <stdexcept>
#include <string>

namespace rondo::tool {

class Interrupted : public std::runtime_error {
 public:
  Interrupted(int signal, const std::string& what) : std::runtime_error(what), signal_(signal) {}
  int status() const { return 128 + signal_; }  // as shells have it: 130 after Ctrl-C

 private:
  int signal_;
};

// While one of these lives, SIGINT and SIGTERM are noted, unless the program was started to ignore
// them. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  // The signal that came, or 0.
  int noted() const;
};

}  // namespace rondo::tool
