// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See step_table.hpp.
#include "step_table.hpp"

#include <cmath>
#include <map>
#include <stdexcept>

namespace rondo::bench {
namespace {

using NaiveStep = void (*)(NaiveLstm& net, const float* x);

void play(NaiveLstm& net, NaiveStep step, std::span<const float> x, std::size_t times) {
  for (std::size_t n = 0; n < times; ++n) step(net, &x[n % k_run_steps * net.inputs]);
}

// A comparison with loops that compute something else would be worth nothing.
void require_same(const Network& network, NaiveLstm net, NaiveStep step) {
  Player player(network, Call::step, Isa::scalar);
  player.play(k_run_steps);
  play(net, step, player.inputs(), k_run_steps);
  const float* const h = player.stream().hidden_f32(0);
  for (std::size_t k = 0; k < net.hidden; ++k) {
    // Another order of additions, another expf: some rounding errors of sums of a few units.
    if (!(std::abs(h[k] - net.h[k]) < 1e-3F)) {
      throw std::logic_error("bench: the naive LSTM is not rondo's");
    }
  }
}

}  // namespace

StepTable::StepTable(Size size, const std::regex& only) : size_(size) {
  add_naive();
  for (const Case& which : k_cases) {
    if (which.is_at(size)) add_case(which, only);
  }
}

std::size_t StepTable::add_limit(const Network& network, Load load) {
  return turns_.add([load, weights = network.weights()](std::size_t times) {
    for (std::size_t n = 0; n < times; ++n) {
      for (const auto& part : weights) load(part);
    }
  });
}

void StepTable::add_naive() {
  networks_.push_back(std::make_unique<Network>(k_cases[0], size_));
  const Network& network = *networks_.back();
  players_.push_back(std::make_unique<Player>(network, Call::step, Isa::scalar));
  const std::span<const float> x = players_.back()->inputs();
  const std::size_t limit = add_limit(network, widest_load());
  const std::size_t own_limit = add_limit(network, load_of(Isa::scalar));
  const auto add = [&](const char* name, NaiveLstm& net, NaiveStep step) {
    require_same(network, net, step);
    const std::size_t side =
        turns_.add([&net, step, x](std::size_t times) { play(net, step, x, times); });
    rows_.push_back(
        {name, "-", network.weight_bytes(), network.products(), 1, side, limit, own_limit});
  };
  by_rows_ = naive_rows_of(network);
  by_columns_ = naive_columns_of(network);
  add("naive_rows", by_rows_, naive_step_rows);
  add("naive_columns", by_columns_, naive_step_columns);
}

void StepTable::add_case(const Case& which, const std::regex& only) {
  auto network = std::make_unique<Network>(which, size_);
  std::map<Load, std::size_t> limits;
  const auto limit_of = [&](Load load) {
    if (!limits.contains(load)) limits[load] = add_limit(*network, load);
    return limits[load];
  };
  for (const Isa isa : sets_of(which.type)) {
    const char* const set = rondo::name_of(isa);
    if (!std::regex_search(id_of(which.name, set, size_), only)) continue;
    auto player = std::make_unique<Player>(*network, which.call, isa);
    const std::size_t side =
        turns_.add([&player = *player](std::size_t times) { player.play(times); });
    rows_.push_back({which.name, set, network->weight_bytes(), network->products(),
                     player->steps_of_call(), side, limit_of(widest_load()),
                     limit_of(load_of(isa))});
    players_.push_back(std::move(player));
  }
  networks_.push_back(std::move(network));
}

}  // namespace rondo::bench
