// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The engine's platform on POSIX hosts: areas between unmapped pages, and a signal handler that
// jumps back out of a kernel which touched one.
#include "kernels/platform.hpp"

#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

namespace rondo::engine {
namespace {

constexpr size_t k_area = 320 << 10;  // 64 rows of 1,000 floats and some

sigjmp_buf g_back;
volatile sig_atomic_t g_inside = 0;
uint8_t* g_areas[k_slots];
bool g_pages_mapped = false;

void on_fault(int number) {
  if (g_inside != 0) siglongjmp(g_back, 1);
  signal(number, SIG_DFL);
  raise(number);
}

// With SA_NODEFER the signal stays open after the jump, so that no mask needs saving: the jump
// buffer is filled before every call of a kernel.
void catch_faults() noexcept {
  struct sigaction action = {};
  action.sa_handler = on_fault;
  action.sa_flags = SA_NODEFER;
  constexpr int numbers[] = {SIGSEGV, SIGBUS, SIGILL};
  for (const int number : numbers) sigaction(number, &action, nullptr);
}

[[noreturn]] void give_up(const char* what) noexcept {
  perror(what);
  exit(1);
}

void map_areas() noexcept {
  const size_t page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  for (uint8_t*& area : g_areas) {
    const int around = g_pages_mapped ? PROT_READ | PROT_WRITE : PROT_NONE;
    void* const map = mmap(nullptr, k_area + 2 * page, around, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED) give_up("mmap");
    area = static_cast<uint8_t*>(map) + page;
    if (mprotect(area, k_area, PROT_READ | PROT_WRITE) != 0) give_up("mprotect");
  }
  catch_faults();
}

}  // namespace

void put(const char* text) noexcept {
  fputs(text, stdout);
}

Area area_of(size_t slot, size_t bytes) noexcept {
  if (g_areas[0] == nullptr) map_areas();
  // 512: what an array at an odd place needs beyond its bytes, see memory.cpp.
  if (slot >= k_slots || bytes > k_area - 512) return {nullptr, nullptr};
  return {g_areas[slot], g_areas[slot] + k_area};
}

void keep_pages_mapped() noexcept {
  g_pages_mapped = true;
}

bool survives(void (*call)(void*), void* argument) noexcept {
  if (sigsetjmp(g_back, 0) != 0) {
    g_inside = 0;
    return false;
  }
  g_inside = 1;
  call(argument);
  g_inside = 0;
  return true;
}

}  // namespace rondo::engine
