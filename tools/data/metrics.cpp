// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See metrics.hpp.
#include "data/metrics.hpp"

#include <numeric>
#include <stdexcept>

#include "base/error.hpp"

namespace rondo::tool {

Confusion::Confusion(std::span<const std::uint32_t> labels,
                     std::span<const std::uint32_t> predictions, std::size_t classes)
    : classes_(classes), total_(labels.size()), counts_(classes * classes) {
  if (labels.size() != predictions.size()) {
    throw std::invalid_argument("Confusion: labels and predictions differ in number");
  }
  if (labels.empty()) {
    throw Error("evaluation", "no example to evaluate, at least one was expected",
                "this side of the data is empty: add data or take another side");
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= classes || predictions[i] >= classes) {
      throw std::invalid_argument("Confusion: class past the classes");
    }
    ++counts_[labels[i] * classes_ + predictions[i]];
  }
}

std::size_t Confusion::occurrences(std::size_t label) const {
  const auto row = std::span(counts_).subspan(label * classes_, classes_);
  return std::accumulate(row.begin(), row.end(), std::size_t{0});
}

std::optional<double> Confusion::recall(std::size_t label) const {
  const std::size_t all = occurrences(label);
  if (all == 0) return std::nullopt;
  return static_cast<double>(count(label, label)) / static_cast<double>(all);
}

double Confusion::accuracy() const {
  std::size_t right = 0;
  for (std::size_t label = 0; label < classes_; ++label) right += count(label, label);
  return static_cast<double>(right) / static_cast<double>(total_);
}

double Confusion::balanced_accuracy() const {
  double sum = 0;
  std::size_t occurring = 0;
  for (std::size_t label = 0; label < classes_; ++label) {
    const std::optional<double> share = recall(label);
    if (!share) continue;
    sum += *share;
    ++occurring;
  }
  return sum / static_cast<double>(occurring);
}

}  // namespace rondo::tool
