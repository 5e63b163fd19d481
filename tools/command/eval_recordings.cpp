// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo eval of models that read recordings.
#include <chrono>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/classifier.hpp"
#include "command/recorded_model.hpp"
#include "command/recordings.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

// One line a window: sequence, row of its last step from 1, then class and answer, or truth and
// prediction of each target.
void write_answers(const std::string& path, const RecordingInfo& info, const Recordings& data,
                   const WindowSet& set, std::span<const float> outputs) {
  const std::size_t width = info.outputs.size();
  const std::vector<std::uint32_t> answers = answers_of(outputs, width);
  std::string text;
  for (std::size_t b = 0; b < set.windows.size(); ++b) {
    const Window& window = set.windows[b];
    const Recording& recording = data.list[window.recording];
    text += recording.id + '\t' + std::to_string(recording.first_row + window.first + window.steps);
    if (!info.regress()) {
      text += '\t' + info.outputs[recording.label] + '\t' + info.outputs[answers[b]];
    }
    for (std::size_t o = 0; info.regress() && o < width; ++o) {
      text += format("\t%.9g\t%.9g", double{targets_of(data, window)[o]},
                     double{outputs[b * width + o]});
    }
    text += '\n';
  }
  write_whole(path, text);
}

// The share that is right of each class.
json recalls_of(const RecordingInfo& info, const WindowSet& set, std::span<const float> outputs,
                bool say, const Console& console) {
  const std::size_t classes = info.outputs.size();
  const Confusion confusion(labels_of(set), answers_of(outputs, classes), classes);
  json recalls = json::object();
  for (std::size_t c = 0; c < classes; ++c) {
    const std::optional<double> recall = confusion.recall(c);
    if (!recall) continue;
    recalls[info.outputs[c]] = *recall;
    if (!say) continue;
    console.say(format("  %-14s %6zu windows, %6.2f %% right", info.outputs[c].c_str(),
                       confusion.occurrences(c), 100 * *recall));
  }
  return recalls;
}

}  // namespace

void eval_recordings(const std::string& model_path, const std::string& path,
                     const std::string& subset, bool per_class, const std::string& answers,
                     const Console& console) {
  if (!answers.empty()) {
    require_writable(answers);
    require_other_file(answers, model_path);
    require_other_file(answers, path);
  }
  RecordedModel model(model_path);
  const RecordingInfo& info = model.info();
  if (per_class && info.regress()) {
    throw Error("--per-class", "is for classifiers; " + model_path + " predicts numbers");
  }
  const Recordings data = load_for(info, path);
  const WindowSet set = window_set(data, info, subset);
  const auto start = std::chrono::steady_clock::now();
  const std::vector<float> outputs = model.outputs(set.sequences);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  json result = measure(info, data, set, outputs);
  console.say(line_of(info, subset, result));
  if (!info.regress()) result["recalls"] = recalls_of(info, set, outputs, per_class, console);
  if (!answers.empty()) write_answers(answers, info, data, set, outputs);
  result["model"] = model_path;
  result["subset"] = subset;
  result["seconds"] = seconds;
  console.result(result);
}

}  // namespace rondo::tool
