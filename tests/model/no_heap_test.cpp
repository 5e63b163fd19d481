// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Between load and scores nothing is allocated, whatever the cell: malloc and its kin and operator
// new end the program while the trap is set. Plain main: a test framework would allocate.
#include <cstdio>
#include <cstdlib>
#include <new>
#include <vector>

#include "random_model.hpp"

namespace {
bool trap = false;
int requests = 0;

void refuse_in_trap(const char* what) {
  if (!trap) return;
  trap = false;
  std::fprintf(stderr, "no_heap: %s was called in the runtime\n", what);
  std::abort();
}

void* counted(std::size_t size) {
  ++requests;
  refuse_in_trap("operator new");
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

// malloc and its kin themselves are taken over by the linker: --wrap (see meson.build).
extern "C" {
void* __real_malloc(std::size_t);
void* __real_calloc(std::size_t, std::size_t);
void* __real_realloc(void*, std::size_t);

void* __wrap_malloc(std::size_t size) {
  refuse_in_trap("malloc");
  return __real_malloc(size);
}
void* __wrap_calloc(std::size_t count, std::size_t size) {
  refuse_in_trap("calloc");
  return __real_calloc(count, size);
}
void* __wrap_realloc(void* p, std::size_t size) {
  refuse_in_trap("realloc");
  return __real_realloc(p, size);
}
}

namespace {

using namespace rondo;

std::vector<test::ModelShape> every_shape() {
  std::vector<test::ModelShape> shapes;
  for (const Kind kind : {Kind::lstm, Kind::gru, Kind::gru_before, Kind::rnn}) {
    const test::LayerShapes one = {.kinds = {kind}, .initial = true};
    const test::LayerShapes both = {.kinds = {kind}, .bidirectional = {true}, .max_steps = 9};
    for (const test::LayerShapes& layers : {one, both}) {
      shapes.push_back({Type::s8, Format::token, 28, {33, 5}, 7, layers});
      shapes.push_back({Type::s8, Format::s16, 3, {8}, 2, layers});
      shapes.push_back({Type::f32, Format::token, 28, {33, 5}, 7, layers});
      shapes.push_back({Type::f32, Format::f32, 3, {8}, 2, layers});
    }
  }
  return shapes;
}

// Everything between load and scores; the memory is there already.
bool runs(const test::ModelShape& shape, View<const std::uint8_t> image, Isa isa,
          View<std::uint8_t> memory, View<std::uint8_t> blob) {
  const float x[3 * 12] = {1.0F, -1.0F, 0.5F};
  const std::int16_t steps[3 * 12] = {100, -100, 50};
  const std::uint32_t tokens[12] = {0, 1, 2, 3};
  float scores[7 * 12];
  std::int32_t integers[7 * 12];
  Arena arena(memory);
  Model model;
  Stream stream;
  if (model.load(image, all_cells(), arena) != Status::ok) return false;
  if (stream.bind(model, arena, isa) != Status::ok) return false;
  for (std::uint32_t step = 0; step < 10; ++step) {
    stream.step(step);
    stream.step_f32(x);
    stream.step_s16(steps);
  }
  stream.run(tokens, 12, integers);
  stream.run(tokens, 12, scores);
  stream.run_f32(x, 12, scores);
  stream.run_s16(steps, 12, integers);
  stream.scores({scores, shape.outputs});
  stream.softmax({scores, shape.outputs});
  if (stream.argmax() >= shape.outputs) return false;
  const View<const std::uint8_t> saved(blob.data(), blob.size());
  if (stream.save(blob) != Status::ok || stream.restore(saved) != Status::ok) return false;
  stream.reset();
  return true;
}

}  // namespace

int main() {
  int good = 0, wanted = 0;
  for (const test::ModelShape& shape : every_shape()) {
    for (const Packing packing : test::k_every_packing) {
      const test::AlignedBytes image{
          std::span<const std::uint8_t>(tool::pack(test::random_model(shape, 1), packing))};
      const test::AlignedBytes memory(1 << 18), blob(1 << 12);
      for (const Isa isa : test::available_sets()) {
        trap = true;
        const bool ran = runs(shape, image.bytes(), isa, memory.view(), blob.view());
        trap = false;
        good += ran ? 1 : 0;
        ++wanted;
      }
    }
  }
  std::printf("no_heap: %d of %d runs, %d allocations outside of them\n", good, wanted, requests);
  return good == wanted && good > 0 && requests > 0 ? 0 : 1;
}
