// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A character language model on a microcontroller: it goes on after a prefix for 1,000 characters,
// which must be those that `rondo generate` wrote on the host with the same seed (text/make.sh).
#include <rondo/model.hpp>
#include <rondo/sample.hpp>
#include <rondo/stream.hpp>

#include "icount.hpp"
#include "semihost.hpp"
#include "text/text_expected.h"
#include "text/text_model.h"

namespace {

using rondo::firmware::print;

alignas(text_model_arena_align) uint8_t memory[text_model_arena_bytes];

constexpr rondo::Sampling k_sampling = rondo::sampling(52429);  // temperature 0.8
constexpr uint32_t k_seed = 2026;

uint32_t draw(rondo::Stream& stream, uint32_t& random) noexcept {
  return rondo::sample({stream.scores_s32(), text_model_outputs}, k_sampling, random);
}

// How many characters are as expected.
int generate(rondo::Stream& stream) noexcept {
  for (const char* at = "the orchard"; *at != '\0'; ++at) {
    stream.step(text_model_token_of[static_cast<unsigned char>(*at)]);
  }
  uint32_t random = k_seed;
  int right = 0;
  for (const char* expected = text_expected; *expected != '\0'; ++expected) {
    const uint32_t token = draw(stream, random);
    const char* const character = text_model_classes[token];
    print(character);
    if (*character == *expected) ++right;
    stream.step(token);
  }
  return right;
}

}  // namespace

int main() {
  rondo::Arena arena{rondo::View<uint8_t>(memory)};
  rondo::Model model;
  rondo::Stream stream;
  const auto* const image = reinterpret_cast<const uint8_t*>(text_model_image);
  rondo::Status status = model.load({image, text_model_image_bytes}, text_model_cells, arena);
  if (status == rondo::Status::ok) status = stream.bind(model, arena);
  if (status != rondo::Status::ok) {
    print("load or bind: ", rondo::name_of(status), "\n");
    return 1;
  }
  const int right = generate(stream);
  uint32_t random = k_seed;
  const rondo::firmware::InstructionCounter counter;
  print("\n#right ", right, "\n");
  print("#instructions_of_step ", counter.count([&] { stream.step(1); }), "\n");
  print("#instructions_of_draw ", counter.count([&] { (void)draw(stream, random); }), "\n");
  print("#stack ", rondo::firmware::stack_used(), "\n");
  return right == 1000 ? 0 : 1;
}
