// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The main function of every doctest program of the suite.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "forced_cpu.hpp"

int main(int count, char** arguments) {
  rondo::test::require_forced_isa();
  return doctest::Context(count, arguments).run();
}
