// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Float images built from PyTorch's weights give PyTorch's outputs and last states: LSTM, GRU, RNN,
// stacked and bidirectional, from states that are not zero, on every kernel set.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "golden.hpp"
#include "inputs.hpp"
#include "random_model.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

// Outputs lie in -1 .. 1 but those of ReLU, which stay below 8 here: the rounding of the file alone
// is 2^-22. Sums of up to 185 terms of size 1 / sqrt(H) err by some 2^-22 more, and so do tanh and
// sigmoid; U is no larger than W, so that errors of earlier steps fade: in all below 2^-19.
constexpr double k_bound = 2e-6;

// One sequence of a batch: what PyTorch was given, and what it gave.
struct Sequence {
  const Golden& golden;
  std::uint32_t batch, steps, inputs, hidden, layers, directions, item;

  Sequence(const Golden& file, std::uint32_t item_of_batch)
      : golden(file),
        batch(file.number("batch")),
        steps(file.number("steps")),
        inputs(file.number("input_size")),
        hidden(file.number("hidden_size")),
        layers(file.number("num_layers")),
        directions(1 + file.number("bidirectional")),
        item(item_of_batch) {}

  // (T, B, width) without the other items.
  std::vector<float> sequence(const std::string& name, std::uint32_t width) const {
    std::vector<float> values;
    for (std::size_t t = 0; t < steps; ++t) {
      const std::vector<float> row = slice(golden.floats(name), (t * batch + item) * width, width);
      values.insert(values.end(), row.begin(), row.end());
    }
    return values;
  }
  // (layers * directions, B, H) without the other items and layers.
  std::vector<float> state(const std::string& name, std::size_t record) const {
    return slice(golden.floats(name), (record * batch + item) * hidden, hidden);
  }
};

Kind kind_of(const std::string& cell) {
  return cell == "lstm" ? Kind::lstm : cell == "gru" ? Kind::gru : Kind::rnn;
}

// PyTorch adds both biases, but in a GRU that of n inside the reset stays apart.
std::vector<float> biases_of(Kind kind, std::vector<float> ih, const std::vector<float>& hh,
                             std::size_t hidden) {
  const std::size_t summed = kind == Kind::gru ? 2 * hidden : ih.size();
  for (std::size_t i = 0; i < summed; ++i) ih[i] += hh[i];
  if (kind == Kind::gru)
    ih.insert(ih.end(), hh.end() - static_cast<std::ptrdiff_t>(hidden), hh.end());
  return ih;
}

tool::ImageLayer layer_of(const Sequence& of, std::uint32_t layer, std::uint32_t direction) {
  const std::string& cell = of.golden.text("cell");
  const std::string suffix = "_l" + std::to_string(layer) + (direction == 1 ? "_reverse" : "");
  const auto tensor = [&](const char* name) { return of.golden.floats(name + suffix); };
  tool::ImageLayer image;
  image.kind = kind_of(cell);
  image.type = Type::f32;
  image.input = image.output = image.recurrent = Format::f32;
  if (cell == "rnn_tanh") image.mode = static_cast<std::uint8_t>(Activation::tanh);
  if (cell == "rnn_relu") image.mode = static_cast<std::uint8_t>(Activation::relu);
  image.direction = of.directions == 1 ? Direction::only
                    : direction == 0   ? Direction::forward
                                       : Direction::backward;
  image.inputs = layer == 0 ? of.inputs : of.directions * of.hidden;
  image.outputs = of.hidden;
  image.w.f32 = tensor("weight_ih");
  image.u.f32 = tensor("weight_hh");
  image.bias_f32 = biases_of(image.kind, tensor("bias_ih"), tensor("bias_hh"), of.hidden);
  const std::size_t record = std::size_t{layer} * of.directions + direction;
  image.initial_f32 = of.state("h0", record);
  if (image.kind == Kind::lstm) {
    const std::vector<float> c = of.state("c0", record);
    image.initial_f32.insert(image.initial_f32.begin(), c.begin(), c.end());
  }
  return image;
}

tool::ImageContent content_of(const Sequence& of) {
  tool::ImageContent content;
  content.input = Format::f32;
  content.inputs = of.inputs;
  content.outputs = of.directions * of.hidden;
  content.max_steps = of.directions == 2 ? of.steps : 0;
  for (std::uint32_t layer = 0; layer < of.layers; ++layer) {
    for (std::uint32_t d = 0; d < of.directions; ++d) {
      content.layers.push_back(layer_of(of, layer, d));
    }
  }
  content.layers.push_back(picking_layer(content.outputs, 0, content.outputs));
  return content;
}

double worst_of(const std::vector<float>& got, const std::vector<float>& want) {
  REQUIRE(got.size() == want.size());
  double worst = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const double off = std::abs(static_cast<double>(got[i]) - want[i]);
    worst = off <= worst ? worst : off;  // a NaN is taken over
  }
  return worst;
}

// The states of all records as a saved state has them: c (LSTM) and h of each.
std::vector<float> saved_floats(const Stream& stream) {
  std::vector<std::uint8_t> blob(stream.save_bytes());
  REQUIRE(stream.save({blob.data(), blob.size()}) == Status::ok);
  std::vector<float> floats((blob.size() - 16) / sizeof(float));
  std::memcpy(floats.data(), blob.data() + 16, floats.size() * sizeof(float));
  return floats;
}
std::vector<float> last_states(const Sequence& of) {
  std::vector<float> all;
  for (std::size_t record = 0; record < std::size_t{of.layers} * of.directions; ++record) {
    for (const char* const name : {"cn", "hn"}) {
      if (name[0] == 'c' && of.golden.text("cell") != "lstm") continue;
      const std::vector<float> state = of.state(name, record);
      all.insert(all.end(), state.begin(), state.end());
    }
  }
  return all;
}

// The worst error of all sequences of a file, in every packing on every set.
double error_of(const std::filesystem::path& path) {
  const Golden golden(path);
  double worst = 0;
  for (std::uint32_t item = 0; item < golden.number("batch"); ++item) {
    const Sequence of(golden, item);
    const tool::ImageContent content = content_of(of);
    Inputs inputs = {Format::f32, of.inputs, of.steps, {}, of.sequence("input", of.inputs), {}};
    const std::vector<float> want = of.sequence("output", content.outputs);
    const std::vector<float> states = last_states(of);
    for (const Packing packing : k_every_packing) {
      for (const Isa isa : available_sets()) {
        Runner runner(content, packing, isa);
        worst = std::max(worst, worst_of(run_for<float>(runner.stream, inputs, 0, of.steps), want));
        worst = std::max(worst, worst_of(saved_floats(runner.stream), states));
      }
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("images of PyTorch's weights give PyTorch's outputs and last states") {
  int files = 0;
  for (const std::string cell : {"lstm", "gru", "rnn_tanh", "rnn_relu"}) {
    double worst = 0;
    for (const auto& entry : std::filesystem::directory_iterator(RONDO_DATA_DIR "/golden")) {
      const std::string name = entry.path().filename().string();
      if (name.rfind(cell + "_", 0) != 0) continue;
      INFO(name);
      const double error = error_of(entry.path());
      CHECK(error < k_bound);
      worst = std::max(worst, error);
      ++files;
    }
    MESSAGE(cell << ": worst error " << worst);
  }
  CHECK(files == 4 * 6);
}
