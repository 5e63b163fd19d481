// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See trainer.hpp.
#include "train/trainer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/error.hpp"
#include "train/blas.hpp"
#include "train/fake_quantize.hpp"
#include "train/kernels.hpp"

namespace rondo::tool {
namespace {

std::size_t count_targets(const NetShape& shape, Batch batch) {
  std::size_t count = 0;
  for (const Sequence& sequence : batch) {
    count += shape.head == Head::last_step ? 1 : sequence.steps(shape);
  }
  return count;
}

// The state to begin with: null where it is zero. Makes room for the one to end with.
const State<float>* begin_with(const NetShape& shape, Batch batch, State<float>* state) {
  if (state == nullptr) return nullptr;
  const std::size_t size = shape.layers * shape.halves() * batch.size() * shape.hidden;
  if (state->h.empty()) {
    state->h.assign(size, 0.0F);
    state->c.assign(size, 0.0F);
    return nullptr;
  }
  if (state->h.size() != size || state->c.size() != size) {
    throw Error("batch", "has " + std::to_string(batch.size()) +
                             " sequences, the state it goes on from belongs to another number");
  }
  return state;
}

std::size_t checked(std::size_t threads) {
  constexpr std::size_t k_most = 256;
  if (threads >= 1 && threads <= k_most) return threads;
  throw Error("--threads",
              "is " + std::to_string(threads) + ", expected 1 to " + std::to_string(k_most));
}

}  // namespace

Trainer::Trainer(const TrainerOptions& options)
    : net_(options.shape),
      seed_(options.seed),
      optimizer_(options.optimizer, net_.layout),
      workers_(checked(options.threads)),
      threads_(options.threads) {
  openblas_set_num_threads(1);  // the batch is shared out here; BLAS must not do it again
  initialize(net_, options.initialization, seed_, parameters_.room(net_.layout.size));
}

// Deals the sequences out by length, so that the shares cost the same; returns how many there are.
std::size_t Trainer::share_out(Batch batch) {
  const std::size_t active = std::min(workers_.size(), batch.size());
  sort_by_length(net_.shape, batch, order_);
  for (Worker& worker : workers_) worker.order.clear();
  for (std::size_t b = 0; b < batch.size(); ++b) {
    workers_[b % active].order.push_back(order_[b]);
  }
  return active;
}

// Forward and backward over a worker's share; `scale` makes the loss a mean over the whole batch.
void Trainer::run_share(Batch batch, const State<float>* initial, float scale, Worker& worker) {
  Pass<float>& pass = worker.pass;
  const float* parameters = quantize_aware_ ? rounded_.data() : parameters_.data();
  pass.rounded = quantize_aware_;
  const DropoutKey key{seed_, optimizer_.updates()};
  float* gradients = worker.gradients.zeros(net_.layout.size);
  pack(net_.shape, batch, worker.order, pass.packed);
  layers_forward(net_, parameters, initial, &key, pass);
  logits_forward(net_, parameters, pass);
  worker.loss = loss_of(net_, scale, pass);
  logits_backward(net_, parameters, gradients, pass);
  layers_backward(net_, parameters, gradients, pass);
}

// Worker i's part of the block of parameters begins here; i = active is the end.
std::size_t Trainer::part(std::size_t i, std::size_t active) const {
  constexpr std::size_t k_line = 16;  // floats in a cache line, which two threads should not share
  return i == active ? net_.layout.size : net_.layout.size * i / active / k_line * k_line;
}

void Trainer::sum_gradients(std::size_t i, std::size_t active) {
  const std::size_t begin = part(i, active);
  const std::size_t size = part(i + 1, active) - begin;
  float* sum = workers_[0].gradients.data() + begin;
  for (std::size_t other = 1; other < active; ++other) {
    kernels<float>().add(size, workers_[other].gradients.data() + begin, sum);
  }
  workers_[i].squares = kernels<float>().sum_of_squares(size, sum);
}

void Trainer::require_finite_update(double loss) const {
  if (std::isfinite(loss) && std::isfinite(gradient_norm_)) return;
  throw Error("update " + std::to_string(updates() + 1),
              "loss " + std::to_string(loss) + ", gradient norm " + std::to_string(gradient_norm_) +
                  ", expected finite numbers",
              "training diverged: lower --lr or set --clip 1");
}

double Trainer::train_batch(Batch batch, double rate, State<float>* state) {
  require_fit(net_.shape, batch, true);
  const State<float>* initial = begin_with(net_.shape, batch, state);
  const auto targets = static_cast<double>(count_targets(net_.shape, batch));
  const std::size_t active = share_out(batch);
  if (quantize_aware_) {
    round_weights(net_, parameters_.data(), rounded_.room(net_.layout.size));
  }
  threads_.run(active, [&](std::size_t i) {
    run_share(batch, initial, static_cast<float>(1.0 / targets), workers_[i]);
  });
  threads_.run(active, [&](std::size_t i) { sum_gradients(i, active); });

  double loss = 0;
  double squares = 0;
  for (std::size_t i = 0; i < active; ++i) {
    loss += workers_[i].loss / targets;
    squares += workers_[i].squares;
  }
  gradient_norm_ = std::sqrt(squares);
  require_finite_update(loss);
  optimizer_.begin(rate, clip_scale(gradient_norm_, optimizer_.options().clip));
  threads_.run(active, [&](std::size_t i) {
    optimizer_.update(part(i, active), part(i + 1, active), workers_[0].gradients.data(),
                      parameters_.data());
    if (state != nullptr) keep_state(net_, workers_[i].pass, batch.size(), *state);
  });
  return loss;
}

// Forward and backward without an update.
void Trainer::rehearse(Batch batch) {
  require_fit(net_.shape, batch, true);
  const std::size_t active = share_out(batch);
  threads_.run(active, [&](std::size_t i) { run_share(batch, nullptr, 1.0F, workers_[i]); });
}

MemoryUse Trainer::reserve(const Largest& largest, State<float>* state) {
  std::vector<Sequence> batch(std::max<std::size_t>(largest.measured, 1), largest.longest_measured);
  if (largest.measured > 0) evaluate(batch);
  batch.assign(largest.size, largest.longest);
  rehearse(batch);
  // Different lengths, in each worker's share, take a buffer more.
  const std::size_t steps = largest.longest.steps(net_.shape);
  for (std::size_t i = 0; steps > 1 && i < std::min(batch.size(), workers_.size()); ++i) {
    Sequence& one = batch[batch.size() - 1 - i];
    one.tokens = one.tokens.first(one.tokens.empty() ? 0 : steps - 1);
    one.reals = one.reals.first(one.reals.empty() ? 0 : (steps - 1) * net_.shape.inputs);
    if (net_.shape.head == Head::last_step) continue;
    one.targets = one.targets.first(one.targets.empty() ? 0 : steps - 1);
    one.values = one.values.first(one.values.empty() ? 0 : (steps - 1) * net_.shape.outputs);
  }
  rehearse(batch);
  if (state != nullptr) begin_with(net_.shape, batch, state);

  MemoryUse use{parameters_.bytes(), 0, optimizer_.means().bytes() + optimizer_.squares().bytes(),
                0};
  for (const Worker& worker : workers_) {
    use.gradients += worker.gradients.bytes();
    use.activations += bytes_of(worker.pass);
  }
  if (state != nullptr) use.activations += (state->h.size() + state->c.size()) * sizeof(float);
  return use;
}

// Calls use(worker) with the logits of each group of sequences of about the same length.
template <class Use>
void Trainer::for_groups(Batch batch, State<float>* state, const Use& use) {
  constexpr std::size_t k_group = 64;
  const State<float>* initial = begin_with(net_.shape, batch, state);
  sort_by_length(net_.shape, batch, order_);
  const std::size_t groups = (batch.size() + k_group - 1) / k_group;
  const std::size_t active = std::min(workers_.size(), groups);
  threads_.run(active, [&](std::size_t i) {
    Worker& worker = workers_[i];
    worker.loss = 0;
    worker.pass.rounded = false;
    for (std::size_t group = i; group < groups; group += active) {
      const std::size_t first = group * k_group;
      const std::size_t count = std::min(k_group, batch.size() - first);
      pack<float>(net_.shape, batch, std::span(order_).subspan(first, count), worker.pass.packed);
      layers_forward<float>(net_, parameters_.data(), initial, nullptr, worker.pass);
      logits_forward(net_, parameters_.data(), worker.pass);
      if (state != nullptr) keep_state(net_, worker.pass, batch.size(), *state);
      use(worker);
    }
  });
}

double Trainer::evaluate(Batch batch, State<float>* state) {
  require_fit(net_.shape, batch, true);
  for (Worker& worker : workers_) worker.loss = 0;
  for_groups(batch, state,
             [&](Worker& worker) { worker.loss += loss_of(net_, 0.0F, worker.pass); });
  double loss = 0;
  for (const Worker& worker : workers_) loss += worker.loss;
  return loss / static_cast<double>(count_targets(net_.shape, batch));
}

void Trainer::predict(Batch batch, std::vector<float>& logits, State<float>* state) {
  require_fit(net_.shape, batch, false);
  const NetShape& shape = net_.shape;
  std::vector<std::size_t> first_row(batch.size() + 1);
  for (std::size_t b = 0; b < batch.size(); ++b) {
    const std::size_t rows = shape.head == Head::last_step ? 1 : batch[b].steps(shape);
    first_row[b + 1] = first_row[b] + rows;
  }
  logits.resize(first_row.back() * shape.outputs);
  for_groups(batch, state, [&](Worker& worker) {
    const Packed<float>& packed = worker.pass.packed;
    const float* from = worker.pass.logits.data();
    const auto keep = [&](std::size_t b, std::size_t row) {
      std::copy_n(from, shape.outputs,
                  logits.data() + (first_row[packed.order[b]] + row) * shape.outputs);
      from += shape.outputs;
    };
    const std::size_t steps = shape.head == Head::last_step ? 1 : packed.steps();
    for (std::size_t t = 0; t < steps; ++t) {
      for (std::size_t b = 0; b < packed.running(t); ++b) keep(b, t);
    }
  });
}

Trace Trainer::forward_trace(const Sequence& sequence) {
  const Batch batch(&sequence, 1);
  Trace trace;
  predict(batch, trace.logits);
  const Pass<float>& pass = workers_[0].pass;
  const std::size_t numbers = pass.packed.rows() * net_.shape.hidden;
  for (const CellPass<float>& cell : pass.cells) {
    const float* h = cell.h.data() + cell.hidden;  // behind the initial state
    const float* c = cell.c.data() + cell.hidden;
    const bool gated = net_.shape.gates() > 1;
    const float* gates = gated ? cell.gate.data() : h;
    LayerTrace layer = {{gates, gates + numbers * net_.shape.gates()}, {}, {h, h + numbers}};
    if (net_.shape.cell == CellKind::lstm) layer.c.assign(c, c + numbers);
    trace.layers.push_back(std::move(layer));
  }
  return trace;
}

void Trainer::load(const TensorFile& file, const std::string& place) {
  block_from(net_, file, place, parameters_.data());
}

std::vector<Tensor> Trainer::save_optimizer() const {
  const auto updates = static_cast<std::int64_t>(optimizer_.updates());
  std::vector<Tensor> tensors = {{"optimizer.updates", {1}, std::vector<std::int64_t>{updates}}};
  if (optimizer_.options().kind != OptimizerKind::adam) return tensors;
  for (Tensor& mean : tensors_of(net_, optimizer_.means().data(), "adam.mean.")) {
    tensors.push_back(std::move(mean));
  }
  for (Tensor& square : tensors_of(net_, optimizer_.squares().data(), "adam.square.")) {
    tensors.push_back(std::move(square));
  }
  return tensors;
}

void Trainer::load_optimizer(const TensorFile& file, const std::string& place) {
  const Tensor& updates = find_tensor(file, "optimizer.updates", place);
  const auto* count = std::get_if<std::vector<std::int64_t>>(&updates.values);
  if (count == nullptr || count->size() != 1 || count->front() < 0) {
    throw Error(place, "tensor 'optimizer.updates': expected one I64, 0 or more");
  }
  if (optimizer_.options().kind == OptimizerKind::adam) {
    block_from(net_, file, place, optimizer_.means().data(), "adam.mean.");
    block_from(net_, file, place, optimizer_.squares().data(), "adam.square.");
  }
  optimizer_.set_updates(static_cast<std::uint64_t>(count->front()));
}

}  // namespace rondo::tool
