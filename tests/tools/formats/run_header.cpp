// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A program that knows a model only by its exported header, as a firmware does. meson.build
// includes the header on the command line, since its name differs from model to model.
#include <cstdio>
#include <cstring>

#include <rondo/model.hpp>
#include <rondo/stream.hpp>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define OF_MODEL(name) JOIN(MODEL, name)

namespace {
alignas(OF_MODEL(_arena_align)) uint8_t memory[OF_MODEL(_arena_bytes)];

int complain(const char* what) {
  std::printf("%s\n", what);
  return 1;
}
}  // namespace

int main() {
  rondo::Arena arena{rondo::View<uint8_t>(memory)};
  rondo::Model model;
  rondo::Stream stream;
  const auto* const image = reinterpret_cast<const uint8_t*>(OF_MODEL(_image));
  if (model.load({image, OF_MODEL(_image_bytes)}, OF_MODEL(_cells), arena) != rondo::Status::ok ||
      stream.bind(model, arena) != rondo::Status::ok) {
    return complain("load or bind failed");
  }
  if (arena.used() != sizeof memory) return complain("the arena is not used to the byte");
  if (arena.used() != OF_MODEL(_model_bytes) + OF_MODEL(_state_bytes) + OF_MODEL(_scratch_bytes)) {
    return complain("the parts of the arena do not add up");
  }
#ifdef MODEL_IS_TOKENS
  if (std::strcmp(OF_MODEL(_classes)[0], "a \"b\" ?\\ c") != 0 ||
      std::strcmp(OF_MODEL(_classes)[1], "\xC3\xA9t\xC3\xA9") != 0) {
    return complain("class names changed on the way");
  }
  const auto token_of = [](unsigned char byte) { return OF_MODEL(_token_of)[byte]; };
  if (token_of('c') != 2 || token_of('"') != 4 || token_of('d') != OF_MODEL(_inputs)) {
    return complain("the alphabet is wrong");
  }
  for (const uint16_t token : OF_MODEL(_self_test_input)) stream.step(token);
#elif defined(MODEL_IS_REALS)
  for (int i = 0; i < OF_MODEL(_self_test_steps); ++i) {
    stream.step_s16(OF_MODEL(_self_test_input) + i * OF_MODEL(_inputs));
  }
#else
  const float x[3] = {1.0F, 2.0F, 3.0F};
  stream.step_f32(x);
  return stream.argmax() < OF_MODEL(_outputs) ? 0 : complain("no answer");
#endif
#ifndef MODEL_IS_FLOATS
  const int32_t* const scores = stream.scores_s32();
  for (int i = 0; i < OF_MODEL(_outputs); ++i) {
    if (scores[i] != OF_MODEL(_self_test_scores)[i]) return complain("the self-test failed");
  }
  return 0;
#endif
}
