// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The last layer of a network that learns the difference to its input: adds the model's own input
// to the scores. Its state are the scores of the last step, since the input of a step is gone after
// it.
#include <string.h>

#include "cell/blocks.hpp"
#include "cell/check.hpp"

namespace rondo::cell {
namespace {

Status check(View<const uint8_t>, const LayerRecord& record, Packing, const Proofs*) noexcept {
  const bool good = form_f32_allowed(record) && record.outputs == record.inputs && record.w == 0 &&
                    record.bias == 0;
  return good ? Status::ok : Status::bad_layout;
}

// State: scores float[units].
LayerBytes bytes(const LayerRecord& record, Packing, size_t align) noexcept {
  return {buffer(sizeof(float) * round_up(record.outputs, 4), align), 0};
}

void run(const LayerArgs& args) noexcept {
  float* const scores = in<float>(args.state);
  const uint32_t units = args.record->outputs;
  for (uint32_t s = 0; s < args.steps; ++s) {
    memcpy(scores, vector_at<float>(args.x, args.x_stride, s), sizeof(float) * units);
    if (args.input != nullptr) {
      const float* const input = vector_at<float>(args.input, args.input_stride, s);
      for (uint32_t j = 0; j < units; ++j) scores[j] += input[j];
    }
    if (args.y == nullptr) continue;
    memcpy(vector_at<float>(args.y, args.y_stride, s), scores, sizeof(float) * units);
  }
}

const void* output(const LayerArgs& args) noexcept {
  return args.state;
}

uint32_t parts(const LayerRecord& record, Packing, StatePart* parts) noexcept {
  parts[0] = {0, static_cast<uint32_t>(sizeof(float)) * record.outputs, 0};
  return 1;
}

}  // namespace

const Cell rondo_skip_f32 = {Kind::skip, Type::f32, check, bytes, run, output, nullptr, parts};

}  // namespace rondo::cell
