// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The quantizer's numbers against the floats they stand for, and the runtime's floats against the
// trainer's.
#include "quantize/quantize.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include <rondo/numeric.hpp>

#include "base/error.hpp"
#include "base/random.hpp"
#include "formats/loaded_image.hpp"
#include "quantize/compare.hpp"
#include "train/trainer.hpp"

using namespace rondo;
using namespace rondo::tool;

namespace {

constexpr NetShape k_tokens = {.cell = CellKind::lstm,
                               .input = InputKind::tokens,
                               .inputs = 9,
                               .hidden = 21,
                               .layers = 2,
                               .head = Head::last_step,
                               .outputs = 5,
                               .dropout = 0};
constexpr NetShape k_reals = {.cell = CellKind::lstm,
                              .input = InputKind::reals,
                              .inputs = 3,
                              .hidden = 16,
                              .layers = 1,
                              .head = Head::last_step,
                              .outputs = 4,
                              .dropout = 0};

constexpr std::size_t k_longest = 12;  // steps of a test sequence

// Every cell with tokens and with real inputs, forward and both ways.
std::vector<NetShape> all_shapes() {
  std::vector<NetShape> shapes;
  for (const CellKind cell : {CellKind::lstm, CellKind::gru, CellKind::rnn, CellKind::relu}) {
    for (NetShape shape : {k_tokens, k_reals}) {
      shape.cell = cell;
      shapes.push_back(shape);
      shape.bidirectional = true;
      shapes.push_back(shape);
    }
  }
  return shapes;
}

struct Net {
  Checkpoint checkpoint;
  std::unique_ptr<Trainer> trainer;
};

// A net with weights of about twice the usual size, so that gates move; not so in an RNN and in the
// nets that go both ways, where some sums would pass 8, at which the integer tanh ends.
Net random_net(const NetShape& shape, std::uint64_t seed) {
  Net net;
  TrainerOptions options;
  options.shape = shape;
  options.seed = seed;
  net.trainer = std::make_unique<Trainer>(options);
  const float size = shape.cell == CellKind::rnn || shape.bidirectional ? 1.0F : 2.0F;
  for (float& p : net.trainer->parameters()) p *= size;
  net.checkpoint.shape = shape;
  net.checkpoint.tensors = net.trainer->save();
  return net;
}

std::vector<float>& values(Checkpoint& checkpoint, std::size_t tensor) {
  return std::get<std::vector<float>>(checkpoint.tensors[tensor].values);
}

// Sequences of 1 to k_longest steps.
struct Data {
  std::vector<std::vector<std::uint32_t>> tokens;
  std::vector<std::vector<float>> reals;
  std::vector<Sequence> batch;
  std::vector<std::span<const float>> spans;
  Data(const NetShape& shape, std::size_t n) {
    Random random(17);
    for (std::size_t b = 0; b < n; ++b) {
      const std::size_t steps = 1 + random.below(k_longest);
      tokens.emplace_back();
      reals.emplace_back();
      for (std::size_t t = 0; t < steps; ++t) {
        tokens.back().push_back(static_cast<std::uint32_t>(random.below(shape.inputs)));
        for (std::size_t i = 0; i < shape.inputs; ++i) {
          reals.back().push_back(static_cast<float>(5.0 + 2.0 * random.normal()));
        }
      }
    }
    for (std::size_t b = 0; b < n; ++b) {
      const bool is_token = shape.input == InputKind::tokens;
      batch.push_back(
          {.tokens = is_token ? std::span<const std::uint32_t>(tokens[b])
                              : std::span<const std::uint32_t>(),
           .reals = is_token ? std::span<const float>() : std::span<const float>(reals[b]),
           .targets = {}});
      spans.emplace_back(reals[b]);
    }
  }
};

std::vector<float> run(LoadedImage& image, const Sequence& sequence, std::size_t width) {
  image.stream.reset();
  std::vector<float> scores(image.model.outputs());
  if (image.model.max_steps() != 0) {
    if (sequence.reals.empty()) {
      image.stream.run(sequence.tokens.data(), sequence.tokens.size());
    } else {
      image.stream.run_f32(sequence.reals.data(), sequence.reals.size() / width);
    }
    image.stream.scores({scores.data(), scores.size()});
    return scores;
  }
  for (const std::uint32_t token : sequence.tokens) image.stream.step(token);
  for (std::size_t at = 0; at < sequence.reals.size(); at += width) {
    image.stream.step_f32(&sequence.reals[at]);
  }
  image.stream.scores({scores.data(), scores.size()});
  return scores;
}

}  // namespace

TEST_CASE("the float runtime gives what the trainer's forward gives, within 1e-5") {
  std::vector<NetShape> shapes = all_shapes();
  for (NetShape shape : {k_tokens, k_reals}) {
    shape.cell = CellKind::classroom;
    shape.layers = 1;
    shapes.push_back(shape);
  }
  for (const NetShape& shape : shapes) {
    Net net = random_net(shape, 3);
    const Data data(shape, 40);
    std::vector<float> logits;
    net.trainer->predict(data.batch, logits);
    for (const Packing packing : {Packing::host, Packing::cortex_m}) {
      LoadedImage image(pack(float_content(net.checkpoint, k_longest), packing), "net");
      for (std::size_t b = 0; b < data.batch.size(); ++b) {
        const std::vector<float> scores = run(image, data.batch[b], shape.inputs);
        for (std::size_t o = 0; o < shape.outputs; ++o) {
          CHECK(std::abs(scores[o] - logits[b * shape.outputs + o]) < 1e-5F);
        }
      }
    }
  }
}

TEST_CASE("weight times multiplier is the float weight, within half a step") {
  Net net = random_net(k_tokens, 4);
  const Quantized quantized = quantize(net.checkpoint, {});
  for (std::size_t l = 0; l < 2; ++l) {
    const ImageLayer& layer = quantized.content.layers[l];
    const std::vector<float>& u = values(net.checkpoint, 4 * l + 1);
    for (std::size_t r = 0; r < layer.u.scale.size(); ++r) {
      // A step of the row in Q12.19 by rdmulh32(w * h << shift, scale), h in steps of 2^-7.
      const double step =
          std::ldexp(layer.u.scale[r], layer.u.shift - 31) / std::ldexp(1.0, 19 - 7);
      for (std::size_t i = 0; i < layer.outputs; ++i) {
        const std::size_t at = r * layer.outputs + i;
        CHECK(std::abs(layer.u.s8[at] * step - u[at]) < 0.5001 * step);
      }
    }
  }
  CHECK(quantized.content.layers[0].output == Format::s8);
  CHECK(quantized.content.layers[1].output == Format::s16);
}

TEST_CASE("int8 stays near float: every cell, tokens and real inputs, 8 and 16 bits of h") {
  for (const NetShape& shape : all_shapes()) {
    if (shape.cell == CellKind::relu) continue;
    const std::string cell = name_of(shape.cell);
    CAPTURE(cell);
    Net net = random_net(shape, 5);
    const Data data(shape, 200);
    const Calibration calibration =
        shape.input == InputKind::reals ? calibrate(data.spans, shape.inputs) : Calibration{};
    double error_of_a8 = 0;
    for (const int activations : {8, 16}) {
      CAPTURE(activations);
      const std::vector<std::uint8_t> bytes = pack(
          quantize(net.checkpoint, calibration, activations, k_longest).content, Packing::host);
      const Comparison c = compare(*net.trainer, bytes, data.batch);
      CHECK(c.sequences == 200);
      CHECK(c.answers == 200);
      CHECK(c.layers.size() == shape.layers * shape.halves());
      CHECK(c.saturated_inputs == 0);
      // An activation is rounded to 2^-7 and a weight to 1/254 of its row's greatest: errors of
      // gates are about one step of that, sums of tens of them.
      for (const LayerDeviation& layer : c.layers) {
        CHECK(layer.h.count == (shape.bidirectional ? c.sequences : c.steps) * shape.hidden);
        CHECK(layer.gates[0].count == c.steps * shape.hidden);
        CHECK(layer.h.mean() > 0);
        CHECK(layer.h.mean() < 0x1p-7);
        CHECK(layer.gates.size() == gate_names(shape.cell).size());
        for (const Deviation& gate : layer.gates) CHECK(gate.mean() < 0x1p-7);
        CHECK(layer.saturated_gates == 0);
      }
      CHECK(c.scores.largest < 0.1);
      CHECK(c.agreeing >= 190);
      const double error = c.layers.back().h.mean();
      if (activations == 16) CHECK(error < error_of_a8);
      error_of_a8 = error;
    }
  }
}

TEST_CASE("a head on every step is compared after every step") {
  NetShape shape = k_tokens;
  shape.head = Head::every_step;
  Net net = random_net(shape, 5);
  const Data data(shape, 100);
  const std::vector<std::uint8_t> bytes = pack(quantize(net.checkpoint, {}).content, Packing::host);
  const Comparison c = compare(*net.trainer, bytes, data.batch);
  CHECK(c.steps > 500);
  CHECK(c.answers == c.steps);
  CHECK(c.scores.count == c.steps * shape.outputs);
  CHECK(c.scores.largest < 0.1);
  CHECK(c.agreeing * 100 >= c.answers * 95);
}

TEST_CASE("RNNs without bounds are refused, with the reason and the way out") {
  for (const CellKind cell : {CellKind::relu, CellKind::classroom}) {
    NetShape shape = k_tokens;
    shape.cell = cell;
    shape.layers = 1;
    Net net = random_net(shape, 5);
    CHECK_THROWS_WITH_AS(quantize(net.checkpoint, {}), doctest::Contains("without bounds"), Error);
    CHECK_NOTHROW(LoadedImage(pack(float_content(net.checkpoint), Packing::host), "net"));
  }
}

TEST_CASE("a bidirectional image needs a longest sequence, and both nets end there") {
  NetShape shape = k_tokens;
  shape.bidirectional = true;
  Net net = random_net(shape, 5);
  for (const std::size_t most : {std::size_t{0}, std::size_t{k_most_steps} + 1}) {
    CHECK_THROWS_WITH_AS(quantize(net.checkpoint, {}, 8, most), doctest::Contains("--max-steps"),
                         Error);
    CHECK_THROWS_WITH_AS(float_content(net.checkpoint, most), doctest::Contains("--max-steps"),
                         Error);
  }
  const Data data(shape, 50);
  const std::vector<std::uint8_t> bytes =
      pack(quantize(net.checkpoint, {}, 16, 4).content, Packing::host);
  CHECK(LoadedImage(bytes, "net").model.max_steps() == 4);
  const Comparison c = compare(*net.trainer, bytes, data.batch);
  CHECK(c.steps < 50 * 5);
  CHECK(c.agreeing >= 48);
}

TEST_CASE("inputs beyond the calibrated range are counted and saturate") {
  Net net = random_net(k_reals, 6);
  Data data(k_reals, 10);
  const std::vector<std::uint8_t> bytes =
      pack(quantize(net.checkpoint, calibrate(data.spans, 3)).content, Packing::host);
  data.reals[2][0] = 1000;
  data.reals[2][1] = -1000;
  CHECK(compare(*net.trainer, bytes, data.batch).saturated_inputs == 2);
}

TEST_CASE("calibration finds means and the greatest distance") {
  const std::vector<float> a = {1, 10, 3, 30}, b = {5, 50};
  const std::vector<std::span<const float>> sequences = {a, b};
  const Calibration calibration = calibrate(sequences, 2);
  CHECK(calibration.mean == std::vector<float>{3, 30});
  CHECK(calibration.largest == 20);
  CHECK_THROWS_AS(calibrate({}, 2), Error);
}

// A step in proportion to a feature's deviation is the same image as one step for all features that
// were normalized first; one step for all would not do.
TEST_CASE("features of any size: each has a step in proportion to its deviation") {
  const std::vector<float> sizes = {1e5F, 1, 1e-3F};
  Net net = random_net(k_reals, 6);
  Data data(k_reals, 50);
  for (std::vector<float>& sequence : data.reals) {
    for (std::size_t i = 0; i < sequence.size(); ++i) sequence[i] *= sizes[i % 3];
  }
  for (std::size_t i = 0; i < values(net.checkpoint, 0).size(); ++i) {
    values(net.checkpoint, 0)[i] /= sizes[i % 3];
  }
  TensorFile file;
  file.tensors = net.checkpoint.tensors;
  net.trainer->load(file, "net");
  const auto error_with = [&](InputUnit unit) {
    const Calibration calibration = calibrate(data.spans, 3, unit);
    const std::vector<std::uint8_t> bytes =
        pack(quantize(net.checkpoint, calibration, 16).content, Packing::host);
    return compare(*net.trainer, bytes, data.batch).scores.mean();
  };
  CHECK(error_with(InputUnit::deviation) < 0x1p-7);    // as in the test of every cell above
  CHECK_THROWS_AS(error_with(InputUnit::one), Error);  // weights a millionfold apart
}

TEST_CASE("a feature that never changes is calibrated too") {
  const std::vector<float> a = {1, 10, 3, 10}, b = {5, 10};
  const std::vector<std::span<const float>> sequences = {a, b};
  const Calibration calibration = calibrate(sequences, 2, InputUnit::deviation);
  CHECK(calibration.unit[0] == doctest::Approx(std::sqrt(8.0 / 3)));
  CHECK(calibration.unit[1] == 1);
  CHECK(calibration.largest == doctest::Approx(2 / std::sqrt(8.0 / 3)));
}

TEST_CASE("a row of zeros has multiplier 1 and an image that loads") {
  Net net = random_net(k_tokens, 7);
  for (std::size_t i = 0; i < 21; ++i) values(net.checkpoint, 1)[3 * 21 + i] = 0;
  const Quantized quantized = quantize(net.checkpoint, {});
  CHECK(quantized.content.layers[0].u.scale[3] == 1);
  CHECK_NOTHROW(LoadedImage(pack(quantized.content, Packing::cortex_m), "net"));
}

TEST_CASE("a row whose small weights vanish beside one giant is reported") {
  NetShape shape = k_tokens;
  shape.hidden = 64;
  shape.layers = 1;
  Net net = random_net(shape, 8);
  CHECK(quantize(net.checkpoint, {}).poor_rows.empty());
  // Half a step of the row, each: an error of sqrt(63) / 254 of the row.
  for (std::size_t i = 0; i < 64; ++i) {
    values(net.checkpoint, 1)[5 * 64 + i] = i == 0 ? 2.54F : 0.0099F;
  }
  const std::vector<PoorRow> poor = quantize(net.checkpoint, {}).poor_rows;
  REQUIRE(poor.size() == 1);
  CHECK(poor[0].row == 5);
  CHECK(poor[0].matrix == "weight_hh");
  CHECK(poor[0].relative_error == doctest::Approx(std::sqrt(63.0) / 254).epsilon(0.02));
}

TEST_CASE("weights and biases beyond the formats are refused by name") {
  Net net = random_net(k_tokens, 9);
  values(net.checkpoint, 1)[0] = 1e6F;
  CHECK_THROWS_WITH_AS(quantize(net.checkpoint, {}), doctest::Contains("weight_hh_l0"), Error);
  net = random_net(k_tokens, 9);
  values(net.checkpoint, 2)[4] = 1e5F;
  CHECK_THROWS_WITH_AS(quantize(net.checkpoint, {}), doctest::Contains("bias_l0"), Error);
}
