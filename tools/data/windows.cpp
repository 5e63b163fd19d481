// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Sides, windows and scales of recordings; see recordings.hpp.
#include <cmath>

#include "base/error.hpp"
#include "data/recordings.hpp"

namespace rondo::tool {
namespace {

constexpr const char* k_names[] = {"training", "validation", "test"};

// Rows `begin` .. `end` - 1 of the only sequence.
Recording piece_of(const Recordings& data, Side side, std::size_t begin, std::size_t end) {
  const Recording& whole = data.list[0];
  const auto part = [&](const std::vector<float>& numbers, std::size_t columns) {
    const auto first = numbers.begin();
    return std::vector<float>(first + static_cast<std::ptrdiff_t>(begin * columns),
                              first + static_cast<std::ptrdiff_t>(end * columns));
  };
  Recording piece;
  piece.id = whole.id;
  piece.side = side;
  piece.label = whole.label;
  piece.first_row = begin;
  piece.rows = end - begin;
  piece.features = part(whole.features, data.features.size());
  piece.targets = part(whole.targets, data.targets.size());
  return piece;
}

void cut_by_position(Recordings& data, const Windowing& how) {
  const std::size_t rows = data.list[0].rows, window = how.window;
  const std::size_t train = rows * 7 / 10, valid = rows * 8 / 10;
  const std::size_t needed = 2 * window + how.horizon;  // the one left out and one to use
  if (valid - train < needed) {
    throw Error(data.source.string(),
                "one sequence of " + std::to_string(rows) + " rows, at least " +
                    std::to_string(10 * needed) + " were expected",
                "its sides are 70, 10 and 20 % of the rows with a window of " +
                    std::to_string(window) + " left out between: add rows or lower --window");
  }
  data.list = {piece_of(data, Side::train, 0, train),
               piece_of(data, Side::valid, train + window, valid),
               piece_of(data, Side::test, valid + window, rows)};
}

Scaling scaling_of(const Recordings& data, const std::vector<std::string>& names,
                   std::vector<float> Recording::*numbers) {
  const std::size_t columns = names.size();
  Scaling scaling{std::vector<double>(columns), std::vector<double>(columns)};
  double rows = 0;
  const auto for_each = [&](const auto& use) {
    for (const Recording& recording : data.list) {
      if (recording.side != Side::train) continue;
      const std::vector<float>& values = recording.*numbers;
      for (std::size_t i = 0; i < values.size(); ++i) use(i % columns, double{values[i]});
    }
  };
  for (const Recording& recording : data.list) {
    if (recording.side == Side::train) rows += static_cast<double>(recording.rows);
  }
  for_each([&](std::size_t i, double x) { scaling.mean[i] += x / rows; });
  for_each([&](std::size_t i, double x) {
    scaling.deviation[i] += (x - scaling.mean[i]) * (x - scaling.mean[i]) / rows;
  });
  for (std::size_t i = 0; i < columns; ++i) {
    double& deviation = scaling.deviation[i];
    deviation = std::sqrt(deviation);
    // Rounding makes a mean of equal numbers differ from them by some 1e-16 of their size.
    const double size = std::abs(scaling.mean[i]);
    if (deviation <= 1e-12 * size) deviation = 0;
    // A float has 24 bits: of 1e5 + noise, 7 are left for the noise.
    if (deviation > 0 && deviation < 1e-5 * size) {
      throw Error(data.source.string(),
                  "column \"" + names[i] + "\" is about " + std::to_string(scaling.mean[i]) +
                      " and varies by " + std::to_string(deviation) +
                      " only, more than a 100,000th was expected",
                  "subtract a constant from it");
    }
  }
  return scaling;
}

void normalize_columns(std::vector<float>& numbers, const Scaling& scaling) {
  const std::size_t columns = scaling.mean.size();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const double deviation = scaling.deviation[i % columns];
    const double centered = double{numbers[i]} - scaling.mean[i % columns];
    numbers[i] = deviation > 0 ? static_cast<float>(centered / deviation) : 0.0F;
  }
}

}  // namespace

void set_sides(Recordings& data, const Windowing& how) {
  if (data.list.size() == 1) {
    cut_by_position(data, how);
    return;
  }
  std::size_t counts[3] = {};
  for (Recording& recording : data.list) {
    recording.side = side_of(recording.id);
    ++counts[static_cast<std::size_t>(recording.side)];
  }
  for (std::size_t side = 0; side < 3; ++side) {
    if (counts[side] > 0) continue;
    throw Error(data.source.string(),
                "none of its " + std::to_string(data.list.size()) + " sequences falls to the " +
                    k_names[side] + " side, at least one was expected",
                "the sides go by crc32 of the sequence's name, 70 : 10 : 20; more sequences are "
                "needed, or a single one, whose sides go by position");
  }
}

std::vector<Window> windows_of(const Recordings& data, std::optional<Side> side,
                               const Windowing& how) {
  std::vector<Window> windows;
  for (std::size_t r = 0; r < data.list.size(); ++r) {
    const Recording& recording = data.list[r];
    if (side && recording.side != *side) continue;
    const bool is_short = how.keep_short && recording.rows < how.window;
    const std::size_t steps = how.window == 0 || is_short ? recording.rows : how.window;
    if (steps == 0 || recording.rows < steps || recording.rows - steps < how.horizon) continue;
    const std::size_t last = recording.rows - steps - how.horizon;
    for (std::size_t first = 0; first <= last; first += how.hop) {
      windows.push_back({r, first, steps, first + steps - 1 + how.horizon});
    }
  }
  return windows;
}

std::span<const float> features_of(const Recordings& data, const Window& window) {
  const std::size_t width = data.features.size();
  return std::span(data.list[window.recording].features)
      .subspan(window.first * width, window.steps * width);
}

std::span<const float> targets_of(const Recordings& data, const Window& window) {
  const std::size_t width = data.targets.size();
  return std::span(data.list[window.recording].targets).subspan(window.answer * width, width);
}

Scaling feature_scaling(const Recordings& data) {
  return scaling_of(data, data.features, &Recording::features);
}

Scaling target_scaling(const Recordings& data) {
  return scaling_of(data, data.targets, &Recording::targets);
}

void normalize(Recordings& data, const Scaling& features, const Scaling& targets) {
  for (Recording& recording : data.list) {
    normalize_columns(recording.features, features);
    normalize_columns(recording.targets, targets);
  }
}

}  // namespace rondo::tool
