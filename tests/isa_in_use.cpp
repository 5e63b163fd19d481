// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Prints the kernel sets of this build, those that this CPU can run, and the one that bind takes.
//   test_isa_in_use [NAME]
// Fails where that is not the forced one (see forced_cpu.cpp), or not NAME.
#include <stdio.h>
#include <string.h>

#include <rondo/isa.hpp>

#include "forced_cpu.hpp"

namespace {

bool is(const char* name, const char* what) {
  const char* const best = rondo::name_of(rondo::isa_best());
  if (name == nullptr || strcmp(name, best) == 0) return true;
  printf("FAILED: %s is %s, but %s is in use\n", what, name, best);
  return false;
}

}  // namespace

int main(int count, char** arguments) {
  rondo::test::require_forced_isa();
  printf("kernel sets: built");
  for (const rondo::Isa isa : rondo::isa_list()) printf(" %s", rondo::name_of(isa));
  printf(", available");
  for (const rondo::Isa isa : rondo::isa_list()) {
    if (rondo::isa_available(isa)) printf(" %s", rondo::name_of(isa));
  }
  printf(", skipped");
  for (const rondo::Isa isa : rondo::isa_list()) {
    if (!rondo::isa_available(isa)) printf(" %s", rondo::name_of(isa));
  }
  printf(", in use %s\n", rondo::name_of(rondo::isa_best()));
  const bool forced = is(rondo::test::forced_isa(), "forced");
  return is(count > 1 ? arguments[1] : nullptr, "expected") && forced ? 0 : 1;
}
