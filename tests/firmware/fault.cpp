// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Proves the fault handler: an undefined instruction must end with status 99, not hang.
int main() {
  asm volatile("udf #0");
}
