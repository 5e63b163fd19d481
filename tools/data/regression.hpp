// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// How far predicted numbers are from the true ones. Called by evaluation; which are compared is its
// affair.
#pragma once
#include <cstddef>
#include <span>
#include <vector>

namespace rondo::tool {

// Of each target: mean absolute error, root of the mean squared error.
struct PredictionErrors {
  std::size_t count = 0;
  std::vector<double> mae, rmse;  // (O)

  // One figure for all targets: the mean of the first, the root of the mean square of the second.
  double mean_mae() const;
  double mean_rmse() const;
};

// Both (count, O). Throws Error where there are none, std::invalid_argument where they differ in
// number.
PredictionErrors prediction_errors(std::span<const float> predicted, std::span<const float> truth,
                                   std::size_t outputs);

}  // namespace rondo::tool
