// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The arrays of one case: each in an area of its own, between painted margins, at the place that
// the case asks for. Used by the checks of the engine.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "kernels/platform.hpp"

namespace rondo::engine {

// Where an array stands. Hosts: the end of its area and the start of it border on unmapped pages.
// odd: at an address that is no multiple of more than the array may count on.
enum class Place : uint8_t { end, start, odd };
constexpr uint32_t k_places = 3;
constexpr const char* name_of(Place place) noexcept {
  return place == Place::end ? "end" : place == Place::start ? "start" : "odd";
}

constexpr uint8_t k_paint = 0xA5;

class Memory {
 public:
  // Forgets all arrays.
  void clear(Place place) noexcept;

  // A painted array; nullptr where it does not fit. align: a multiple of alignof(T).
  template <class T>
  T* take(const char* name, size_t count, size_t align = alignof(T)) noexcept {
    return static_cast<T*>(take_bytes(name, count * sizeof(T), align));
  }

  // Whether every array since clear had room.
  bool complete() const noexcept { return complete_; }
  // The name of an array around which something was written; nullptr: none.
  const char* broken() const noexcept;

 private:
  struct Slot {
    const char* name;
    uint8_t *margin, *data, *end, *margin_end;
  };
  void* take_bytes(const char* name, size_t bytes, size_t align) noexcept;

  Slot slots_[k_slots] = {};
  size_t count_ = 0;
  Place place_ = Place::end;
  bool complete_ = true;
};

// Whether bytes still are as they were painted.
bool is_painted(const uint8_t* from, const uint8_t* to) noexcept;

}  // namespace rondo::engine
