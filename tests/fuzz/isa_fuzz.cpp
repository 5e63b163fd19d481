// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// All kernel sets and packings give the same bits: a random int8 model of any shape, any inputs,
// and every set that this CPU has against the scalar one, step by step and in a run.
#include <algorithm>
#include <vector>

#include "fuzz.hpp"
#include "random_model.hpp"

namespace {

using namespace rondo;

constexpr Kind k_kinds_with_state[] = {Kind::lstm, Kind::gru, Kind::gru_before, Kind::rnn};
constexpr Format k_inputs[] = {Format::token, Format::s16, Format::s8};

test::ModelShape shape_from(fuzz::Choices& choices) {
  test::ModelShape shape{Type::s8, k_inputs[choices.below(3)], 1 + choices.below(80), {}, 0};
  const std::uint32_t layers = 1 + choices.below(3);
  shape.more.kinds.clear();
  for (std::uint32_t i = 0; i < layers; ++i) {
    shape.hidden.push_back(1 + choices.below(80));
    shape.more.kinds.push_back(k_kinds_with_state[choices.below(4)]);
  }
  shape.outputs = 1 + choices.below(40);
  shape.more.initial = choices.flag();
  shape.more.recurrent = choices.flag() ? Format::s16 : Format::s8;
  shape.more.between = choices.flag() ? Format::s16 : Format::s8;
  shape.more.head = choices.flag() ? Format::s16 : Format::s8;
  return shape;
}

struct Inputs {
  std::vector<std::uint32_t> tokens;
  std::vector<std::int16_t> numbers;  // (steps, inputs)
};

Inputs inputs_from(std::span<const std::uint8_t> bytes, const test::ModelShape& shape) {
  constexpr std::size_t k_steps = 20;
  Inputs inputs;
  for (std::size_t i = 0; i < k_steps; ++i) {
    inputs.tokens.push_back(i < bytes.size() ? bytes[i] % (shape.inputs + 1) : shape.inputs);
  }
  for (std::size_t i = 0; i < k_steps * shape.inputs; ++i) {
    const std::size_t at = bytes.empty() ? 0 : 2 * i % bytes.size();
    const unsigned low = bytes.empty() ? 0 : bytes[at];
    const unsigned high = at + 1 < bytes.size() ? bytes[at + 1] : 0;
    inputs.numbers.push_back(static_cast<std::int16_t>(low | high << 8U));
  }
  return inputs;
}

// Scores of every step, then the state.
std::vector<std::int32_t> outcome(test::Runner& runner, const Inputs& inputs, bool at_once) {
  Stream& stream = runner.stream;
  const std::size_t steps = inputs.tokens.size(), outputs = runner.model.outputs();
  const bool tokens = runner.model.input() == Format::token;
  std::vector<std::int32_t> result(steps * outputs);
  if (at_once && tokens) stream.run(inputs.tokens.data(), steps, result.data());
  if (at_once && !tokens) stream.run_s16(inputs.numbers.data(), steps, result.data());
  for (std::size_t i = 0; !at_once && i < steps; ++i) {
    if (tokens) stream.step(inputs.tokens[i]);
    if (!tokens) stream.step_s16(inputs.numbers.data() + i * runner.model.inputs());
    std::copy_n(stream.scores_s32(), outputs,
                result.begin() + static_cast<std::ptrdiff_t>(i * outputs));
  }
  std::vector<std::uint8_t> blob(stream.save_bytes());
  fuzz::require(stream.save({blob.data(), blob.size()}) == Status::ok);
  result.insert(result.end(), blob.begin(), blob.end());
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::doctest_stops();
  fuzz::Choices choices(data, size);
  const test::ModelShape shape = shape_from(choices);
  const tool::ImageContent content = test::random_model(shape, choices.byte());
  const Inputs inputs = inputs_from(choices.rest(), shape);
  test::Runner scalar(content, Packing::host, Isa::scalar);
  const std::vector<std::int32_t> expected = outcome(scalar, inputs, false);
  for (const Packing packing : test::k_every_packing) {
    for (const Isa isa : test::available_sets()) {
      for (const bool at_once : {false, true}) {
        test::Runner runner(content, packing, isa);
        fuzz::require(outcome(runner, inputs, at_once) == expected);
      }
    }
  }
  return 0;
}
