// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Between load and scores nothing is allocated: malloc and its kin and operator new end the program
// while the trap is set. Plain main: a test framework would allocate.
#include <cstdio>
#include <cstdlib>
#include <new>

#include "random_model.hpp"

namespace {
bool trap = false;
int requests = 0;

void* counted(std::size_t size) {
  ++requests;
  if (trap) {
    std::fputs("no_heap: memory was allocated in the runtime\n", stderr);
    std::abort();
  }
  return std::malloc(size);
}
}  // namespace

void* operator new(std::size_t size) {
  return counted(size);
}
void* operator new[](std::size_t size) {
  return counted(size);
}
void operator delete(void* p) noexcept {
  std::free(p);
}
void operator delete[](void* p) noexcept {
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
  std::free(p);
}
void operator delete[](void* p, std::size_t) noexcept {
  std::free(p);
}

// malloc itself is taken over by the linker: --wrap (see meson.build).
extern "C" {
void* __real_malloc(std::size_t);
void* __wrap_malloc(std::size_t size) {
  if (trap) {
    trap = false;
    std::fputs("no_heap: malloc was called in the runtime\n", stderr);
    std::abort();
  }
  return __real_malloc(size);
}
}

int main() {
  using namespace rondo;
  int runs = 0;
  for (const test::ModelShape& shape : {test::ModelShape{Type::s8, Input::token, 28, {33, 5}, 7},
                                        test::ModelShape{Type::s8, Input::s16, 3, {8}, 2},
                                        test::ModelShape{Type::f32, Input::f32, 3, {8}, 2}}) {
    const test::AlignedBytes image{
        std::span<const std::uint8_t>(tool::pack(test::random_model(shape, 1), Packing::host))};
    const test::AlignedBytes memory(1 << 16), blob(1 << 12);
    const float x[3] = {1.0F, -1.0F, 0.5F};
    float out[7];
    trap = true;
    Arena arena(memory.view());
    Model model;
    Stream stream;
    if (model.load(image.bytes(), all_cells(), arena) != Status::ok) return 1;
    if (stream.bind(model, arena) != Status::ok) return 1;
    for (std::uint32_t step = 0; step < 10; ++step) {
      if (shape.input == Input::token) {
        stream.step(step);
      } else {
        stream.step_f32(x);
      }
    }
    stream.scores({out, shape.outputs});
    runs += stream.argmax() < shape.outputs ? 1 : 0;
    if (stream.save(blob.view()) != Status::ok || stream.restore(blob.bytes()) != Status::ok) {
      return 1;
    }
    stream.reset();
    trap = false;
  }
  std::printf("no_heap: %d runs, %d allocations outside of them\n", runs, requests);
  return runs == 3 && requests > 0 ? 0 : 1;
}
