// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "command/train_classify.hpp"

#include <algorithm>

#include <rondo/crc32.hpp>

#include "base/random.hpp"
#include "command/classifier.hpp"
#include "command/logit_adjust.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

class NamesTask : public TrainingTask {
 public:
  NamesTask(const ClassifyOptions& options, const NamesData& data)
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
        random_(~options.seed) {}  // not the sampler's numbers

  void start_epoch(std::size_t epoch) override { sampler_.start_epoch(epoch); }
  bool pick() override { return sampler_.next(picked_); }
  TrainingBatch batch() override {
    const auto nothing = static_cast<std::uint32_t>(data_.alphabet.size());
    batch_.clear();
    changed_.resize(o_.batch);
    for (const std::size_t i : picked_) {
      const NameLine& line = data_.lines[places_[i]];
      std::vector<std::uint32_t>& tokens = changed_[batch_.size()];
      augment(line.tokens, o_.augmentation, nothing, random_, tokens);
      batch_.push_back({.tokens = tokens, .reals = {}, .targets = {&line.label, 1}});
    }
    return {batch_, static_cast<double>(batch_.size()), batch_.size()};
  }
  double measure(json& line) override {
    const Figures valid = measure(valid_);
    line["valid"] = to_json(valid);
    return o_.sampling == Sampling::natural ? valid.accuracy : valid.balanced_accuracy;
  }
  Trainer::Largest largest() const override {
    const auto longest = std::max_element(
        data_.lines.begin(), data_.lines.end(),
        [](const NameLine& a, const NameLine& b) { return a.tokens.size() < b.tokens.size(); });
    const Sequence name = {.tokens = longest->tokens, .reals = {}, .targets = {&longest->label, 1}};
    return {name, std::min(o_.batch, places_.size()), name, valid_.sequences.size()};
  }
  json state() const override { return {{"random", random_.text()}}; }
  void restore(const json& state) override {
    random_.restore(state.at("random").get<std::string>());
  }

  Trainer& trainer() { return trainer_; }
  std::size_t names() const { return places_.size(); }
  Figures test() { return measure(test_); }
  Figures valid() { return measure(valid_); }
  Figures pool() { return measure(subset_of(data_, "train")); }

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

  // Of the training names.
  std::vector<std::uint32_t> labels() const {
    std::vector<std::uint32_t> labels;
    for (const std::size_t place : places_) labels.push_back(data_.lines[place].label);
    return labels;
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

 private:
  Figures measure(const Subset& subset) {
    return figures_of(logits_of(trainer_, subset.sequences), subset, data_.classes.size());
  }

  const ClassifyOptions& o_;
  const NamesData& data_;
  std::vector<std::size_t> places_;
  Subset valid_;
  Subset test_;
  Trainer trainer_;
  Sampler sampler_;
  Random random_;  // of the augmentation
  std::vector<std::size_t> picked_;
  std::vector<std::vector<std::uint32_t>> changed_;  // the names of the batch, augmented
  std::vector<Sequence> batch_;
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
  require_outputs(options.out, options.log, options.data);
  const NamesData data = load_names(options.data);
  NamesTask task(options, data);
  TrainingRun run(run_options_of(options, task.names()), task.trainer(), task, task.identity(),
                  {{"settings", settings_of(options)}, {"names", task.names()}});
  run.train();
  if (options.logit_adjust > 0) {
    adjust_scores(task.trainer(), task.labels(), options.logit_adjust);
  }
  const Figures test = task.test(), valid = task.valid(), pool = task.pool();
  json result = {{"checkpoint", options.out},      {"test", to_json(test)},
                 {"valid", to_json(valid)},        {"pool", to_json(pool)},
                 {"kept_epoch", run.kept_epoch()}, {"seconds", run.seconds()},
                 {"memory", run.memory()},         {"names_per_second", run.units_per_second()}};
  Checkpoint checkpoint;
  checkpoint.shape = task.trainer().shape();
  checkpoint.classes = data.classes;
  checkpoint.alphabet = data.alphabet.symbols();
  checkpoint.training = settings_of(options);
  checkpoint.training["kept_epoch"] = run.kept_epoch();
  for (const char* const side : {"test", "valid", "pool"}) checkpoint.training[side] = result[side];
  checkpoint.tensors = task.trainer().save();
  json end = result;
  end["classes"] = data.classes;
  end["confusion"] = task.confusion_of_test();
  run.finish(end, checkpoint);
  console.say(format("%s: %.0f s, %.0f names/s, parameters of epoch %zu\n", options.out.c_str(),
                     run.seconds(), run.units_per_second(), run.kept_epoch()) +
              table_of(test, valid, pool));
  console.result(result);
}

}  // namespace rondo::tool
