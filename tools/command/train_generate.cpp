// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "command/train_generate.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>

#include <rondo/crc32.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/classifier.hpp"
#include "command/name_generator.hpp"
#include "report/progress.hpp"
#include "train/snapshot.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

NetShape shape_for(const ClassifyOptions& o, std::size_t classes) {
  const bool classroom = o.cell == CellKind::classroom;
  NetShape shape = generator_shape(classroom ? CellKind::generator : o.cell, classes);
  shape.hidden = o.hidden;
  shape.layers = o.layers;
  shape.dropout = o.dropout;
  return shape;
}

// The parameters to keep: those of the last epoch, with patience those of the best so far.
struct Kept {
  std::vector<float> parameters;
  double loss = std::numeric_limits<double>::infinity();
  std::size_t epoch = 0;
};

class Run {
 public:
  Run(const ClassifyOptions& options, const NamesData& data)
      : o_(options),
        data_(data),
        trainer_({.shape = shape_for(options, data.classes.size()),
                  .optimizer = {options.optimizer, options.weight_decay, options.clip},
                  .initialization = options.init,
                  .seed = options.seed,
                  .threads = options.threads}),
        names_(spell(data, data.training_lines(), trainer_.shape().cell)),
        valid_(spell(data, places_of(data, "valid"), trainer_.shape().cell)),
        sampler_(labels(), data.classes.size(), options.sampling, options.batch, options.seed),
        updates_(options.iterations > 0 ? options.iterations : options.epochs * batches()),
        progress_(options.iterations > 0 ? options.iterations * options.batch
                                         : options.epochs * names_.size(),
                  "names"),
        log_(options.log),
        snapshots_(options.out, identity(), options.save_every, options.resume) {}

  Checkpoint train() {
    std::size_t epoch = 0;
    if (const auto before = snapshots_.restore(trainer_, kept_.parameters)) {
      epoch = go_on_from(*before);
    } else {
      log_.write({{"event", "start"}, {"settings", settings_of(o_)}, {"names", names_.size()}});
    }
    while (trainer_.updates() < updates_) {
      const double loss = train_epoch();
      if (!keep_or_stop(++epoch, loss)) break;
      snapshots_.offer(trainer_, kept_.parameters, state_after(epoch));
      sampler_.start_epoch();
    }
    std::copy(kept_.parameters.begin(), kept_.parameters.end(), trainer_.parameters().begin());
    Checkpoint checkpoint = generator_checkpoint(trainer_.shape(), data_.classes);
    checkpoint.training = settings_of(o_);
    checkpoint.training["kept_epoch"] = kept_.epoch;
    checkpoint.tensors = trainer_.save();
    return checkpoint;
  }

  double seconds() const { return seconds_before_ + progress_.seconds(); }
  double names_per_second() const { return static_cast<double>(seen_) / train_seconds_; }
  std::size_t kept_epoch() const { return kept_.epoch; }
  // Before the checkpoint is written: where that stands, the log is complete.
  void log_end(json result) {
    result["event"] = "end";
    log_.write(result);
    progress_.close();
  }
  void remove_snapshot() const { snapshots_.remove(); }

 private:
  std::vector<std::uint32_t> labels() const {
    std::vector<std::uint32_t> labels;
    for (const SpelledName& name : names_) labels.push_back(name.label);
    return labels;
  }
  // Of an epoch.
  std::size_t batches() const { return (names_.size() + o_.batch - 1) / o_.batch; }

  // What a run must have in common with the one that it goes on with.
  json identity() const {
    std::string text;
    for (const NameLine& line : data_.lines) {
      text += line.text + '\n' + data_.classes[line.label] + '\n';
    }
    json identity = settings_of(o_);
    identity["data"] = crc32(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    return identity;
  }

  // What the next epoch depends on besides the trainer and what is kept.
  json state_after(std::size_t epoch) const {
    return {{"epoch", epoch},     {"kept_epoch", kept_.epoch}, {"kept_loss", kept_.loss},
            {"seen", seen_},      {"seconds", seconds()},      {"train_seconds", train_seconds_},
            {"log", log_.lines()}};
  }
  std::size_t go_on_from(const json& state) {
    const auto epoch = state.at("epoch").get<std::size_t>();
    kept_.epoch = state.at("kept_epoch").get<std::size_t>();
    kept_.loss = state.at("kept_loss").get<double>();
    seen_ = state.at("seen").get<std::size_t>();
    seconds_before_ = state.at("seconds").get<double>();
    train_seconds_ = state.at("train_seconds").get<double>();
    log_.restore(state.at("log"));
    sampler_.start_epoch(epoch);
    return epoch;
  }

  // The mean loss of a letter.
  double train_epoch() {
    const double start = progress_.seconds();
    double sum = 0;
    std::size_t letters = 0;
    while (trainer_.updates() < updates_ && sampler_.next(picked_)) {
      batch_.clear();
      std::size_t of_batch = 0;
      for (const std::size_t i : picked_) {
        batch_.push_back(names_[i].sequence());
        of_batch += names_[i].targets.size();
      }
      const double rate = scheduled_rate(o_.schedule, o_.rate, trainer_.updates(), updates_);
      sum += trainer_.train_batch(batch_, rate) * static_cast<double>(of_batch);
      letters += of_batch;
      seen_ += batch_.size();
      progress_.update(seen_, format("loss %.4f", sum / static_cast<double>(letters)));
    }
    train_seconds_ += progress_.seconds() - start;
    return sum / static_cast<double>(letters);
  }

  // False where patience is at its end.
  bool keep_or_stop(std::size_t epoch, double loss) {
    batch_.clear();
    for (const SpelledName& name : valid_) batch_.push_back(name.sequence());
    const double valid = trainer_.evaluate(batch_);
    if (valid < kept_.loss || o_.patience == 0) {
      kept_.loss = valid;
      kept_.epoch = epoch;
      kept_.parameters.assign(trainer_.parameters().begin(), trainer_.parameters().end());
    }
    log_.write({{"event", "epoch"},
                {"epoch", epoch},
                {"loss", loss},
                {"valid", {{"loss", valid}}},
                {"gradient_norm", trainer_.gradient_norm()},
                {"seconds", seconds()}});
    return o_.patience == 0 || epoch - kept_.epoch < o_.patience;
  }

  const ClassifyOptions& o_;
  const NamesData& data_;
  Trainer trainer_;
  std::vector<SpelledName> names_;
  std::vector<SpelledName> valid_;
  Sampler sampler_;
  std::uint64_t updates_;  // of the whole run
  Progress progress_;
  RunLog log_;
  Snapshots snapshots_;
  Kept kept_;
  std::vector<std::size_t> picked_;
  std::vector<Sequence> batch_;
  std::size_t seen_ = 0;  // names
  double train_seconds_ = 0;
  double seconds_before_ = 0;  // of the run that this one goes on with
};

void require_generator(const ClassifyOptions& o) {
  require_sensible(o);
  if (o.bidirectional) {
    throw Error("--bidirectional", "a generator cannot read what it has not written yet",
                "leave it out");
  }
  require_writable(o.out);
  if (o.log.empty()) return;
  require_writable(o.log);
  if (std::filesystem::absolute(o.log) == std::filesystem::absolute(o.out)) {
    throw Error("--log", "is the same file as --out", "name another");
  }
}

}  // namespace

ClassifyOptions generate_defaults() {
  ClassifyOptions o;
  o.augmentation = {};
  o.epochs = 30;
  return o;
}

void train_generate(const ClassifyOptions& options, const Console& console) {
  require_generator(options);
  const NamesData data = load_names(options.data, k_generator_letters);
  Run run(options, data);
  Checkpoint checkpoint = run.train();
  json result = {{"checkpoint", options.out},
                 {"kept_epoch", run.kept_epoch()},
                 {"seconds", run.seconds()},
                 {"names_per_second", run.names_per_second()}};
  std::string text =
      format("%s: %.0f s, %.0f names/s, parameters of epoch %zu\n", options.out.c_str(),
             run.seconds(), run.names_per_second(), run.kept_epoch());
  NameGenerator generator(checkpoint, options.out);
  for (const char* const side : {"test", "valid", "train"}) {
    const std::vector<SpelledName> names =
        spell(data, places_of(data, side), checkpoint.shape.cell);
    const TextFigures figures = generator.measure(names);
    text += line_of_letters(side, names.size(), figures);
    result[side] = checkpoint.training[side] = to_json(figures);
  }
  run.log_end(result);
  write_checkpoint(options.out, checkpoint);
  run.remove_snapshot();
  console.say(text + "a letter: any of a name, and the mark of its end");
  console.result(result);
}

}  // namespace rondo::tool
