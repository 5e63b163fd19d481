// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See regression.hpp.
#include "data/regression.hpp"

#include <cmath>
#include <numeric>
#include <stdexcept>

#include "base/error.hpp"

namespace rondo::tool {

double PredictionErrors::mean_mae() const {
  return std::accumulate(mae.begin(), mae.end(), 0.0) / static_cast<double>(mae.size());
}

double PredictionErrors::mean_rmse() const {
  double squares = 0;
  for (const double error : rmse) squares += error * error;
  return std::sqrt(squares / static_cast<double>(rmse.size()));
}

PredictionErrors prediction_errors(std::span<const float> predicted, std::span<const float> truth,
                                   std::size_t outputs) {
  if (predicted.size() != truth.size()) {
    throw std::invalid_argument("prediction_errors: predictions and truth differ in number");
  }
  if (truth.empty()) {
    throw Error("evaluation", "no window to evaluate, at least one was expected",
                "this side of the data is empty: add data or take another side");
  }
  PredictionErrors errors;
  errors.count = truth.size() / outputs;
  errors.mae.resize(outputs);
  errors.rmse.resize(outputs);
  const auto count = static_cast<double>(errors.count);
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const double off = double{predicted[i]} - double{truth[i]};
    errors.mae[i % outputs] += std::abs(off) / count;
    errors.rmse[i % outputs] += off * off / count;
  }
  for (double& error : errors.rmse) error = std::sqrt(error);
  return errors;
}

}  // namespace rondo::tool
