// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo train regress: from the file to what train_windows needs.
#include <algorithm>

#include "base/error.hpp"
#include "command/train_windows.hpp"

namespace rondo::tool {
namespace {

std::vector<std::string> split_list(const std::string& list, const char* option) {
  std::vector<std::string> names;
  for (std::size_t at = 0; !list.empty() && at <= list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    names.push_back(list.substr(at, end - at));
    if (names.back().empty()) throw Error(option, "an empty name", "as --target x or --target x,y");
    at = end + 1;
  }
  return names;
}

bool reads_its_target(const Recordings& data) {
  return std::any_of(data.targets.begin(), data.targets.end(), [&](const std::string& name) {
    return std::find(data.features.begin(), data.features.end(), name) != data.features.end();
  });
}

void require_varying(const Recordings& data, const Scaling& targets) {
  for (std::size_t o = 0; o < data.targets.size(); ++o) {
    if (targets.deviation[o] > 0) continue;
    throw Error(data.source.string(),
                "target " + data.targets[o] + " is the same number on the whole training side",
                "name another with --target");
  }
}

}  // namespace

void train_regress(const RecordingOptions& options, const Console& console) {
  require_sensible(options);
  if (options.window == 0) throw Error("--window", "must be 1 to 1000000");
  if (options.training.cell == CellKind::classroom) {
    throw Error("--cell", "the classroom RNN is a classifier", "known: lstm, gru, rnn, relu");
  }
  PreparedRecordings data;
  data.raw = load_series(options.training.data,
                         {Columns::Need::targets, split_list(options.features, "--features"),
                          split_list(options.targets, "--target")});
  const bool forecast = reads_its_target(data.raw);
  data.info.task = k_regress;
  data.info.features = data.raw.features;
  data.info.outputs = data.raw.targets;
  data.info.window = options.window;
  data.info.hop = options.hop > 0 ? options.hop : 1;
  // At the last step itself the answer would stand in the question.
  data.info.horizon = std::max<std::size_t>(options.horizon, forecast ? 1 : 0);
  set_sides(data.raw, data.info.windowing());
  data.features = feature_scaling(data.raw);
  data.targets = target_scaling(data.raw);
  require_varying(data.raw, data.targets);
  data.info.target_mean = data.targets.mean;
  data.info.target_deviation = data.targets.deviation;
  data.normalized = data.raw;
  normalize(data.normalized, data.features, data.targets);
  train_windows(options, data, console);
}

}  // namespace rondo::tool
