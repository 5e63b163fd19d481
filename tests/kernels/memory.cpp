// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See memory.hpp.
#include "kernels/memory.hpp"

#include <string.h>

namespace rondo::engine {
namespace {

constexpr ptrdiff_t k_margin = 64;  // bytes watched on either side: the widest vector store

uint8_t* round_down(uint8_t* at, size_t align) noexcept {
  return at - reinterpret_cast<uintptr_t>(at) % align;
}

}  // namespace

void Memory::clear(Place place) noexcept {
  count_ = 0;
  place_ = place;
  complete_ = true;
}

void* Memory::take_bytes(const char* name, size_t bytes, size_t align) noexcept {
  const Area area = count_ < k_slots ? area_of(count_, bytes) : Area{nullptr, nullptr};
  if (area.begin == nullptr) {
    complete_ = false;
    return nullptr;
  }
  uint8_t* data = area.begin;
  if (place_ == Place::end) data = round_down(area.end - bytes, align);
  // An odd multiple of align, another one for each array; area_of has room for it.
  if (place_ == Place::odd) data += align * (2 * (count_ % 4) + 1);
  Slot& slot = slots_[count_++];
  slot.name = name;
  slot.data = data;
  slot.end = data + bytes;
  slot.margin = data - area.begin < k_margin ? area.begin : data - k_margin;
  slot.margin_end = area.end - slot.end < k_margin ? area.end : slot.end + k_margin;
  memset(slot.margin, k_paint, static_cast<size_t>(slot.margin_end - slot.margin));
  return data;
}

const char* Memory::broken() const noexcept {
  for (size_t i = 0; i < count_; ++i) {
    const Slot& slot = slots_[i];
    if (!is_painted(slot.margin, slot.data) || !is_painted(slot.end, slot.margin_end)) {
      return slot.name;
    }
  }
  return nullptr;
}

bool is_painted(const uint8_t* from, const uint8_t* to) noexcept {
  for (; from != to; ++from) {
    if (*from != k_paint) return false;
  }
  return true;
}

}  // namespace rondo::engine
