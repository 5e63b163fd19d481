// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A character language model goes on after a prefix for 1,000 characters, drawn in integers at
// temperature 0.8: they must be those that the host drew with the same seed, by CRC-32.
// Runs on every core that rondo knows; prints what a step and a draw cost there, and the stack.
// With an argument it takes that many steps of the model and nothing else (measure.py).
#include <rondo/crc32.hpp>
#include <rondo/model.hpp>
#include <rondo/sample.hpp>
#include <rondo/stream.hpp>

#include "device.hpp"
#include "expected.h"
#include "steps.hpp"
#include "text_model.h"

namespace {

namespace device = rondo::device;

alignas(text_model_arena_align) uint8_t memory[text_model_arena_bytes];
rondo::Model model;
rondo::Stream stream;

constexpr rondo::Sampling k_sampling = rondo::sampling(52429);  // temperature 0.8
constexpr uint32_t k_seed = 2026;

bool start() noexcept {
  rondo::Arena arena{rondo::View<uint8_t>(memory)};
  const auto* const image = reinterpret_cast<const uint8_t*>(text_model_image);
  return model.load({image, text_model_image_bytes}, text_model_cells, arena) ==
             rondo::Status::ok &&
         stream.bind(model, arena) == rondo::Status::ok;
}

uint32_t draw(uint32_t& random) noexcept {
  return rondo::sample({stream.scores_s32(), text_model_outputs}, k_sampling, random);
}

// The CRC of the characters; and how many stand where they should.
uint32_t generate(uint32_t& right) noexcept {
  for (const char* at = "the orchard"; *at != '\0'; ++at) {
    stream.step(text_model_token_of[static_cast<unsigned char>(*at)]);
  }
  uint32_t random = k_seed, crc = 0;
  for (const char* expected = text_expected; *expected != '\0'; ++expected) {
    const uint32_t token = draw(random);
    const auto character = static_cast<uint8_t>(*text_model_classes[token]);
    crc = rondo::crc32(&character, 1, crc);
    right += character == static_cast<uint8_t>(*expected);
    stream.step(token);
  }
  return crc;
}

}  // namespace

int main(int argc, char** argv) {
  bool started = false;
  uint32_t stack = device::stack_of([&] { started = start(); });
  if (!started) {
    device::print("text: load or bind failed\n");
    return 1;
  }
  if (const uint32_t steps = device::steps_asked(argc, argv)) {
    for (uint32_t i = 0; i < steps; ++i) stream.step(1);
    return 0;
  }
  uint32_t right = 0, crc = 0;
  stack = device::greater(stack, device::stack_of([&] { crc = generate(right); }));
  device::print("characters ", right, "\ncrc ", crc, "\n");
  if (device::k_counts) {
    const device::Counter counter;
    uint32_t random = k_seed;
    device::print("instructions ", counter.count([] { stream.step(1); }), "\n");
    device::print("instructions_of_draw ", counter.count([&] { (void)draw(random); }), "\n");
  }
  device::print("stack ", stack, "\narena ", uint32_t{text_model_arena_bytes}, "\n");
  return right == text_length && crc == text_crc ? 0 : 1;
}
