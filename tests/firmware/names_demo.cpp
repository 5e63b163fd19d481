// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The demo image: an exported model on a microcontroller. First the model's self-test, then each
// line of the given file is classified and printed as `rondo predict --scores` prints it on the
// host, so that the two can be compared byte by byte. Last, lines that start with '#': what it
// cost.
#include <rondo/model.hpp>
#include <rondo/stream.hpp>

#include "host_file.hpp"
#include "icount.hpp"
#include "names_model.h"
#include "semihost.hpp"

namespace {

using rondo::firmware::print;

alignas(names_model_arena_align) uint8_t memory[names_model_arena_bytes];

bool self_test(rondo::Stream& stream) noexcept {
  stream.reset();
  for (const uint16_t token : names_model_self_test_input) stream.step(token);
  const int32_t* const scores = stream.scores_s32();
  for (int i = 0; i < names_model_outputs; ++i) {
    if (scores[i] != names_model_self_test_scores[i]) return false;
  }
  return true;
}

void classify(rondo::Stream& stream, const char* name) noexcept {
  stream.reset();
  for (const char* at = name; *at != '\0'; ++at) {
    const uint16_t token = names_model_token_of[static_cast<unsigned char>(*at)];
    if (token < names_model_inputs) stream.step(token);  // other bytes are left out, as on the host
  }
  print(name, "\t", names_model_classes[stream.argmax()], "\t");
  const int32_t* const scores = stream.scores_s32();
  for (int i = 0; i < names_model_outputs; ++i) print(i == 0 ? "" : " ", scores[i]);
  print("\n");
}

}  // namespace

int main() {
  rondo::Arena arena{rondo::View<uint8_t>(memory)};
  rondo::Model model;
  rondo::Stream stream;
  const auto* const image = reinterpret_cast<const uint8_t*>(names_model_image);
  rondo::Status status = model.load({image, names_model_image_bytes}, names_model_cells, arena);
  if (status == rondo::Status::ok) status = stream.bind(model, arena);
  if (status != rondo::Status::ok) {
    print("load or bind: ", rondo::name_of(status), "\n");
    return 1;
  }
  if (!self_test(stream)) {
    print("self-test: other scores than on the host\n");
    return 1;
  }
  static rondo::firmware::HostFile names;
  if (!names.open_argument()) {
    print("usage: names_demo FILE, one name a line\n");
    return 2;
  }
  char name[128];
  while (names.read_line(name, sizeof name)) classify(stream, name);

  const uint32_t stack = rondo::firmware::stack_used();
  const rondo::firmware::InstructionCounter counter;
  print("#instructions_per_character ", counter.count([&] { stream.step(0); }), "\n");
  print("#instructions_of_scores ", counter.count([&] { (void)stream.scores_s32(); }), "\n");
  print("#arena ", arena.used(), "\n");
  print("#stack ", stack, "\n");
  return arena.used() == names_model_arena_bytes ? 0 : 1;
}
