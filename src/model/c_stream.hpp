// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What a RondoStream of rondo.h is. One file of functions for those that every program calls, one
// for float input and output, one for saved states, so that each links what it uses.
#pragma once
#include <rondo/rondo.h>

#include <rondo/stream.hpp>

struct RondoStream {
  rondo::Model model;
  rondo::Stream stream;

  // Into memory of the arena; there is no other new.
  static void* operator new(size_t, void* place) noexcept { return place; }
};
static_assert(sizeof(RondoStream) == rondo_object_bytes, "rondo.h promises its size");
