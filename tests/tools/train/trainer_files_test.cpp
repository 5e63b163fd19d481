// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The trainer at its borders: what it refuses it leaves untouched, what it saves it resumes from,
// and what it shows the quantizer is what it computed.
#include <doctest/doctest.h>

#include <utility>

#include "base/error.hpp"
#include "help.hpp"
#include "train/trainer.hpp"

namespace rondo::tool {
namespace {

TEST_CASE("trainer: a number of threads out of range is refused") {
  const NetShape shape = token_shape(9, 8, 4);
  for (const std::size_t threads : Sizes{0, 257}) {
    CHECK_THROWS_WITH_AS(Trainer(options_for(shape, OptimizerKind::sgd, threads)),
                         doctest::Contains("expected 1 to 256"), Error);
  }
}

TEST_CASE("trainer: a batch that does not fit is refused and named") {
  const NetShape shape = token_shape(9, 8, 4);
  Trainer trainer(options_for(shape));
  const std::vector<std::uint32_t> tokens = {1, 2};
  const std::vector<std::uint32_t> good = {3};
  const std::vector<std::uint32_t> bad = {4};
  const std::vector<Sequence> empty = {{tokens, {}, good}, {{}, {}, good}};
  const std::vector<Sequence> two_targets = {{tokens, {}, tokens}};
  const std::vector<Sequence> out_of_range = {{tokens, {}, bad}};
  const auto refuse = [&](const std::vector<Sequence>& batch, const char* says) {
    CHECK_THROWS_WITH_AS(trainer.train_batch(batch, 0.1), doctest::Contains(says), Error);
  };
  refuse({}, "no sequence");
  refuse(empty, "sequence 1: is empty");
  refuse(two_targets, "2 targets, expected 1");
  refuse(out_of_range, "target 4, expected one below 4");
  NetShape real = shape;
  real.input = InputKind::reals;
  Trainer of_reals(options_for(real));
  const Floats values(10);
  const std::vector<Sequence> ragged = {{{}, values, good}};
  CHECK_THROWS_WITH_AS(of_reals.train_batch(ragged, 0.1), doctest::Contains("multiple of the 9"),
                       Error);
}

TEST_CASE("trainer: a loss that is not finite is refused, parameters and state untouched") {
  NetShape shape = token_shape(3, 8, 2, Head::every_step);
  shape.input = InputKind::reals;
  RandomBatch batch(shape, {4, 3}, 7);
  Trainer trainer(options_for(shape, OptimizerKind::adam, 2));
  State<float> state;
  trainer.train_batch(batch.sequences, 0.01, &state);
  const Floats parameters = parameters_of(trainer);
  const State<float> before = state;
  batch.reals[1][2] = std::nanf("");
  CHECK_THROWS_WITH_AS(trainer.train_batch(batch.sequences, 0.01, &state),
                       doctest::Contains("update 2: loss"), Error);
  CHECK(parameters_of(trainer) == parameters);
  CHECK(state.h == before.h);
  CHECK(state.c == before.c);
  CHECK(trainer.updates() == 1);
  batch.reals[1][2] = 0;
  CHECK_NOTHROW(trainer.train_batch(batch.sequences, 0.01, &state));
}

TEST_CASE("trainer: saved and loaded, training goes on to the same bits") {
  NetShape shape = token_shape(6, 10, 4);
  shape.layers = 2;
  shape.dropout = 0.2;
  const RandomBatch batch(shape, k_lengths, 8);
  for (const OptimizerKind optimizer : {OptimizerKind::adam, OptimizerKind::sgd}) {
    Trainer original(options_for(shape, optimizer));
    for (int i = 0; i < 5; ++i) original.train_batch(batch.sequences, 0.01);
    TensorFile file{original.save(), {}};
    for (Tensor& tensor : original.save_optimizer()) file.tensors.push_back(std::move(tensor));
    file = parse_safetensors(format_safetensors(file, "out"), "in");

    Trainer resumed(options_for(shape, optimizer));
    resumed.load(file, "in");
    resumed.load_optimizer(file, "in");
    CHECK(resumed.updates() == 5);
    for (int i = 0; i < 5; ++i) {
      original.train_batch(batch.sequences, 0.01);
      resumed.train_batch(batch.sequences, 0.01);
    }
    CHECK(parameters_of(resumed) == parameters_of(original));

    file.tensors[1].name = "elsewhere";
    CHECK_THROWS_WITH_AS(resumed.load(file, "in"), doctest::Contains("'weight_hh_l0'"), Error);
  }
}

TEST_CASE("trainer: a checkpoint has PyTorch's names and shapes, and refuses NaN") {
  NetShape shape = token_shape(6, 10, 4);
  shape.layers = 2;
  Trainer trainer(options_for(shape));
  TensorFile file{trainer.save(), {}};
  std::string list;
  for (const Tensor& tensor : file.tensors) list += tensor.name + shape_text(tensor.shape) + " ";
  CHECK(list ==
        "weight_ih_l0(40, 6) weight_hh_l0(40, 10) bias_ih_l0(40) bias_hh_l0(40) "
        "weight_ih_l1(40, 10) weight_hh_l1(40, 10) bias_ih_l1(40) bias_hh_l1(40) "
        "linear.weight(4, 10) linear.bias(4) ");
  NetShape both = shape;
  both.bidirectional = true;
  std::string list_of_both;
  for (const Tensor& tensor : Trainer(options_for(both)).save()) {
    list_of_both += tensor.name + shape_text(tensor.shape) + " ";
  }
  CHECK(list_of_both ==
        "weight_ih_l0(40, 6) weight_hh_l0(40, 10) bias_ih_l0(40) bias_hh_l0(40) "
        "weight_ih_l0_reverse(40, 6) weight_hh_l0_reverse(40, 10) bias_ih_l0_reverse(40) "
        "bias_hh_l0_reverse(40) "
        "weight_ih_l1(40, 20) weight_hh_l1(40, 10) bias_ih_l1(40) bias_hh_l1(40) "
        "weight_ih_l1_reverse(40, 20) weight_hh_l1_reverse(40, 10) bias_ih_l1_reverse(40) "
        "bias_hh_l1_reverse(40) linear.weight(4, 20) linear.bias(4) ");
  std::get<Floats>(file.tensors[8].values)[39] = std::nanf("");
  CHECK_THROWS_WITH_AS(trainer.load(file, "m.safetensors"),
                       doctest::Contains("m.safetensors: tensor 'linear.weight': value 39"), Error);
}

TEST_CASE("trainer: a trace obeys the equations of the cell and ends in the prediction") {
  NetShape shape = token_shape(6, 7, 4);
  shape.layers = 2;
  const RandomBatch batch(shape, {5}, 9);
  Trainer trainer(options_for(shape, OptimizerKind::adam, 2));
  const Trace trace = trainer.forward_trace(batch.sequences[0]);
  Floats logits;
  trainer.predict(batch.sequences, logits);
  CHECK(trace.logits == logits);
  REQUIRE(trace.layers.size() == 2);
  for (const LayerTrace& layer : trace.layers) {
    REQUIRE(layer.gates.size() == 5 * 4 * 7);
    REQUIRE(layer.c.size() == 5 * 7);
    REQUIRE(layer.h.size() == 5 * 7);
    for (std::size_t at = 0; at < layer.h.size(); ++at) {
      const float* gates = layer.gates.data() + at / 7 * 28 + at % 7;
      const float before = at < 7 ? 0.0F : layer.c[at - 7];
      CHECK(layer.c[at] == doctest::Approx(gates[7] * before + gates[0] * gates[14]));
      CHECK(layer.h[at] == doctest::Approx(gates[21] * std::tanh(layer.c[at])));
    }
  }
}

}  // namespace
}  // namespace rondo::tool
