// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A program of somebody else, built against rondo as a package and as a subproject.
#include <cstdio>

#include <rondo/rondo.hpp>

int main() {
  alignas(64) static uint8_t memory[64];
  rondo::Arena arena{rondo::View<uint8_t>(memory)};
  rondo::Model model;
  const rondo::Status status = model.load({}, rondo::all_cells(), arena);
  std::printf("%s, kernels: %s\n", rondo::name_of(status), rondo::name_of(rondo::isa_best()));
  return status == rondo::Status::image_truncated ? 0 : 1;
}
