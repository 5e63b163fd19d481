// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The two classroom networks as float images. Both read [x, h] and compute h' and o' from it
// without a non-linearity: an Elman layer of H + O units, where nothing reads the last O of them
// back, so their columns of U are zero. A linear layer picks o', or goes on from [h', o'].
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "golden.hpp"
#include "inputs.hpp"
#include "random_model.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

// W and U of the layer from i2h (H, I + H) and i2o (O, I + H).
tool::ImageLayer both_maps(const Golden& golden, std::uint32_t inputs, std::uint32_t hidden,
                           std::uint32_t outputs) {
  tool::ImageLayer layer;
  layer.kind = Kind::rnn;
  layer.type = Type::f32;
  layer.input = layer.output = layer.recurrent = Format::f32;
  layer.mode = static_cast<std::uint8_t>(Activation::none);
  layer.inputs = inputs;
  layer.outputs = hidden + outputs;
  for (const std::string map : {"i2h", "i2o"}) {
    const std::vector<float>& weight = golden.floats(map + ".weight");
    const std::vector<float>& bias = golden.floats(map + ".bias");
    layer.bias_f32.insert(layer.bias_f32.end(), bias.begin(), bias.end());
    for (std::size_t row = 0; row < bias.size(); ++row) {
      const std::size_t at = row * (inputs + hidden);
      const std::vector<float> of_x = slice(weight, at, inputs);
      const std::vector<float> of_h = slice(weight, at + inputs, hidden);
      layer.w.f32.insert(layer.w.f32.end(), of_x.begin(), of_x.end());
      layer.u.f32.insert(layer.u.f32.end(), of_h.begin(), of_h.end());
      layer.u.f32.insert(layer.u.f32.end(), outputs, 0.0F);
    }
  }
  return layer;
}

tool::ImageContent content_of(const tool::ImageLayer& layer, const tool::ImageLayer& head) {
  tool::ImageContent content;
  content.input = Format::f32;
  content.inputs = layer.inputs;
  content.outputs = head.outputs;
  content.layers = {layer, head};
  return content;
}

// log(softmax(scores)): the runtime's scores stop before it.
std::vector<double> log_shares(const std::vector<float>& scores, std::size_t at, std::size_t size) {
  double sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += std::exp(static_cast<double>(scores[at + i]));
  std::vector<double> shares;
  for (std::size_t i = 0; i < size; ++i) shares.push_back(scores[at + i] - std::log(sum));
  return shares;
}

}  // namespace

TEST_CASE("the classroom RNN is an Elman layer without activation and a head that picks o") {
  const Golden golden(RONDO_DATA_DIR "/golden/concat_rnn_i57_h128_o18.safetensors");
  constexpr std::uint32_t inputs = 57, hidden = 128, outputs = 18;
  const tool::ImageContent content = content_of(both_maps(golden, inputs, hidden, outputs),
                                                picking_layer(hidden + outputs, hidden, outputs));
  const std::vector<float>& x = golden.floats("input");
  const std::size_t steps = x.size() / inputs;
  const Inputs sequence = {Format::f32, inputs, steps, {}, x, {}};
  for (const Packing packing : k_every_packing) {
    for (const Isa isa : available_sets()) {
      INFO(std::string(name_of(isa)));
      Runner runner(content, packing, isa);
      const std::vector<float> scores = run_for<float>(runner.stream, sequence, 0, steps);
      const std::vector<double> last = log_shares(scores, (steps - 1) * outputs, outputs);
      for (std::size_t i = 0; i < outputs; ++i) {
        CHECK(std::abs(last[i] - golden.floats("log_probs")[i]) < 1e-5);
      }
      for (std::size_t i = 0; i < hidden; ++i) {
        CHECK(std::abs(runner.stream.hidden_f32(0)[i] - golden.floats("hn")[i]) < 1e-5);
      }
    }
  }
}

TEST_CASE("the classroom generator is the same layer with a head that reads h and o") {
  const Golden golden(RONDO_DATA_DIR "/golden/generator_rnn_c18_v59_h32.safetensors");
  constexpr std::uint32_t classes = 18, letters = 59, hidden = 32;
  tool::ImageLayer o2o = picking_layer(hidden + letters, 0, letters);
  o2o.w.f32 = golden.floats("o2o.weight");
  o2o.bias_f32 = golden.floats("o2o.bias");
  const tool::ImageContent content =
      content_of(both_maps(golden, classes + letters, hidden, letters), o2o);
  const std::vector<float>& log_probs = golden.floats("log_probs");
  const std::size_t steps = log_probs.size() / letters;
  Inputs sequence = {Format::f32, classes + letters, steps, {}, {}, {}};
  for (std::size_t t = 0; t < steps; ++t) {  // the class in front of each letter, both one-hot
    std::vector<float> x = golden.floats("category");
    x.resize(classes + letters);
    x[classes + static_cast<std::size_t>(golden.integers("tokens")[t])] = 1;
    sequence.f32.insert(sequence.f32.end(), x.begin(), x.end());
  }
  for (const Packing packing : k_every_packing) {
    for (const Isa isa : available_sets()) {
      INFO(std::string(name_of(isa)));
      Runner runner(content, packing, isa);
      const std::vector<float> scores = run_for<float>(runner.stream, sequence, 0, steps);
      for (std::size_t t = 0; t < steps; ++t) {
        const std::vector<double> shares = log_shares(scores, t * letters, letters);
        for (std::size_t i = 0; i < letters; ++i) {
          CHECK(std::abs(shares[i] - log_probs[t * letters + i]) < 1e-5);
        }
      }
      for (std::size_t i = 0; i < hidden; ++i) {
        CHECK(std::abs(runner.stream.hidden_f32(0)[i] - golden.floats("hn")[i]) < 1e-5);
      }
    }
  }
}
