// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo train classify on recordings: from the files to what train_windows needs.
#include "base/error.hpp"
#include "command/train_windows.hpp"

namespace rondo::tool {
namespace {

void require_classes(const Recordings& data) {
  if (data.classes.size() < 2) {
    throw Error(data.source.string(), "has one class, two or more were expected",
                "add recordings of another");
  }
  std::vector<bool> learned(data.classes.size());
  for (const Recording& recording : data.list) {
    if (recording.side == Side::train) learned[recording.label] = true;
  }
  for (std::size_t label = 0; label < learned.size(); ++label) {
    if (learned[label]) continue;
    throw Error(data.source.string(),
                "class " + data.classes[label] + " has no recording on the training side",
                "add recordings: by their names, 7 of 10 are for training");
  }
}

}  // namespace

void train_recordings(const RecordingOptions& options, const Console& console) {
  require_sensible(options);
  PreparedRecordings data;
  data.raw = load_labeled(options.training.data);
  data.info.task = k_classify;
  data.info.features = data.raw.features;
  data.info.outputs = data.raw.classes;
  data.info.window = options.window;
  const std::size_t half = options.window > 1 ? options.window / 2 : 1;
  data.info.hop = options.hop > 0 ? options.hop : half;
  set_sides(data.raw, data.info.windowing());
  require_classes(data.raw);
  data.features = feature_scaling(data.raw);
  data.normalized = data.raw;
  normalize(data.normalized, data.features, data.targets);
  train_windows(options, data, console);
}

}  // namespace rondo::tool
