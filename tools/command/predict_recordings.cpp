// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo predict of models that read recordings: a row of CSV for each window.
#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/classifier.hpp"
#include "command/recorded_model.hpp"
#include "command/recordings.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

// Of softmax, of the answer.
double probability_of(std::span<const float> logits, std::size_t answer) {
  double sum = 0;
  for (const float logit : logits) sum += std::exp(double{logit} - logits[answer]);
  return 1 / sum;
}

// Every window that is there: the answer to the last may stand beyond the end of the file.
WindowSet all_windows(const Recordings& data, const RecordingInfo& info) {
  Windowing how = info.windowing();
  how.horizon = 0;
  WindowSet set;
  set.windows = windows_of(data, std::nullopt, how);
  for (const Window& window : set.windows) {
    set.sequences.push_back({.tokens = {}, .reals = features_of(data, window), .targets = {}});
  }
  if (!set.windows.empty()) return set;
  throw Error(data.source.string(),
              "has no sequence of " + std::to_string(info.window) + " rows, which the model reads");
}

}  // namespace

void predict_recordings(const std::string& model_path, const std::string& input,
                        const std::string& output, const Console& console) {
  if (input.empty()) {
    throw Error("--input", "is missing: " + model_path + " reads recordings, not texts",
                "give a CSV file with the columns it was trained on");
  }
  if (!output.empty()) {
    require_writable(output);
    require_other_file(output, model_path);
    require_other_file(output, input);
  }
  RecordedModel model(model_path);
  const RecordingInfo& info = model.info();
  const Recordings data = load_series(input, {Columns::Need::features, info.features, {}});
  const WindowSet set = all_windows(data, info);
  const std::vector<float> outputs = model.outputs(set.sequences);
  const std::size_t width = info.outputs.size();
  std::string text = "sequence,row";
  if (info.regress()) {
    for (const std::string& name : info.outputs) text += ',' + csv_field(name);
  } else {
    text += ",class,probability";
  }
  text += '\n';
  json predictions = json::array();
  for (std::size_t b = 0; b < set.windows.size(); ++b) {
    const Window& window = set.windows[b];
    const std::string& id = data.list[window.recording].id;
    const std::size_t row = window.first + window.steps;
    const auto y = std::span(outputs).subspan(b * width, width);
    text += csv_field(id) + ',' + std::to_string(row);
    json prediction = {{"sequence", id}, {"row", row}};
    if (info.regress()) {
      for (std::size_t o = 0; o < width; ++o) text += format(",%.9g", double{y[o]});
      prediction["values"] = y;
    } else {
      const std::size_t answer = answers_of(y, width)[0];
      const double p = probability_of(y, answer);
      text += ',' + csv_field(info.outputs[answer]) + format(",%.6f", p);
      prediction["class"] = info.outputs[answer];
      prediction["probability"] = p;
    }
    text += '\n';
    predictions.push_back(std::move(prediction));
  }
  if (output.empty()) {
    console.say(text.substr(0, text.size() - 1));
  } else {
    write_whole(output, text);
    console.say(output + ": " + grouped(set.windows.size()) + " predictions");
  }
  json result = {{"model", model_path}, {"outputs", info.outputs}, {"horizon", info.horizon}};
  if (output.empty()) {
    result["predictions"] = predictions;
  } else {
    result["output"] = output;
    result["count"] = set.windows.size();
  }
  console.result(result);
}

}  // namespace rondo::tool
