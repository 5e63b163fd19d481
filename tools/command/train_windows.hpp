// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Training on windows of recordings, for classes and for numbers: what `train classify` does with
// recordings and `train regress` have in common.
#pragma once
#include <string>

#include "command/command.hpp"
#include "command/recorded_model.hpp"
#include "command/train_classify.hpp"

namespace rondo::tool {

struct RecordingOptions {
  ClassifyOptions training;  // augmentation is for names and ignored
  std::size_t window = 0;
  std::size_t hop = 0;      // 0: see each command
  std::string targets;      // regression, commas between; empty: the last column
  std::string features;     // regression; empty: the others
  std::size_t horizon = 0;  // regression; at least 1 where a target is a feature
};

// Where the number of epochs was left as it is, a small set is gone through as often as it takes
// for so many updates.
inline constexpr std::size_t k_least_updates = 1500;

// Throws Error naming an option that makes no sense, or a file that cannot be written.
void require_sensible(const RecordingOptions& options);

// Data with everything but the network.
struct PreparedRecordings {
  Recordings raw, normalized;
  Scaling features, targets;
  RecordingInfo info;
};

// Trains, folds the normalization in, measures on raw numbers, writes checkpoint and log, prints.
void train_windows(const RecordingOptions& options, const PreparedRecordings& data,
                   const Console& console);

// `train classify` on recordings, and `train regress`.
void train_recordings(const RecordingOptions& options, const Console& console);
void train_regress(const RecordingOptions& options, const Console& console);

}  // namespace rondo::tool
