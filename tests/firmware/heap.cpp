// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Proves no_heap.cpp: asks for memory, and so must end with status 98.
namespace {
int* volatile kept;
}

int main() {
  kept = new int(0);
  return *kept;
}
