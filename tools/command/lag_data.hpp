// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What `rondo train lags` trains on and measures with: the names of a folder, or pieces of a text.
// The sides are those of every other command; validation is not used, since nothing is chosen.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/names.hpp"
#include "train/batch.hpp"

namespace rondo::tool {

struct LagDataOptions {
  std::string path;  // a folder of names or a file of text
  std::size_t lag = 100;
  std::size_t sequences = 200;
  std::size_t max_tokens = 0;
};

// The sequences are views into `names` or `tokens`; to move it is safe, to copy it is not.
struct LagData {
  std::string task;                  // of a checkpoint
  Head head = Head::last_step;       // of training
  std::vector<std::string> classes;  // one for each output
  std::string alphabet;
  std::vector<Sequence> training;  // all there are, those of a text overlap
  std::vector<Sequence> measured;  // of the test side, one target each; the same in every run
  double sequences_of_a_pass = 0;  // over the training data

  std::optional<NamesData> names;
  std::vector<std::uint32_t> tokens;

  LagData() = default;
  LagData(LagData&&) = default;
  LagData& operator=(LagData&&) = default;
};

// Names: a training example is a line, the class its target; measured are distinct names of the
// test side. Text: first 80 % training, last 10 % test; a piece has `lag` characters, in training
// each with the next one as its target, as a language model learns, measured with the last alone.
// Throws Error where the data are too few, or an option is out of range.
LagData load_lag_data(const LagDataOptions& options);

}  // namespace rondo::tool
