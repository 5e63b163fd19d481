// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The kernel checks on an emulated Cortex-M: the one set of this build, which must be the one that
// this core is for (RONDO_TEST_SET). Ends with 0 when all is well.
#include <string.h>

#include "kernels/engine.hpp"

int main() {
  const rondo::Isa isa = *rondo::isa_list().begin();
  rondo::engine::Options options;
  options.set = rondo::name_of(isa);
  rondo::engine::print("seed ", options.seed, "\n");
  if (rondo::isa_list().size() != 1 || strcmp(options.set, RONDO_TEST_SET) != 0) {
    rondo::engine::print("FAILED: kernel set ", options.set, ", expected is ", RONDO_TEST_SET,
                         "\n");
    return 1;
  }
  return rondo::engine::check_set(isa, options) ? 0 : 1;
}
