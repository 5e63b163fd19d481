// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The two classroom networks against PyTorch in double precision, what they refuse, and what a
// trained generator says.
#include <doctest/doctest.h>

#include "base/error.hpp"
#include "help.hpp"
#include "train/complete.hpp"
#include "train/named_tensors.hpp"
#include "train/network.hpp"

namespace rondo::tool {
namespace {

std::vector<std::uint32_t> integers_of(const TensorFile& file, const char* name) {
  const auto& values =
      std::get<std::vector<std::int64_t>>(find_tensor(file, name, "golden").values);
  return {values.begin(), values.end()};
}

// log(softmax(logits)), row by row.
std::vector<double> log_shares(std::span<const float> logits, std::size_t outputs) {
  std::vector<double> shares;
  for (std::size_t at = 0; at < logits.size(); at += outputs) {
    double sum = 0;
    for (std::size_t i = 0; i < outputs; ++i) sum += std::exp(double{logits[at + i]});
    for (std::size_t i = 0; i < outputs; ++i) shares.push_back(logits[at + i] - std::log(sum));
  }
  return shares;
}

void compare(const NetShape& shape, const TensorFile& file, const Sequence& sequence,
             std::size_t tensors) {
  const Network net(shape);
  Floats parameters(net.layout.size);
  Floats gradients(net.layout.size);
  block_from(net, file, "golden", parameters.data());
  Pass<float> pass;
  const std::vector<std::uint32_t> order = {0};
  require_fit(shape, Batch(&sequence, 1), true);
  pack(shape, Batch(&sequence, 1), order, pass.packed);
  layers_forward<float>(net, parameters.data(), nullptr, nullptr, pass);
  logits_forward(net, parameters.data(), pass);
  const Floats& log_probs = values_of(file, "log_probs");
  const std::span<const float> logits(pass.logits.data(), log_probs.size());
  CHECK(error_of(log_shares(logits, shape.outputs), log_probs) < 1e-5);
  State<float> state{Floats(shape.hidden), Floats(shape.hidden)};
  keep_state(net, pass, 1, state);
  CHECK(error_of(state.h, values_of(file, "hn")) < 1e-5);
  CHECK(loss_of(net, 1.0F, pass) == doctest::Approx(values_of(file, "loss")[0]).epsilon(1e-5));
  logits_backward(net, parameters.data(), gradients.data(), pass);
  layers_backward(net, parameters.data(), gradients.data(), pass);
  std::size_t compared = 0;
  for (const Tensor& tensor : tensors_of(net, gradients.data())) {
    CAPTURE(tensor.name);
    CHECK(relative_error_of(std::get<Floats>(tensor.values),
                            values_of(file, "grad." + tensor.name)) < 1e-4);
    ++compared;
  }
  CHECK(compared == tensors);
}

NetShape classroom_shape(std::size_t inputs, std::size_t hidden, std::size_t outputs) {
  NetShape shape = token_shape(inputs, hidden, outputs);
  shape.cell = CellKind::classroom;
  return shape;
}

NetShape generator_shape(std::size_t classes, std::size_t letters, std::size_t hidden) {
  NetShape shape = token_shape(letters, hidden, letters, Head::every_step);
  shape.cell = CellKind::generator;
  shape.classes = classes;
  return shape;
}

TEST_CASE("the classroom RNN: scores, state, loss and gradients are those of PyTorch") {
  const TensorFile file = golden_file("concat_rnn_i57_h128_o18");
  NetShape shape = classroom_shape(57, 128, 18);
  shape.input = InputKind::reals;
  const std::vector<std::uint32_t> target = integers_of(file, "target");
  const Floats& x = values_of(file, "input");
  compare(shape, file, {{}, x, target}, 4);
}

TEST_CASE("the classroom generator: scores, state, loss and gradients are those of PyTorch") {
  const TensorFile file = golden_file("generator_rnn_c18_v59_h32");
  const Floats& category = values_of(file, "category");
  const auto label = std::find(category.begin(), category.end(), 1.0F) - category.begin();
  const std::vector<std::uint32_t> tokens = integers_of(file, "tokens");
  const auto all = std::span(tokens);
  compare(generator_shape(18, 59, 32), file,
          {all.first(all.size() - 1), {}, all.subspan(1), static_cast<std::uint32_t>(label)}, 6);
}

TEST_CASE("the classroom networks have PyTorch's names and shapes, and first values below fan-in") {
  const auto list_of = [](const NetShape& shape) {
    std::string list;
    for (const Tensor& tensor : Trainer(options_for(shape)).save()) {
      list += tensor.name + shape_text(tensor.shape) + " ";
      const bool end = tensor.name.starts_with("o2o");
      const std::size_t fan = shape.hidden + (end ? 0 : shape.classes) + shape.inputs;
      float largest = 0;
      for (const float value : std::get<Floats>(tensor.values)) {
        largest = std::max(largest, std::abs(value));
      }
      CHECK(largest <= 1 / std::sqrt(static_cast<float>(fan)));
      CHECK(largest >= 0.5F / std::sqrt(static_cast<float>(fan)));
    }
    return list;
  };
  CHECK(list_of(classroom_shape(9, 20, 8)) ==
        "i2h.weight(20, 29) i2h.bias(20) i2o.weight(8, 29) i2o.bias(8) ");
  CHECK(list_of(generator_shape(40, 9, 20)) ==
        "i2h.weight(20, 69) i2h.bias(20) i2o.weight(9, 69) i2o.bias(9) o2o.weight(9, 29) "
        "o2o.bias(9) ");
}

TEST_CASE("the classroom RNN learns, saves and loads; with threads it differs by rounding only") {
  const NetShape shape = classroom_shape(10, 24, 4);
  const RandomBatch batch(shape, k_lengths, 1);
  Trainer trainer(options_for(shape, OptimizerKind::adam, 2));
  for (int i = 0; i < 300; ++i) trainer.train_batch(batch.sequences, 0.01);
  CHECK(trainer.evaluate(batch.sequences) < 0.01);
  Trainer loaded(options_for(shape));
  loaded.load({trainer.save(), {}}, "in");
  Floats one, other;
  trainer.predict(batch.sequences, one);
  loaded.predict(batch.sequences, other);
  CHECK(error_of(one, other) < 1e-5);
  CHECK(parameters_of(loaded) == parameters_of(trainer));
}

TEST_CASE("what the classroom networks do not have is refused") {
  const auto refuse = [](NetShape shape, const char* says) {
    CHECK_THROWS_WITH_AS(Network{shape}, doctest::Contains(says), Error);
  };
  NetShape shape = classroom_shape(9, 8, 4);
  shape.layers = 2;
  refuse(shape, "second layer");
  shape.layers = 1;
  shape.bidirectional = true;
  refuse(shape, "bidirectional");
  shape.bidirectional = false;
  shape.dropout = 0.1;
  refuse(shape, "dropout");
  refuse(generator_shape(0, 9, 8), "classes");
  shape = generator_shape(3, 9, 8);
  shape.head = Head::last_step;
  refuse(shape, "answers each");
  shape.cell = CellKind::lstm;
  refuse(shape, "classes");

  const std::vector<std::uint32_t> tokens = {1, 2};
  Trainer trainer(options_for(generator_shape(3, 9, 8)));
  const Sequence sequence{tokens, {}, tokens, 3};
  CHECK_THROWS_WITH_AS(trainer.train_batch(Batch(&sequence, 1), 0.1),
                       doctest::Contains("label 3, expected one of 3 classes"), Error);
}

// Three classes that begin with the same letter: only the class tells how to go on.
TEST_CASE("a trained generator says what it was taught, each class its own") {
  constexpr std::uint32_t k_end = 7;
  const std::vector<std::vector<std::uint32_t>> words = {{1, 2, 3, 4}, {1, 5, 5, 6, 2}, {1, 3}};
  const NetShape shape = generator_shape(3, 8, 24);
  std::vector<std::vector<std::uint32_t>> targets;
  std::vector<Sequence> batch;
  for (const auto& word : words) {
    targets.emplace_back(word.begin() + 1, word.end());
    targets.back().push_back(k_end);
  }
  for (std::uint32_t c = 0; c < 3; ++c) batch.push_back({words[c], {}, targets[c], c});
  NetShape trained = shape;
  trained.dropout = 0.1;
  Trainer trainer(options_for(trained));
  for (int i = 0; i < 400; ++i) trainer.train_batch(batch, 0.01);
  const ChooseToken greatest = [](std::span<const float> logits) {
    return static_cast<std::uint32_t>(std::max_element(logits.begin(), logits.end()) -
                                      logits.begin());
  };
  const std::vector<std::uint32_t> first = {1};
  for (std::uint32_t c = 0; c < 3; ++c) {
    const std::vector<std::uint32_t> rest(words[c].begin() + 1, words[c].end());
    CHECK(complete(trainer, c, first, k_end, 20, greatest) == rest);
    CHECK(complete(trainer, c, words[c], k_end, 20, greatest).empty());
    CHECK(complete(trainer, c, first, k_end, 1, greatest).size() == 1);
  }
}

}  // namespace
}  // namespace rondo::tool
