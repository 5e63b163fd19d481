// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Gives the suite a CPU of choice: stands in for src/port in the test programs (it is linked before
// the archive of the runtime, whose own answer is then not pulled). RONDO_TEST_ISA=avx2 leaves the
// scalar set and that one; without it the true answer is given. No product code knows of this.
#include "forced_cpu.hpp"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rondo/isa.hpp>

namespace rondo::port {

// What src/port says: its file is compiled a second time, under this name.
bool real_cpu_has(Isa isa) noexcept;

bool cpu_has(Isa isa) noexcept {
  const char* const forced = test::forced_isa();
  const char* const name = name_of(isa);
  const bool asked =
      forced == nullptr || isa == Isa::scalar || (name != nullptr && strcmp(name, forced) == 0);
  return asked && real_cpu_has(isa);
}

}  // namespace rondo::port

namespace rondo::test {

const char* forced_isa() noexcept {
  const char* const forced = getenv("RONDO_TEST_ISA");
  return forced == nullptr || *forced == '\0' ? nullptr : forced;
}

const char* why_not_forced(const char* name) noexcept {
  for (const Isa isa : isa_list()) {
    if (strcmp(name_of(isa), name) != 0) continue;
    return port::real_cpu_has(isa) ? nullptr : "this CPU cannot run that kernel set";
  }
  return "this build has no such kernel set";
}

bool require_forced_isa() noexcept {
  const char* const forced = forced_isa();
  const char* const problem = forced == nullptr ? nullptr : why_not_forced(forced);
  if (problem == nullptr) return true;
  fprintf(stderr, "RONDO_TEST_ISA=%s: %s\n", forced, problem);
  exit(1);
}

}  // namespace rondo::test
