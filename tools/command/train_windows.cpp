// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See train_windows.hpp.
#include "command/train_windows.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/classifier.hpp"
#include "command/fold.hpp"
#include "report/progress.hpp"

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

// The parameters to keep: those of the last epoch, with patience those of the best so far.
struct Kept {
  std::vector<float> parameters;
  double merit = -INFINITY;
  std::size_t epoch = 0;
};

class Run {
 public:
  Run(const RecordingOptions& options, const PreparedRecordings& data)
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
                 o_.batch, o_.seed),
        updates_(updates()),
        progress_(updates_ * std::min(o_.batch, train_.sequences.size()), "windows"),
        log_(o_.log) {}

  void train() {
    log_.write({{"event", "start"},
                {"settings", settings_json(o_, data_.info)},
                {"windows", train_.sequences.size()}});
    for (std::size_t epoch = 1; trainer_.updates() < updates_; ++epoch) {
      const double loss = train_epoch();
      if (!keep_or_stop(epoch, loss)) break;
      sampler_.start_epoch();
    }
    std::copy(kept_.parameters.begin(), kept_.parameters.end(), trainer_.parameters().begin());
    fold(trainer_.network(), data_.features, data_.targets, trainer_.parameters());
  }

  // After training: raw numbers in, raw numbers out.
  json measure_raw(const std::string& subset) {
    const WindowSet set = window_set(data_.raw, data_.info, subset);
    const std::vector<float> outputs = outputs_of(trainer_, set.sequences);
    json figures = measure(data_.info, data_.raw, set, outputs);
    if (subset == "test" && !data_.info.regress()) {
      confusion_ = confusion_of(labels_of(set), outputs);
    }
    return figures;
  }

  Checkpoint checkpoint(const json& result) {
    Checkpoint checkpoint;
    checkpoint.task = data_.info.task;
    checkpoint.shape = trainer_.shape();
    checkpoint.classes = data_.info.outputs;
    checkpoint.recording = to_json(data_.info);
    checkpoint.training = settings_json(o_, data_.info);
    checkpoint.training["kept_epoch"] = kept_.epoch;
    for (const char* const side : {"test", "valid"}) checkpoint.training[side] = result[side];
    checkpoint.tensors = trainer_.save();
    return checkpoint;
  }

  void finish(json result) {
    result["event"] = "end";
    if (!data_.info.regress()) {
      result["classes"] = data_.info.outputs;
      result["confusion"] = confusion_;
    }
    log_.write(result);
    progress_.close();
  }

  double seconds() const { return progress_.seconds(); }
  double windows_per_second() const { return static_cast<double>(seen_) / train_seconds_; }
  std::size_t kept_epoch() const { return kept_.epoch; }
  std::size_t windows() const { return train_.sequences.size(); }

 private:
  std::uint64_t updates() const {
    if (o_.iterations > 0) return o_.iterations;
    const std::size_t batches = (train_.sequences.size() + o_.batch - 1) / o_.batch;
    const std::size_t updates = o_.epochs * batches;
    return o_.epochs == ClassifyOptions().epochs ? std::max(updates, k_least_updates) : updates;
  }

  double train_epoch() {
    const double start = progress_.seconds();
    double sum = 0;
    std::size_t windows = 0;
    while (trainer_.updates() < updates_ && sampler_.next(picked_)) {
      batch_.clear();
      for (const std::size_t i : picked_) batch_.push_back(train_.sequences[i]);
      const double rate = scheduled_rate(o_.schedule, o_.rate, trainer_.updates(), updates_);
      const double loss = trainer_.train_batch(batch_, rate);
      sum += loss * static_cast<double>(batch_.size());
      windows += batch_.size();
      progress_.update(seen_ + windows, format("loss %.4f", sum / static_cast<double>(windows)));
    }
    seen_ += windows;
    train_seconds_ += progress_.seconds() - start;
    return sum / static_cast<double>(windows);
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
    json figures = measure(data_.info, data_.raw, valid_, outputs);
    figures["loss"] = loss;
    return figures;
  }

  double merit_of(const json& valid) const {
    if (data_.info.regress()) return -valid["loss"].get<double>();  // targets weigh alike
    return valid[o_.sampling == Sampling::natural ? "accuracy" : "balanced_accuracy"].get<double>();
  }

  // False where patience is at its end.
  bool keep_or_stop(std::size_t epoch, double loss) {
    const json valid = validate();
    if (merit_of(valid) > kept_.merit || o_.patience == 0) {
      kept_.merit = merit_of(valid);
      kept_.epoch = epoch;
      kept_.parameters.assign(trainer_.parameters().begin(), trainer_.parameters().end());
    }
    log_.write({{"event", "epoch"},
                {"epoch", epoch},
                {"loss", loss},
                {"valid", valid},
                {"gradient_norm", trainer_.gradient_norm()},
                {"seconds", progress_.seconds()}});
    return o_.patience == 0 || epoch - kept_.epoch < o_.patience;
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
  std::uint64_t updates_;  // of the whole run
  Progress progress_;
  RunLog log_;
  Kept kept_;
  json confusion_;
  std::vector<std::size_t> picked_;
  std::vector<Sequence> batch_;
  std::size_t seen_ = 0;
  double train_seconds_ = 0;
};

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
  if (o.resume) {
    throw Error("--resume", "is for names and texts; runs on recordings cannot go on yet",
                "leave it out to start anew");
  }
  if (!(o.rate > 0) || !std::isfinite(o.rate)) throw Error("--lr", "must be greater than 0");
  if (!(o.clip >= 0) || !(o.weight_decay >= 0) || !std::isfinite(o.clip + o.weight_decay)) {
    throw Error("--clip, --weight-decay", "must be 0 or more");
  }
  require_writable(o.out);
  require_other_file(o.out, o.data);
  if (o.log.empty()) return;
  require_writable(o.log);
  require_other_file(o.log, o.data);
  if (std::filesystem::absolute(o.log) == std::filesystem::absolute(o.out)) {
    throw Error("--log", "is the same file as --out", "name another");
  }
}

void train_windows(const RecordingOptions& options, const PreparedRecordings& data,
                   const Console& console) {
  Run run(options, data);
  run.train();
  json result = {
      {"checkpoint", options.training.out}, {"test", run.measure_raw("test")},
      {"valid", run.measure_raw("valid")},  {"train", run.measure_raw("train")},
      {"window", data.info.window},         {"hop", data.info.hop},
      {"horizon", data.info.horizon},       {"features", data.info.features},
      {"outputs", data.info.outputs},       {"kept_epoch", run.kept_epoch()},
      {"seconds", run.seconds()},           {"windows_per_second", run.windows_per_second()}};
  write_checkpoint(options.training.out, run.checkpoint(result));
  run.finish(result);
  console.say(format("%s: %.0f s, %.0f windows/s, parameters of epoch %zu",
                     options.training.out.c_str(), run.seconds(), run.windows_per_second(),
                     run.kept_epoch()));
  for (const char* const side : {"test", "valid", "train"}) {
    console.say(line_of(data.info, side, result[side]));
  }
  say_ignored(data, console);
  console.result(result);
}

}  // namespace rondo::tool
