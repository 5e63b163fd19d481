// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Models that read recordings, float checkpoint or image alike: which columns and windows they
// want, and how well they do on them. Shared by train, eval, predict and quantize; models of names
// are in classifier.hpp.
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "data/recordings.hpp"
#include "formats/checkpoint.hpp"
#include "formats/loaded_image.hpp"
#include "train/trainer.hpp"

namespace rondo::tool {

// What a model says about its input and output; Checkpoint::recording is its JSON.
struct RecordingInfo {
  std::string task;                   // k_classify or k_regress
  std::vector<std::string> features;  // I
  std::vector<std::string> outputs;   // O: classes or targets
  std::size_t window = 0;             // see Windowing
  std::size_t hop = 1;                //
  std::size_t horizon = 0;            //
  std::vector<double> target_mean;    // (O) of the training side, regression
  std::vector<double> target_deviation;

  bool regress() const { return task == k_regress; }
  Windowing windowing() const { return {window, hop, horizon, !regress()}; }
};
nlohmann::json to_json(const RecordingInfo& info);
// Throws Error where the model does not read recordings, or a field has no sense.
RecordingInfo info_of(const Checkpoint& checkpoint, const std::string& place);
RecordingInfo info_of(const LoadedImage& image, const std::string& place);

// Whether the model in that file reads numbers; what reads text is not looked at further.
bool reads_recordings(const std::filesystem::path& model);

class RecordedModel {
 public:
  explicit RecordedModel(const std::filesystem::path& path);
  const RecordingInfo& info() const { return info_; }
  std::vector<float> outputs(Batch batch);  // (B, O)

 private:
  std::unique_ptr<Trainer> trainer_;
  std::unique_ptr<LoadedImage> image_;
  RecordingInfo info_;
};
std::vector<float> outputs_of(Trainer& trainer, Batch batch);
std::vector<float> outputs_of(LoadedImage& image, Batch batch);

// Data for a model: its columns, its classes in its order, its sides. Throws Error where it lacks
// a column or has a class the model does not know.
Recordings load_for(const RecordingInfo& info, const std::filesystem::path& path);

// The windows of one side as sequences, which are views into the recordings.
struct WindowSet {
  std::vector<Window> windows;
  std::vector<Sequence> sequences;
};
// `subset`: train, valid, test or all. Throws Error where there is none.
WindowSet window_set(const Recordings& data, const RecordingInfo& info, const std::string& subset);
std::vector<std::uint32_t> labels_of(const WindowSet& set);

// Figures by name: count, accuracy, balanced_accuracy, loss; or count, mae, rmse and the same of
// the naive guess, baseline_mae and baseline_rmse: the last value the model has read where a target
// is a feature too, else the training mean.
nlohmann::json measure(const RecordingInfo& info, const Recordings& data, const WindowSet& set,
                       std::span<const float> outputs);
// For people: "test", figures as above, of how many windows.
std::string line_of(const RecordingInfo& info, const std::string& name, const nlohmann::json& j);

}  // namespace rondo::tool
