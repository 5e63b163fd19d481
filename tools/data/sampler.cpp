// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See sampler.hpp.
#include "data/sampler.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "base/random.hpp"

namespace rondo::tool {
namespace {

// Two to the 64th over the golden ratio: epochs of one seed never meet those of a near seed.
constexpr std::uint64_t k_epoch_stride = 0x9E3779B97F4A7C15;

std::size_t draw_below(Random& random, std::size_t n) {
  return static_cast<std::size_t>(random.below(n));
}

// Fisher and Yates.
void shuffle(std::vector<std::size_t>& order, Random& random) {
  for (std::size_t left = order.size(); left > 1; --left) {
    std::swap(order[left - 1], order[draw_below(random, left)]);
  }
}

}  // namespace

Sampler::Sampler(std::span<const std::uint32_t> labels, std::size_t classes, Sampling sampling,
                 std::size_t batch, std::uint64_t seed)
    : places_of_(classes), sampling_(sampling), batch_(batch), seed_(seed), order_(labels.size()) {
  if (labels.empty() || batch == 0) throw std::invalid_argument("Sampler: nothing to draw");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= classes) throw std::invalid_argument("Sampler: label past the classes");
    places_of_[labels[i]].push_back(i);
  }
  std::erase_if(places_of_, [](const auto& places) { return places.empty(); });
  start_epoch(0);
}

void Sampler::start_epoch(std::uint64_t epoch) {
  epoch_ = epoch;
  done_ = 0;
  Random random(seed_ + k_epoch_stride * epoch);
  if (sampling_ == Sampling::natural) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    shuffle(order_, random);
    return;
  }
  for (std::size_t& place : order_) {
    const std::vector<std::size_t>& places = places_of_[draw_below(random, places_of_.size())];
    place = places[draw_below(random, places.size())];
  }
}

bool Sampler::next(std::vector<std::size_t>& places) {
  const auto rest = std::span(order_).subspan(done_);
  const auto batch = rest.first(std::min(batch_, rest.size()));
  places.assign(batch.begin(), batch.end());
  done_ += batch.size();
  return !batch.empty();
}

}  // namespace rondo::tool
