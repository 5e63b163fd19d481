// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// One fault by name, for valgrind.sh to see that it would be found: planted none | uninitialized |
// outside | leak.
#include <cstdio>
#include <cstdlib>
#include <cstring>

int main(int argc, char** argv) {
  const char* const fault = argc > 1 ? argv[1] : "none";
  // Volatile: no compiler may see through it.
  volatile char* volatile bytes = static_cast<char*>(std::malloc(16));
  if (std::strcmp(fault, "uninitialized") != 0) bytes[3] = 1;
  if (bytes[3] != 0) std::puts("not zero");
  if (std::strcmp(fault, "outside") == 0) bytes[16] = 1;
  if (std::strcmp(fault, "leak") != 0) std::free(const_cast<char*>(bytes));
  bytes = nullptr;
  return 0;
}
