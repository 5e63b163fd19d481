// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The last layer of a network that learns the difference to its input: adds the model's own input,
// as int16 or int8 steps, to the int32 scores. Its state are the scores of the last step, since the
// input of a step is gone after it.
#include <string.h>

#include <rondo/numeric.hpp>

#include "cell/blocks.hpp"
#include "cell/check.hpp"

namespace rondo::cell {
namespace {

Status check(View<const uint8_t> image, const LayerRecord& record, Packing,
             const Proofs* proofs) noexcept {
  if (!form_s8_allowed(record) || record.outputs != record.inputs || record.w != 0 ||
      record.sums_w != 0 || record.shift_w > k_shift_limit ||
      !inside(image, record.scale_w, 4 * record.outputs) ||
      !inside(image, record.bias, 4 * record.outputs)) {
    return Status::bad_layout;
  }
  if (proofs == nullptr) return Status::ok;
  const int32_t largest = record.recurrent == Format::s16 ? k_largest_s16 : k_largest_s8;
  if (shift_left(largest, record.shift_w) >= k_acc_limit) return Status::bad_numbers;
  const void* const scales = image.data() + record.scale_w;
  for (uint32_t j = 0; j < record.outputs; ++j) {
    if (static_cast<const int32_t*>(scales)[j] <= 0) return Status::bad_numbers;
  }
  return Status::ok;
}

// State: scores int32[units].
LayerBytes bytes(const LayerRecord& record, Packing, size_t align) noexcept {
  return {buffer(4 * round_up(record.outputs, 4), align), 0};
}

// scores += the input of a step (nullptr: its mean)
void add_input(const LayerArgs& args, const void* input, int32_t* scores) noexcept {
  const LayerRecord& record = *args.record;
  const int32_t* const scale = at<int32_t>(args, record.scale_w);
  const int32_t* const bias = at<int32_t>(args, record.bias);
  const bool wide = record.recurrent == Format::s16;
  for (uint32_t j = 0; j < record.outputs; ++j) {
    int32_t steps = 0;
    if (input != nullptr) {
      steps = wide ? static_cast<const int16_t*>(input)[j] : static_cast<const int8_t*>(input)[j];
    }
    const int32_t part = rdmulh32(shift_left(steps, record.shift_w), scale[j]);
    scores[j] = sat32(int64_t{scores[j]} + part + bias[j]);
  }
}

void run(const LayerArgs& args) noexcept {
  int32_t* const scores = in<int32_t>(args.state);
  const size_t size = size_t{4} * args.record->outputs;
  for (uint32_t s = 0; s < steps_of(args); ++s) {
    memcpy(scores, vector_at<int32_t>(args.x, args.x_stride, s), size);
    add_input(
        args,
        args.input == nullptr ? nullptr : vector_at<uint8_t>(args.input, args.input_stride, s),
        scores);
    if (args.y != nullptr) memcpy(vector_at<int32_t>(args.y, args.y_stride, s), scores, size);
  }
}

// Stream::hidden_s16 and hidden_s8 ask for other formats, which it does not keep.
const void* output(const LayerArgs& args) noexcept {
  return args.record->output == Format::s32 ? args.state : nullptr;
}

uint32_t parts(const LayerRecord& record, Packing, StatePart* parts) noexcept {
  parts[0] = {0, 4 * record.outputs, 0};
  return 1;
}

}  // namespace

const Cell rondo_skip_s8 = {Kind::skip, Type::s8, check, bytes, run, output, nullptr, parts};

}  // namespace rondo::cell
