// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What a classifier got right, and what it took for what. Called by evaluation and by the report;
// which examples are counted is their affair.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace rondo::tool {

class Confusion {
 public:
  // labels and predictions go pairwise. Throws Error where there are none, std::invalid_argument
  // where the lengths differ or a value is >= classes.
  Confusion(std::span<const std::uint32_t> labels, std::span<const std::uint32_t> predictions,
            std::size_t classes);

  std::size_t classes() const { return classes_; }
  std::size_t total() const { return total_; }

  // How many examples of class `label` were predicted as `prediction`.
  std::size_t count(std::size_t label, std::size_t prediction) const {
    return counts_[label * classes_ + prediction];
  }
  // Examples of class `label`.
  std::size_t occurrences(std::size_t label) const;
  // The share of the class that is right; nothing where the class does not occur.
  std::optional<double> recall(std::size_t label) const;

  double accuracy() const;           // "plain": the share of all examples that is right
  double balanced_accuracy() const;  // the mean of the recalls of the classes that occur

 private:
  std::size_t classes_;
  std::size_t total_;
  std::vector<std::size_t> counts_;  // (label, prediction)
};

}  // namespace rondo::tool
