// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Against PyTorch in double precision: the layers with every gradient of sum(output * grad_output),
// and eight updates of a character language model with each optimizer.
#include <doctest/doctest.h>

#include "help.hpp"
#include "train/named_tensors.hpp"
#include "train/network.hpp"
#include "train/trainer.hpp"

namespace rondo::tool {
namespace {

std::size_t number(const TensorFile& file, const char* key) {
  return static_cast<std::size_t>(std::stoul(file.metadata.at(key)));
}

CellKind cell_of(const TensorFile& file) {
  const std::string& name = file.metadata.at("cell");
  return name == "lstm"       ? CellKind::lstm
         : name == "gru"      ? CellKind::gru
         : name == "rnn_relu" ? CellKind::relu
                              : CellKind::rnn;
}

NetShape layers_of(const TensorFile& file) {
  NetShape shape;
  shape.cell = cell_of(file);
  shape.input = InputKind::reals;
  shape.inputs = number(file, "input_size");
  shape.hidden = number(file, "hidden_size");
  shape.layers = number(file, "num_layers");
  shape.bidirectional = number(file, "bidirectional") == 1;
  shape.head = Head::every_step;
  shape.outputs = 1;  // these files have no head
  return shape;
}

// Equal lengths: the packed rows are those of (T, B, I).
Packed<float> packed_input(const TensorFile& file) {
  const std::size_t batch = number(file, "batch");
  Packed<float> packed;
  for (std::size_t b = 0; b < batch; ++b) packed.order.push_back(static_cast<std::uint32_t>(b));
  for (std::size_t t = 0; t <= number(file, "steps"); ++t) packed.start.push_back(t * batch);
  for (std::size_t b = 0; b < batch; ++b) packed.last.push_back(packed.rows() - batch + b);
  packed.reals = values_of(file, "input");
  return packed;
}

void compare_layers(const TensorFile& file) {
  TensorFile with_head = file;
  const std::size_t width = layers_of(file).layer_outputs();
  with_head.tensors.push_back({"linear.weight", {1, width}, Floats(width)});
  with_head.tensors.push_back({"linear.bias", {1}, Floats(1)});
  const Network net(layers_of(file));
  Floats parameters(net.layout.size);
  Floats gradients(net.layout.size);
  block_from(net, with_head, "golden", parameters.data());

  Pass<float> pass;
  pass.packed = packed_input(file);
  const bool lstm = net.shape.cell == CellKind::lstm;
  State<float> state{values_of(file, "h0"), {}};
  state.c = lstm ? values_of(file, "c0") : Floats(state.h.size());
  layers_forward(net, parameters.data(), &state, nullptr, pass);
  const Floats& grad_output = values_of(file, "grad_output");
  const float* output = pass.outputs.back();
  CHECK(error_of(std::span(output, grad_output.size()), values_of(file, "output")) < 1e-5);
  keep_state(net, pass, pass.packed.batch(), state);
  CHECK(error_of(state.h, values_of(file, "hn")) < 1e-5);
  if (lstm) CHECK(error_of(state.c, values_of(file, "cn")) < 1e-5);

  Floats dx(values_of(file, "input").size());
  Floats dh0(state.h.size());
  Floats dc0(state.c.size());
  std::copy(grad_output.begin(), grad_output.end(), pass.dh[0].room(grad_output.size()));
  layers_backward(net, parameters.data(), gradients.data(), pass,
                  {dx.data(), dh0.data(), dc0.data()});
  CHECK(relative_error_of(dx, values_of(file, "grad.input")) < 1e-4);
  CHECK(relative_error_of(dh0, values_of(file, "grad.h0")) < 1e-4);
  if (lstm) CHECK(relative_error_of(dc0, values_of(file, "grad.c0")) < 1e-4);
  std::size_t compared = 0;
  for (const Tensor& tensor : tensors_of(net, gradients.data())) {
    if (tensor.name.starts_with("linear")) continue;
    CAPTURE(tensor.name);
    CHECK(relative_error_of(std::get<Floats>(tensor.values),
                            values_of(file, "grad." + tensor.name)) < 1e-4);
    ++compared;
  }
  CHECK(compared == 4 * net.layout.cells.size());
}

TEST_CASE(
    "layers of every cell, both ways too: outputs, states and gradients are those of PyTorch") {
  for (const char* cell : {"lstm", "gru", "rnn_tanh", "rnn_relu"}) {
    for (const char* shape : {"i57_h128_l1_b1_t7", "i10_h20_l2_b5_t7", "i3_h5_l1_b1_t1",
                              "i1_h1_l1_b2_t3", "i28_h33_l3_b4_t35", "bi_i10_h20_l2_b3_t6"}) {
      const std::string name = std::string(cell) + "_" + shape;
      CAPTURE(name);
      compare_layers(golden_file(name));
    }
  }
}

// A file of updates has "init." and "final." before PyTorch's names.
void compare_training(const TensorFile& file, OptimizerKind optimizer, std::size_t threads) {
  TrainerOptions options;
  options.shape = token_shape(number(file, "vocab"), number(file, "hidden_size"),
                              number(file, "vocab"), Head::every_step);
  options.shape.cell = cell_of(file);
  options.optimizer = {optimizer, 0, std::stod(file.metadata.at("clip"))};
  options.threads = threads;
  Trainer trainer(options);
  const Network& net = trainer.network();
  block_from(net, file, "golden", trainer.parameters().data(), "init.");

  const std::size_t batch = number(file, "batch");
  const std::size_t steps = number(file, "steps");
  const auto& values =
      std::get<std::vector<std::int64_t>>(find_tensor(file, "tokens", "golden").values);
  const std::vector<std::uint32_t> tokens(values.begin(), values.end());  // (updates, B, T + 1)
  State<float> state;
  for (std::size_t update = 0; update < number(file, "updates"); ++update) {
    CAPTURE(update);
    std::vector<Sequence> sequences(batch);
    for (std::size_t b = 0; b < batch; ++b) {
      const auto row = std::span(tokens).subspan((update * batch + b) * (steps + 1), steps + 1);
      sequences[b].tokens = row.first(steps);
      sequences[b].targets = row.last(steps);
    }
    const double loss = trainer.train_batch(sequences, std::stod(file.metadata.at("lr")), &state);
    const auto near = [](double value) { return doctest::Approx(value).epsilon(1e-4); };
    CHECK(loss == near(values_of(file, "losses")[update]));
    CHECK(trainer.gradient_norm() == near(values_of(file, "grad_norms")[update]));
  }
  for (const Tensor& tensor : trainer.save()) {
    CAPTURE(tensor.name);
    CHECK(relative_error_of(std::get<Floats>(tensor.values),
                            values_of(file, "final." + tensor.name)) < 1e-4);
  }
}

TEST_CASE("trainer: losses, gradient norms and parameters after updates are those of PyTorch") {
  for (const std::string cell : {"lstm", "gru", "rnn_tanh"}) {
    for (const std::size_t threads : {std::size_t{1}, std::size_t{3}}) {
      CAPTURE(cell);
      compare_training(golden_file(("train_" + cell + "_sgd").c_str()), OptimizerKind::sgd,
                       threads);
      compare_training(golden_file(("train_" + cell + "_adam").c_str()), OptimizerKind::adam,
                       threads);
    }
  }
}

}  // namespace
}  // namespace rondo::tool
