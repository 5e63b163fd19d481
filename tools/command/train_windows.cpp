// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See train_windows.hpp.
#include "command/train_windows.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include <rondo/crc32.hpp>

#include "base/error.hpp"
#include "command/classifier.hpp"
#include "command/fold.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

NetShape shape_for(const ClassifyOptions& o, const RecordingInfo& info) {
  NetShape shape;
  shape.cell = o.cell;
  shape.input = InputKind::reals;
  shape.inputs = info.features.size();
  shape.hidden = o.hidden;
  shape.layers = o.layers;
  shape.head = Head::last_step;
  shape.loss = info.regress() ? Loss::squared : Loss::cross_entropy;
  shape.outputs = info.outputs.size();
  shape.dropout = o.dropout;
  shape.bidirectional = o.bidirectional;
  return shape;
}

json settings_json(const ClassifyOptions& o, const RecordingInfo& info) {
  json settings = settings_of(o);
  for (const char* const of_names : {"late_start", "token_dropout"}) settings.erase(of_names);
  settings["window"] = info.window;
  settings["hop"] = info.hop;
  settings["horizon"] = info.horizon;
  return settings;
}

// Going on from the sum of what came before.
std::uint32_t crc_of(const std::vector<float>& numbers, std::uint32_t before) {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(numbers.data());
  return crc32(bytes, numbers.size() * sizeof(float), before);
}

class WindowsTask : public TrainingTask {
 public:
  WindowsTask(const RecordingOptions& options, const PreparedRecordings& data)
      : o_(options.training),
        data_(data),
        train_(window_set(data.normalized, data.info, "train")),
        valid_(window_set(data.normalized, data.info, "valid")),
        trainer_({.shape = shape_for(o_, data.info),
                  .optimizer = {o_.optimizer, o_.weight_decay, o_.clip},
                  .initialization = o_.init,
                  .seed = o_.seed,
                  .threads = o_.threads}),
        sampler_(labels_of(train_), data.info.regress() ? 1 : data.info.outputs.size(), o_.sampling,
                 o_.batch, o_.seed) {}

  void start_epoch(std::size_t epoch) override { sampler_.start_epoch(epoch); }
  bool pick() override { return sampler_.next(picked_); }
  TrainingBatch batch() override {
    batch_.clear();
    for (const std::size_t i : picked_) batch_.push_back(train_.sequences[i]);
    return {batch_, static_cast<double>(batch_.size()), batch_.size()};
  }
  double measure(json& line) override {
    const json valid = validate();
    line["valid"] = valid;
    if (data_.info.regress()) return -valid["loss"].get<double>();  // targets weigh alike
    return valid[o_.sampling == Sampling::natural ? "accuracy" : "balanced_accuracy"].get<double>();
  }
  Trainer::Largest largest() const override {
    return {longest(train_), std::min(o_.batch, train_.sequences.size()), longest(valid_),
            valid_.sequences.size()};
  }

  // Of the whole run.
  std::uint64_t updates() const {
    if (o_.iterations > 0) return o_.iterations;
    const std::size_t batches = (train_.sequences.size() + o_.batch - 1) / o_.batch;
    const std::size_t updates = o_.epochs * batches;
    return o_.epochs == ClassifyOptions().epochs ? std::max(updates, k_least_updates) : updates;
  }
  std::size_t windows() const { return train_.sequences.size(); }
  Trainer& trainer() { return trainer_; }

  // What a run must have in common with the one that it goes on with.
  json identity() const {
    json identity = settings_json(o_, data_.info);
    identity["features"] = data_.info.features;
    identity["outputs"] = data_.info.outputs;
    std::uint32_t sum = 0;
    for (const Recording& recording : data_.raw.list) {
      sum = crc_of(recording.features, crc_of(recording.targets, sum ^ recording.label));
    }
    identity["data"] = sum;
    return identity;
  }

  // After training: raw numbers in, raw numbers out.
  json measure_raw(const std::string& subset) {
    const WindowSet set = window_set(data_.raw, data_.info, subset);
    const std::vector<float> outputs = outputs_of(trainer_, set.sequences);
    json figures = ::rondo::tool::measure(data_.info, data_.raw, set, outputs);
    if (subset == "test" && !data_.info.regress()) {
      confusion_ = confusion_of(labels_of(set), outputs);
    }
    return figures;
  }
  const json& confusion() const { return confusion_; }  // of the test side

 private:
  static Sequence longest(const WindowSet& set) {
    return *std::max_element(
        set.sequences.begin(), set.sequences.end(),
        [](const Sequence& a, const Sequence& b) { return a.reals.size() < b.reals.size(); });
  }

  // Figures of the validation side in raw numbers, though the network's are still normalized.
  json validate() {
    std::vector<float> outputs = outputs_of(trainer_, valid_.sequences);
    for (std::size_t i = 0; data_.info.regress() && i < outputs.size(); ++i) {
      const std::size_t o = i % data_.info.outputs.size();
      const double raw = outputs[i] * data_.targets.deviation[o] + data_.targets.mean[o];
      outputs[i] = static_cast<float>(raw);
    }
    const double loss = trainer_.evaluate(valid_.sequences);
    json figures = ::rondo::tool::measure(data_.info, data_.raw, valid_, outputs);
    figures["loss"] = loss;
    return figures;
  }

  // (classes, classes) counts: rows are the true class.
  json confusion_of(const std::vector<std::uint32_t>& labels,
                    std::span<const float> outputs) const {
    const std::size_t classes = data_.info.outputs.size();
    const Confusion confusion(labels, answers_of(outputs, classes), classes);
    json rows = json::array();
    for (std::size_t label = 0; label < classes; ++label) {
      rows.push_back(json::array());
      for (std::size_t k = 0; k < classes; ++k) rows.back().push_back(confusion.count(label, k));
    }
    return rows;
  }

  const ClassifyOptions& o_;
  const PreparedRecordings& data_;
  WindowSet train_;  // normalized
  WindowSet valid_;  // normalized
  Trainer trainer_;
  Sampler sampler_;
  json confusion_;
  std::vector<std::size_t> picked_;
  std::vector<Sequence> batch_;
};

RunOptions run_options(const ClassifyOptions& o, const WindowsTask& task) {
  RunOptions run = run_options_of(o);
  run.updates = task.updates();
  run.unit = "windows";
  run.units = run.updates * std::min(o.batch, task.windows());
  return run;
}

void say_ignored(const PreparedRecordings& data, const Console& console) {
  for (std::size_t i = 0; i < data.info.features.size(); ++i) {
    if (data.features.deviation[i] > 0) continue;
    console.say("feature " + data.info.features[i] +
                " is the same number on the whole training side: it is ignored");
  }
}

}  // namespace

void require_sensible(const RecordingOptions& options) {
  const ClassifyOptions& o = options.training;
  // A negative number arrives here as a huge one.
  constexpr std::size_t k_most = 1000000;
  const auto require = [](const char* option, std::size_t value, std::size_t least,
                          std::size_t most) {
    if (value >= least && value <= most) return;
    throw Error(option, "must be " + std::to_string(least) + " to " + std::to_string(most));
  };
  require("--window", options.window, 0, k_most);
  require("--hop", options.hop, 0, k_most);
  require("--horizon", options.horizon, 0, k_most);
  require("--epochs", o.epochs, 1, k_most);
  require("--batch", o.batch, 1, k_most);
  require("--iterations", o.iterations, 0, k_most * 1000);
  require("--patience", o.patience, 0, k_most);
  require("--threads", o.threads, 1, 64);
  if (!(o.save_every >= 0)) throw Error("--save-every", "must be 0 or more");
  if (!(o.rate > 0) || !std::isfinite(o.rate)) throw Error("--lr", "must be greater than 0");
  if (!(o.clip >= 0) || !(o.weight_decay >= 0) || !std::isfinite(o.clip + o.weight_decay)) {
    throw Error("--clip, --weight-decay", "must be 0 or more");
  }
  require_outputs(o.out, o.log, o.data);
}

void train_windows(const RecordingOptions& options, const PreparedRecordings& data,
                   const Console& console) {
  const ClassifyOptions& o = options.training;
  WindowsTask task(options, data);
  Trainer& trainer = task.trainer();
  const json settings = settings_json(o, data.info);
  TrainingRun run(run_options(o, task), trainer, task, task.identity(),
                  {{"settings", settings}, {"windows", task.windows()}});
  run.train();
  fold(trainer.network(), data.features, data.targets, trainer.parameters());
  json result = {{"checkpoint", o.out},
                 {"test", task.measure_raw("test")},
                 {"valid", task.measure_raw("valid")},
                 {"train", task.measure_raw("train")},
                 {"window", data.info.window},
                 {"hop", data.info.hop},
                 {"horizon", data.info.horizon},
                 {"features", data.info.features},
                 {"outputs", data.info.outputs},
                 {"kept_epoch", run.kept_epoch()},
                 {"seconds", run.seconds()},
                 {"memory", run.memory()},
                 {"windows_per_second", run.units_per_second()}};
  Checkpoint checkpoint;
  checkpoint.task = data.info.task;
  checkpoint.shape = trainer.shape();
  checkpoint.classes = data.info.outputs;
  checkpoint.recording = to_json(data.info);
  checkpoint.training = settings;
  checkpoint.training["kept_epoch"] = run.kept_epoch();
  for (const char* const side : {"test", "valid"}) checkpoint.training[side] = result[side];
  checkpoint.tensors = trainer.save();
  json end = result;
  if (!data.info.regress()) {
    end["classes"] = data.info.outputs;
    end["confusion"] = task.confusion();
  }
  run.finish(end, checkpoint);
  console.say(format("%s: %.0f s, %.0f windows/s, parameters of epoch %zu", o.out.c_str(),
                     run.seconds(), run.units_per_second(), run.kept_epoch()));
  for (const char* const side : {"test", "valid", "train"}) {
    console.say(line_of(data.info, side, result[side]));
  }
  say_ignored(data, console);
  console.result(result);
}

}  // namespace rondo::tool
