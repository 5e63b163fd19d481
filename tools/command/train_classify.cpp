// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "command/train_classify.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <sstream>

#include <rondo/crc32.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/classifier.hpp"
#include "command/logit_adjust.hpp"
#include "report/progress.hpp"
#include "train/fake_quantize.hpp"
#include "train/snapshot.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

// The parameters to keep: those of the last epoch, with patience those of the best so far.
struct Kept {
  std::vector<float> parameters;
  double figure = -1;
  std::size_t epoch = 0;
};

class Run {
 public:
  Run(const ClassifyOptions& options, const NamesData& data)
      : o_(options),
        data_(data),
        places_(data.training_lines()),
        valid_(subset_of(data, "valid")),
        test_(subset_of(data, "test")),
        trainer_({.shape = shape_for(options, data),
                  .optimizer = {options.optimizer, options.weight_decay, options.clip},
                  .initialization = options.init,
                  .seed = options.seed,
                  .threads = options.threads}),
        sampler_(labels(), data.classes.size(), options.sampling, options.batch, options.seed),
        random_(~options.seed),  // not the sampler's numbers
        updates_(options.iterations > 0 ? options.iterations : options.epochs * batches()),
        progress_(options.iterations > 0 ? options.iterations * options.batch
                                         : options.epochs * places_.size(),
                  "names"),
        log_(options.log),
        snapshots_(options.out, identity(), options.save_every, options.resume) {}

  Checkpoint train() {
    std::size_t epoch = 0;
    if (const auto before = snapshots_.restore(trainer_, kept_.parameters)) {
      epoch = go_on_from(*before);
    } else {
      log_.write({{"event", "start"}, {"settings", settings_of(o_)}, {"names", places_.size()}});
    }
    while (trainer_.updates() < updates_) {
      const double loss = train_epoch();
      if (!keep_or_stop(++epoch, loss)) break;
      snapshots_.offer(trainer_, kept_.parameters, state_after(epoch));
      sampler_.start_epoch();
    }
    std::copy(kept_.parameters.begin(), kept_.parameters.end(), trainer_.parameters().begin());
    if (o_.logit_adjust > 0) adjust_scores(trainer_, labels(), o_.logit_adjust);
    Checkpoint checkpoint;
    checkpoint.shape = trainer_.shape();
    checkpoint.classes = data_.classes;
    checkpoint.alphabet = data_.alphabet.symbols();
    checkpoint.training = settings_of(o_);
    checkpoint.training["kept_epoch"] = kept_.epoch;
    checkpoint.tensors = trainer_.save();
    return checkpoint;
  }

  Figures test() { return measure(test_); }
  Figures valid() { return measure(valid_); }
  Figures pool() { return measure(subset_of(data_, "train")); }
  double seconds() const { return seconds_before_ + progress_.seconds(); }
  double names_per_second() const { return static_cast<double>(seen_) / train_seconds_; }
  std::size_t kept_epoch() const { return kept_.epoch; }
  // Before the checkpoint is written: where that stands, the log is complete.
  void log_end(json result) {
    result["event"] = "end";
    result["classes"] = data_.classes;
    result["confusion"] = confusion_of_test();
    log_.write(result);
    progress_.close();
  }

  void remove_snapshot() const { snapshots_.remove(); }

 private:
  std::vector<std::uint32_t> labels() const {
    std::vector<std::uint32_t> labels;
    for (const std::size_t place : places_) labels.push_back(data_.lines[place].label);
    return labels;
  }

  Figures measure(const Subset& subset) {
    return figures_of(logits_of(trainer_, subset.sequences), subset, data_.classes.size());
  }

  // What a run must have in common with the one that it goes on with.
  json identity() const {
    json identity = settings_of(o_);
    std::vector<std::uint8_t> bytes;
    for (const NameLine& line : data_.lines) {
      for (const std::uint32_t token : line.tokens)
        bytes.push_back(static_cast<std::uint8_t>(token));
      bytes.push_back(static_cast<std::uint8_t>(data_.alphabet.size() + line.label));
    }
    identity["data"] = crc32(bytes.data(), bytes.size());
    return identity;
  }

  // What the next epoch depends on besides the trainer and what is kept.
  json state_after(std::size_t epoch) const {
    std::ostringstream random;
    random << random_.engine();
    return {
        {"epoch", epoch},         {"kept_epoch", kept_.epoch}, {"kept_figure", kept_.figure},
        {"seen", seen_},          {"seconds", seconds()},      {"train_seconds", train_seconds_},
        {"random", random.str()}, {"log", log_.lines()}};
  }
  std::size_t go_on_from(const json& state) {
    const auto epoch = state.at("epoch").get<std::size_t>();
    kept_.epoch = state.at("kept_epoch").get<std::size_t>();
    kept_.figure = state.at("kept_figure").get<double>();
    seen_ = state.at("seen").get<std::size_t>();
    seconds_before_ = state.at("seconds").get<double>();
    train_seconds_ = state.at("train_seconds").get<double>();
    std::istringstream(state.at("random").get<std::string>()) >> random_.engine();
    log_.restore(state.at("log"));
    sampler_.start_epoch(epoch);
    return epoch;
  }

  // (classes, classes) counts: rows are the true class.
  json confusion_of_test() {
    const std::size_t classes = data_.classes.size();
    const Confusion confusion(test_.labels,
                              answers_of(logits_of(trainer_, test_.sequences), classes), classes);
    json rows = json::array();
    for (std::size_t label = 0; label < classes; ++label) {
      json row = json::array();
      for (std::size_t k = 0; k < classes; ++k) row.push_back(confusion.count(label, k));
      rows.push_back(row);
    }
    return rows;
  }

  // Of an epoch.
  std::size_t batches() const { return (places_.size() + o_.batch - 1) / o_.batch; }

  double train_epoch() {
    const double start = progress_.seconds();
    double sum = 0;
    std::size_t names = 0;
    const auto nothing = static_cast<std::uint32_t>(data_.alphabet.size());
    while (trainer_.updates() < updates_ && sampler_.next(picked_)) {
      batch_.clear();
      changed_.resize(picked_.size());
      for (const std::size_t i : picked_) {
        const NameLine& line = data_.lines[places_[i]];
        std::vector<std::uint32_t>& tokens = changed_[batch_.size()];
        augment(line.tokens, o_.augmentation, nothing, random_, tokens);
        batch_.push_back({.tokens = tokens, .reals = {}, .targets = {&line.label, 1}});
      }
      trainer_.set_quantize_aware(o_.quantize_aware &&
                                  is_rounded_part(trainer_.updates(), updates_));
      const double rate = scheduled_rate(o_.schedule, o_.rate, trainer_.updates(), updates_);
      const double loss = trainer_.train_batch(batch_, rate);
      sum += loss * static_cast<double>(batch_.size());
      names += batch_.size();
      progress_.update(seen_ + names, format("loss %.4f", sum / static_cast<double>(names)));
    }
    seen_ += names;
    train_seconds_ += progress_.seconds() - start;
    return sum / static_cast<double>(names);
  }

  // False where patience is at its end.
  bool keep_or_stop(std::size_t epoch, double loss) {
    const Figures valid = measure(valid_);
    const double figure =
        o_.sampling == Sampling::natural ? valid.accuracy : valid.balanced_accuracy;
    if (figure > kept_.figure || o_.patience == 0) {
      kept_.figure = figure;
      kept_.epoch = epoch;
      kept_.parameters.assign(trainer_.parameters().begin(), trainer_.parameters().end());
    }
    log_.write({{"event", "epoch"},
                {"epoch", epoch},
                {"loss", loss},
                {"valid", to_json(valid)},
                {"gradient_norm", trainer_.gradient_norm()},
                {"seconds", seconds()}});
    return o_.patience == 0 || epoch - kept_.epoch < o_.patience;
  }

  const ClassifyOptions& o_;
  const NamesData& data_;
  std::vector<std::size_t> places_;
  Subset valid_;
  Subset test_;
  Trainer trainer_;
  Sampler sampler_;
  Random random_;          // of the augmentation
  std::uint64_t updates_;  // of the whole run
  Progress progress_;
  RunLog log_;
  Snapshots snapshots_;
  Kept kept_;
  std::vector<std::size_t> picked_;
  std::vector<std::vector<std::uint32_t>> changed_;  // the names of the batch, augmented
  std::vector<Sequence> batch_;
  std::size_t seen_ = 0;
  double train_seconds_ = 0;
  double seconds_before_ = 0;  // of the run that this one goes on with
};

std::string table_of(const Figures& test, const Figures& valid, const Figures& pool) {
  std::string text = "                        names    plain  balanced     loss\n";
  for (const auto& [name, f] : {std::pair{"test", test}, {"valid", valid}, {"pool", pool}}) {
    text += format("%-5s                %8s  %5.2f %%   %5.2f %%   %.4f\n", name,
                   grouped(f.count).c_str(), 100 * f.accuracy, 100 * f.balanced_accuracy, f.loss);
  }
  return text +
         "test and valid: each distinct name once; pool: the training lines, repeats and all";
}

}  // namespace

void train_classify(const ClassifyOptions& options, const Console& console) {
  require_sensible(options);
  require_writable(options.out);
  if (!options.log.empty()) {
    require_writable(options.log);
    if (std::filesystem::absolute(options.log) == std::filesystem::absolute(options.out)) {
      throw Error("--log", "is the same file as --out", "name another");
    }
  }
  const NamesData data = load_names(options.data);
  Run run(options, data);
  Checkpoint checkpoint = run.train();
  const Figures test = run.test(), valid = run.valid(), pool = run.pool();
  json result = {{"checkpoint", options.out},
                 {"test", to_json(test)},
                 {"valid", to_json(valid)},
                 {"pool", to_json(pool)},
                 {"kept_epoch", run.kept_epoch()},
                 {"seconds", run.seconds()},
                 {"names_per_second", run.names_per_second()}};
  for (const char* const side : {"test", "valid", "pool"}) checkpoint.training[side] = result[side];
  run.log_end(result);
  write_checkpoint(options.out, checkpoint);
  run.remove_snapshot();
  console.say(format("%s: %.0f s, %.0f names/s, parameters of epoch %zu\n", options.out.c_str(),
                     run.seconds(), run.names_per_second(), run.kept_epoch()) +
              table_of(test, valid, pool));
  console.result(result);
}

}  // namespace rondo::tool
