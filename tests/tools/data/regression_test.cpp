// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The errors of predictions, worked out by hand.
#include "data/regression.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>

#include "base/error.hpp"

using namespace rondo::tool;

TEST_CASE("prediction errors are those of each target, and one figure for all") {
  const std::vector<float> predicted = {1, 10, 2, 20}, truth = {2, 10, 4, 14};
  const PredictionErrors errors = prediction_errors(predicted, truth, 2);
  CHECK(errors.count == 2);
  CHECK(errors.mae == std::vector<double>{1.5, 3});
  CHECK(errors.rmse[0] == doctest::Approx(std::sqrt(2.5)));
  CHECK(errors.rmse[1] == doctest::Approx(std::sqrt(18.0)));
  CHECK(errors.mean_mae() == 2.25);
  CHECK(errors.mean_rmse() == doctest::Approx(std::sqrt(20.5 / 2)));
}

TEST_CASE("prediction errors need something to compare") {
  CHECK_THROWS_AS(prediction_errors({}, {}, 1), Error);
  const std::vector<float> one = {1};
  CHECK_THROWS_AS(prediction_errors(one, {}, 1), std::invalid_argument);
}
