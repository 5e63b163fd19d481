// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// 1,000 names through a classifier: all their int32 scores must be those of the host, by CRC-32.
// Runs on every core that rondo knows; prints what a step and the scores cost there, and the stack.
// With an argument it takes that many steps of the model and nothing else (measure.py).
#include <rondo/crc32.hpp>
#include <rondo/model.hpp>
#include <rondo/stream.hpp>

#include "device.hpp"
#include "expected.h"
#include "names_model.h"
#include "steps.hpp"

namespace {

namespace device = rondo::device;

alignas(names_model_arena_align) uint8_t memory[names_model_arena_bytes];
rondo::Model model;
rondo::Stream stream;

bool start() noexcept {
  rondo::Arena arena{rondo::View<uint8_t>(memory)};
  const auto* const image = reinterpret_cast<const uint8_t*>(names_model_image);
  return model.load({image, names_model_image_bytes}, names_model_cells, arena) ==
             rondo::Status::ok &&
         stream.bind(model, arena) == rondo::Status::ok;
}

uint32_t with_scores(uint32_t crc) noexcept {
  const int32_t* const scores = stream.scores_s32();
  for (int i = 0; i < names_model_outputs; ++i) {
    uint8_t bytes[4];
    device::put_le32(bytes, static_cast<uint32_t>(scores[i]));
    crc = rondo::crc32(bytes, sizeof bytes, crc);
  }
  return crc;
}

// The CRC of the scores of all names, and how many there were.
uint32_t classify_all(uint32_t& names, uint32_t& steps) noexcept {
  uint32_t crc = 0;
  stream.reset();
  for (const char* at = names_list; *at != '\0'; ++at) {
    if (*at == '\n') {
      crc = with_scores(crc);
      stream.reset();
      ++names;
    } else {
      stream.step(names_model_token_of[static_cast<unsigned char>(*at)]);
      ++steps;
    }
  }
  return crc;
}

}  // namespace

int main(int argc, char** argv) {
  bool started = false;
  uint32_t stack = device::stack_of([&] { started = start(); });
  if (!started) {
    device::print("names: load or bind failed\n");
    return 1;
  }
  if (const uint32_t steps = device::steps_asked(argc, argv)) {
    for (uint32_t i = 0; i < steps; ++i) stream.step(1);
    return 0;
  }
  uint32_t names = 0, steps = 0, crc = 0;
  stack = device::greater(stack, device::stack_of([&] { crc = classify_all(names, steps); }));
  const device::Counter counter;
  device::print("names ", names, "\nsteps ", steps, "\ncrc ", crc, "\n");
  if (device::k_counts) {
    device::print("instructions ", counter.count([] { stream.step(1); }), "\n");
  }
  device::print("stack ", stack, "\narena ", uint32_t{names_model_arena_bytes}, "\n");
  return names == names_count && crc == names_crc ? 0 : 1;
}
