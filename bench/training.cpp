// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// How fast the trainer trains: whole updates (forward, backward, clipping, optimizer) of the two
// networks of the classroom experiments. Items are names or tokens; the second argument of the
// names rows is the batch, the last of all rows the number of threads. For text also how fast BLAS
// does the products of such an update alone (sgemm, FLOP/s), and the trainer's share of that.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "base/random.hpp"
#include "train/blas.hpp"
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

constexpr std::size_t k_batch = 32;
constexpr std::size_t k_steps = 35;
constexpr std::size_t k_hidden = 256;
constexpr std::size_t k_gates = 4 * k_hidden;
// Of a token: h U, its way back and the gradient of U. The input is gathered, the head is small.
constexpr double k_flop = 3.0 * 2 * k_hidden * k_gates;

// The products of an update, by BLAS alone, each thread with its share of the batch.
class Products {
 public:
  explicit Products(std::size_t threads)
      : rows_(k_batch / threads), numbers_(threads), workers_(threads) {
    openblas_set_num_threads(1);
    for (Numbers& n : numbers_) {
      n.h.assign(rows_ * k_steps * k_hidden, 0.5F);
      n.gates.assign(rows_ * k_steps * k_gates, 1e-3F);
      n.u.assign(k_hidden * k_gates, 1e-2F);
      n.du.assign(k_hidden * k_gates, 0.0F);
    }
  }

  // The best of `times`, FLOP a second.
  double rate(int times) {
    using Clock = std::chrono::steady_clock;
    double least = 1e9;
    for (int i = 0; i < times; ++i) {
      const auto start = Clock::now();
      workers_.run(numbers_.size(), [&](std::size_t t) { multiply(numbers_[t]); });
      least = std::min(least, std::chrono::duration<double>(Clock::now() - start).count());
    }
    return k_flop * k_batch * k_steps / least;
  }

 private:
  struct Numbers {
    std::vector<float> h, gates, u, du;
  };

  void multiply(Numbers& n) const {
    for (std::size_t t = 0; t < k_steps; ++t) {
      const std::size_t row = t * rows_;
      linear_forward(rows_, k_hidden, k_gates, n.h.data() + row * k_hidden, n.u.data(),
                     n.gates.data() + row * k_gates);
    }
    for (std::size_t t = 0; t < k_steps; ++t) {
      const std::size_t row = t * rows_;
      linear_backward_input(rows_, k_hidden, k_gates, n.gates.data() + row * k_gates, n.u.data(),
                            n.h.data() + row * k_hidden);
    }
    linear_backward_weight(rows_ * k_steps, k_hidden, k_gates, n.h.data(), n.gates.data(),
                           n.du.data());
    // The same numbers the next time, so that none grows.
    std::fill(n.h.begin(), n.h.end(), 0.5F);
    std::fill(n.gates.begin(), n.gates.end(), 1e-3F);
  }

  std::size_t rows_;
  std::vector<Numbers> numbers_;
  Workers workers_;
};

void train_text(benchmark::State& state) {
  const auto threads = static_cast<std::size_t>(state.range(0));
  Products products(threads);
  double sgemm = products.rate(30);
  Trainer trainer(options_for(28, k_hidden, 28, Head::every_step, OptimizerKind::sgd, threads));
  Random random(1);
  std::vector<std::uint32_t> text(k_batch * (k_steps + 1));
  for (auto& token : text) token = static_cast<std::uint32_t>(random.below(28));
  std::vector<Sequence> sequences;
  for (std::size_t b = 0; b < k_batch; ++b) {
    const auto row = std::span<const std::uint32_t>(text).subspan(b * (k_steps + 1), k_steps + 1);
    sequences.push_back({row.first(k_steps), {}, row.last(k_steps)});
  }
  State<float> carried;
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) trainer.train_batch(sequences, 1e-3, &carried);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  const std::int64_t tokens = state.iterations() * std::int64_t{k_batch * k_steps};
  state.SetItemsProcessed(tokens);
  sgemm = std::max(sgemm, products.rate(30));  // before and after: no better for a busy machine
  state.counters["sgemm"] = sgemm;
  state.counters["share"] = k_flop * static_cast<double>(tokens) / seconds.count() / sgemm;
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
