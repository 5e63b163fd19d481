// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// bench_cells: the cases of bench_steps one by one under Google Benchmark, named as in
// lstm_s8/avx512_vnni/57x128, for those who want its options (filters, repetitions, perf counters).
// Ratios between rows are better taken from bench_steps, which measures both sides in turns.
#include <benchmark/benchmark.h>

#include "cases.hpp"
#include "memory_limit.hpp"

namespace {

using namespace rondo::bench;

void count(benchmark::State& state, const Network& network, std::size_t steps) {
  const auto all = state.iterations() * static_cast<std::int64_t>(steps);
  state.SetItemsProcessed(all);
  state.SetBytesProcessed(all * static_cast<std::int64_t>(network.weight_bytes()));
}

void step(benchmark::State& state, const Case& which, Size size, rondo::Isa isa) {
  const Network network(which, size);
  Player player(network, which.call, isa);
  for (auto _ : state) player.play(1);
  count(state, network, player.steps_of_call());
}

void limit(benchmark::State& state, const Case& which, Size size) {
  const Network network(which, size);
  const Load load = widest_load();
  const auto weights = network.weights();
  for (auto _ : state) {
    for (const auto& part : weights) load(part);
  }
  count(state, network, 1);
}

void naive(benchmark::State& state, Size size, bool columns) {
  const Network network(k_cases[0], size);
  NaiveLstm net = columns ? naive_columns_of(network) : naive_rows_of(network);
  const std::vector<float> x(size.inputs, 0.5F);
  for (auto _ : state) (columns ? naive_step_columns : naive_step_rows)(net, x.data());
  count(state, network, 1);
}

void add_all() {
  for (const Size size : k_sizes) {
    for (const bool columns : {false, true}) {
      const std::string id = id_of("naive", columns ? "columns" : "rows", size);
      benchmark::RegisterBenchmark(id.c_str(), naive, size, columns);
    }
    for (const Case& which : k_cases) {
      if (!which.is_at(size)) continue;
      for (const rondo::Isa isa : sets_of(which.type)) {
        const std::string id = id_of(which.name, rondo::name_of(isa), size);
        benchmark::RegisterBenchmark(id.c_str(), step, which, size, isa);
      }
      benchmark::RegisterBenchmark(id_of(which.name, "limit", size).c_str(), limit, which, size);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  add_all();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
