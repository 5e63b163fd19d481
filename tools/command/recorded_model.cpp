// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "command/recorded_model.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/classifier.hpp"
#include "command/command.hpp"
#include "data/regression.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

constexpr std::size_t k_most_rows = 1000000000;

// Of the JSON of a model, which may come from anywhere.
RecordingInfo info_from(const json& description, const std::string& task, std::size_t inputs,
                        const std::vector<std::string>& outputs, const std::string& place) {
  const auto found = description.find("recording");
  if (found == description.end() || !found->is_object()) {
    throw Error(place, "says nothing about the recordings it reads",
                "use the file that rondo train or rondo quantize wrote");
  }
  RecordingInfo info;
  try {
    info.task = task;
    info.outputs = outputs;
    info.features = found->at("features").get<std::vector<std::string>>();
    info.window = found->at("window").get<std::size_t>();
    info.hop = found->at("hop").get<std::size_t>();
    info.horizon = found->at("horizon").get<std::size_t>();
    info.target_mean = found->at("target_mean").get<std::vector<double>>();
    info.target_deviation = found->at("target_deviation").get<std::vector<double>>();
  } catch (const json::exception&) {
    throw Error(place, "a field of \"recording\" is missing or has the wrong type");
  }
  if (task != k_classify && task != k_regress) {
    throw Error(place, "is for the task \"" + task + "\", which does not read recordings");
  }
  const std::size_t targets = info.regress() ? outputs.size() : 0;
  const bool fits = info.features.size() == inputs && info.hop >= 1 && info.hop <= k_most_rows &&
                    info.window <= k_most_rows && info.horizon <= k_most_rows &&
                    (info.window >= 1 || !info.regress()) && info.target_mean.size() == targets &&
                    info.target_deviation.size() == targets;
  if (!fits) throw Error(place, "its field \"recording\" does not fit the model");
  return info;
}

std::optional<Side> side_from(const std::string& subset) {
  if (subset == "train") return Side::train;
  if (subset == "valid") return Side::valid;
  if (subset == "test") return Side::test;
  if (subset == "all") return std::nullopt;
  throw Error("--subset", "unknown subset \"" + subset + "\"", "known: train, valid, test, all");
}

// Labels as the model counts them.
void take_classes_of(const RecordingInfo& info, Recordings& data) {
  std::vector<std::uint32_t> labels;
  for (const std::string& name : data.classes) {
    const auto found = std::find(info.outputs.begin(), info.outputs.end(), name);
    if (found == info.outputs.end()) {
      throw Error(data.source.string(), "has the class " + name + ", which the model lacks",
                  "use the data that the model was trained on");
    }
    labels.push_back(static_cast<std::uint32_t>(found - info.outputs.begin()));
  }
  for (Recording& recording : data.list) recording.label = labels[recording.label];
  data.classes = info.outputs;
}

// What one would say without a model.
std::vector<float> naive_guess(const RecordingInfo& info, const Recordings& data,
                               const WindowSet& set) {
  const std::size_t width = data.features.size();
  std::vector<float> guess;
  for (const Window& window : set.windows) {
    const auto last = features_of(data, window).last(width);
    for (std::size_t o = 0; o < info.outputs.size(); ++o) {
      const auto found = std::find(data.features.begin(), data.features.end(), info.outputs[o]);
      guess.push_back(found == data.features.end()
                          ? static_cast<float>(info.target_mean[o])
                          : last[static_cast<std::size_t>(found - data.features.begin())]);
    }
  }
  return guess;
}

json measure_numbers(const RecordingInfo& info, const Recordings& data, const WindowSet& set,
                     std::span<const float> outputs) {
  std::vector<float> truth;
  for (const Window& window : set.windows) {
    const auto values = targets_of(data, window);
    truth.insert(truth.end(), values.begin(), values.end());
  }
  const std::size_t width = info.outputs.size();
  const PredictionErrors errors = prediction_errors(outputs, truth, width);
  const PredictionErrors naive = prediction_errors(naive_guess(info, data, set), truth, width);
  json j = {{"count", errors.count},
            {"mae", errors.mean_mae()},
            {"rmse", errors.mean_rmse()},
            {"baseline_mae", naive.mean_mae()},
            {"baseline_rmse", naive.mean_rmse()}};
  if (width == 1) return j;
  for (std::size_t o = 0; o < width; ++o) {
    j["mae " + info.outputs[o]] = errors.mae[o];
    j["rmse " + info.outputs[o]] = errors.rmse[o];
    j["baseline_mae " + info.outputs[o]] = naive.mae[o];
    j["baseline_rmse " + info.outputs[o]] = naive.rmse[o];
  }
  return j;
}

}  // namespace

json to_json(const RecordingInfo& info) {
  return {{"features", info.features},
          {"window", info.window},
          {"hop", info.hop},
          {"horizon", info.horizon},
          {"target_mean", info.target_mean},
          {"target_deviation", info.target_deviation},
          {"split", k_recording_split}};
}

RecordingInfo info_of(const Checkpoint& checkpoint, const std::string& place) {
  return info_from({{"recording", checkpoint.recording}}, checkpoint.task, checkpoint.shape.inputs,
                   checkpoint.classes, place);
}

RecordingInfo info_of(const LoadedImage& image, const std::string& place) {
  const auto task = image.description.find("task");
  if (task == image.description.end() || !task->is_string()) {
    throw Error(place, "does not say what it is for", "use the file that rondo quantize wrote");
  }
  return info_from(image.description, task->get<std::string>(), image.model.inputs(), image.classes,
                   place);
}

bool reads_recordings(const std::filesystem::path& model) {
  if (is_image(model)) return load_image(model)->model.input() != Format::token;
  return read_checkpoint(model).shape.input == InputKind::reals;
}

RecordedModel::RecordedModel(const std::filesystem::path& path) {
  if (is_image(path)) {
    image_ = load_image(path);
    info_ = info_of(*image_, path.string());
  } else {
    const Checkpoint checkpoint = read_checkpoint(path);
    info_ = info_of(checkpoint, path.string());
    trainer_ = trainer_of(checkpoint, path.string(), 1);
  }
}

std::vector<float> RecordedModel::outputs(Batch batch) {
  return image_ ? outputs_of(*image_, batch) : outputs_of(*trainer_, batch);
}

std::vector<float> outputs_of(Trainer& trainer, Batch batch) {
  std::vector<float> outputs;
  if (!batch.empty()) trainer.predict(batch, outputs);
  return outputs;
}

std::vector<float> outputs_of(LoadedImage& image, Batch batch) {
  const std::size_t width = image.model.outputs();
  std::vector<float> outputs(batch.size() * width);
  for (std::size_t b = 0; b < batch.size(); ++b) {
    image.stream.reset();
    image.stream.run_f32(batch[b].reals.data(), batch[b].reals.size() / image.model.inputs());
    image.stream.scores({&outputs[b * width], width});
  }
  return outputs;
}

Recordings load_for(const RecordingInfo& info, const std::filesystem::path& path) {
  Recordings data = info.regress()
                        ? load_series(path, {Columns::Need::targets, info.features, info.outputs})
                        : load_labeled(path, info.features);
  if (!info.regress()) take_classes_of(info, data);
  set_sides(data, info.windowing());
  return data;
}

WindowSet window_set(const Recordings& data, const RecordingInfo& info, const std::string& subset) {
  WindowSet set;
  set.windows = windows_of(data, side_from(subset), info.windowing());
  for (const Window& window : set.windows) {
    Sequence sequence{.tokens = {}, .reals = features_of(data, window), .targets = {}};
    if (info.regress()) {
      sequence.values = targets_of(data, window);
    } else {
      sequence.targets = {&data.list[window.recording].label, 1};
    }
    set.sequences.push_back(sequence);
  }
  if (!set.windows.empty()) return set;
  throw Error(data.source.string(),
              "has no window of " + std::to_string(info.window) + " rows on the " + subset +
                  " side, at least one was expected",
              "add data, or train with a shorter --window");
}

std::vector<std::uint32_t> labels_of(const WindowSet& set) {
  std::vector<std::uint32_t> labels;
  for (const Sequence& sequence : set.sequences) {
    labels.push_back(sequence.targets.empty() ? 0 : sequence.targets[0]);
  }
  return labels;
}

json measure(const RecordingInfo& info, const Recordings& data, const WindowSet& set,
             std::span<const float> outputs) {
  if (info.regress()) return measure_numbers(info, data, set, outputs);
  return to_json(figures_of(outputs, {{}, labels_of(set)}, info.outputs.size()));
}

std::string line_of(const RecordingInfo& info, const std::string& name, const json& j) {
  const std::string head = format("%-10s %8s windows: ", name.c_str(),
                                  grouped(j.at("count").get<std::size_t>()).c_str());
  const auto figure = [&](const std::string& key) { return j.at(key).get<double>(); };
  if (!info.regress()) {
    return head + format("plain %.2f %%, balanced %.2f %%, loss %.4f", 100 * figure("accuracy"),
                         100 * figure("balanced_accuracy"), figure("loss"));
  }
  return head + format("MAE %.6g, RMSE %.6g; naive guess: MAE %.6g, RMSE %.6g", figure("mae"),
                       figure("rmse"), figure("baseline_mae"), figure("baseline_rmse"));
}

}  // namespace rondo::tool
