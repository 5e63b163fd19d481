// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// How fast the trainer trains: whole updates (forward, backward, clipping, optimizer) of the two
// networks of the classroom experiments. Items are names or tokens; the second argument of the
// names rows is the batch, the last of all rows the number of threads.
#include <benchmark/benchmark.h>

#include <vector>

#include "base/random.hpp"
#include "train/trainer.hpp"

namespace {

using namespace rondo::tool;

struct Data {
  std::vector<std::vector<std::uint32_t>> tokens;
  std::vector<std::uint32_t> labels;
  std::vector<Sequence> sequences;
};

// Names: 1,024 of 4 to 10 letters, 7 on average.
Data names() {
  Data data;
  Random random(1);
  for (int i = 0; i < 1024; ++i) {
    data.tokens.emplace_back(4 + random.below(7));
    for (auto& token : data.tokens.back()) token = static_cast<std::uint32_t>(random.below(57));
    data.labels.push_back(static_cast<std::uint32_t>(random.below(18)));
  }
  for (std::size_t i = 0; i < data.tokens.size(); ++i) {
    data.sequences.push_back({data.tokens[i], {}, std::span(data.labels).subspan(i, 1)});
  }
  return data;
}

TrainerOptions options_for(std::size_t vocabulary, std::size_t hidden, std::size_t outputs,
                           Head head, OptimizerKind optimizer, std::size_t threads) {
  TrainerOptions options;
  options.shape.inputs = vocabulary;
  options.shape.hidden = hidden;
  options.shape.outputs = outputs;
  options.shape.head = head;
  options.optimizer = {optimizer, 0, 1.0};
  options.threads = threads;
  return options;
}

void train_names(benchmark::State& state, OptimizerKind optimizer) {
  const auto batch = static_cast<std::size_t>(state.range(0));
  Trainer trainer(options_for(57, 128, 18, Head::last_step, optimizer,
                              static_cast<std::size_t>(state.range(1))));
  const Data data = names();
  std::size_t first = 0;
  for (auto _ : state) {
    trainer.train_batch(std::span(data.sequences).subspan(first, batch), 1e-3);
    first = (first + batch) % data.sequences.size();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void train_text(benchmark::State& state) {
  constexpr std::size_t k_batch = 32;
  constexpr std::size_t k_steps = 35;
  Trainer trainer(options_for(28, 256, 28, Head::every_step, OptimizerKind::sgd,
                              static_cast<std::size_t>(state.range(0))));
  Random random(1);
  std::vector<std::uint32_t> text(k_batch * (k_steps + 1));
  for (auto& token : text) token = static_cast<std::uint32_t>(random.below(28));
  std::vector<Sequence> sequences;
  for (std::size_t b = 0; b < k_batch; ++b) {
    const auto row = std::span<const std::uint32_t>(text).subspan(b * (k_steps + 1), k_steps + 1);
    sequences.push_back({row.first(k_steps), {}, row.last(k_steps)});
  }
  State<float> carried;
  for (auto _ : state) trainer.train_batch(sequences, 1e-3, &carried);
  state.SetItemsProcessed(state.iterations() * std::int64_t{k_batch * k_steps});
}

BENCHMARK_CAPTURE(train_names, adam, OptimizerKind::adam)
    ->ArgsProduct({{1, 64}, {1, 2}})
    ->UseRealTime();
BENCHMARK_CAPTURE(train_names, sgd, OptimizerKind::sgd)
    ->ArgsProduct({{1, 64}, {1, 2}})
    ->UseRealTime();
BENCHMARK(train_text)->Arg(1)->Arg(2)->UseRealTime();

}  // namespace

BENCHMARK_MAIN();
