// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The engine's platform on an emulated Cortex-M: one pool for the arrays of a case, text through
// semihosting. A memory fault ends the program with a status of its own.
#include <rondo/arena.hpp>

#include "firmware/semihost.hpp"
#include "kernels/platform.hpp"

namespace rondo::engine {
namespace {

alignas(8) uint8_t g_pool[RONDO_POOL_BYTES];  // what the board can spare
size_t g_used;

}  // namespace

void put(const char* text) noexcept {
  firmware::put(text);
}

Area area_of(size_t slot, size_t bytes) noexcept {
  if (slot == 0) g_used = 0;
  // 64 more: 7 * 8 that an odd place may take, and a margin.
  const size_t need = round_up(bytes + 64, 8);
  if (need > sizeof g_pool - g_used) return {nullptr, nullptr};
  uint8_t* const begin = g_pool + g_used;
  g_used += need;
  return {begin, begin + need};
}

bool survives(void (*call)(void*), void* argument) noexcept {
  call(argument);
  return true;
}

}  // namespace rondo::engine
