// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "command/train_generate.hpp"

#include <algorithm>

#include <rondo/crc32.hpp>

#include "command/classifier.hpp"
#include "command/name_generator.hpp"
#include "command/training_run.hpp"

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

class GeneratorTask : public TrainingTask {
 public:
  GeneratorTask(const ClassifyOptions& options, const NamesData& data)
      : o_(options),
        data_(data),
        trainer_({.shape = shape_for(options, data.classes.size()),
                  .optimizer = {options.optimizer, options.weight_decay, options.clip},
                  .initialization = options.init,
                  .seed = options.seed,
                  .threads = options.threads}),
        names_(spell(data, data.training_lines(), trainer_.shape().cell)),
        valid_(spell(data, places_of(data, "valid"), trainer_.shape().cell)),
        sampler_(labels(), data.classes.size(), options.sampling, options.batch, options.seed) {}

  void start_epoch(std::size_t epoch) override { sampler_.start_epoch(epoch); }
  bool pick() override { return sampler_.next(picked_); }
  // A letter weighs as much as any other.
  TrainingBatch batch() override {
    batch_.clear();
    std::size_t letters = 0;
    for (const std::size_t i : picked_) {
      batch_.push_back(names_[i].sequence());
      letters += names_[i].targets.size();
    }
    return {batch_, static_cast<double>(letters), batch_.size()};
  }
  double measure(json& line) override {
    batch_.clear();
    for (const SpelledName& name : valid_) batch_.push_back(name.sequence());
    const double loss = trainer_.evaluate(batch_);
    line["valid"] = {{"loss", loss}};
    return -loss;
  }
  Trainer::Largest largest() const override {
    const auto longest_of = [](const std::vector<SpelledName>& names) {
      return std::max_element(names.begin(), names.end(),
                              [](const SpelledName& a, const SpelledName& b) {
                                return a.targets.size() < b.targets.size();
                              })
          ->sequence();
    };
    const Sequence longest = longest_of(names_);
    return {longest, std::min(o_.batch, names_.size()),
            valid_.empty() ? longest : longest_of(valid_), valid_.size()};
  }

  Trainer& trainer() { return trainer_; }
  std::size_t names() const { return names_.size(); }

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

 private:
  std::vector<std::uint32_t> labels() const {
    std::vector<std::uint32_t> labels;
    for (const SpelledName& name : names_) labels.push_back(name.label);
    return labels;
  }

  const ClassifyOptions& o_;
  const NamesData& data_;
  Trainer trainer_;
  std::vector<SpelledName> names_;
  std::vector<SpelledName> valid_;
  Sampler sampler_;
  std::vector<std::size_t> picked_;
  std::vector<Sequence> batch_;
};

}  // namespace

ClassifyOptions generate_defaults() {
  ClassifyOptions o;
  o.augmentation = {};
  o.epochs = 30;
  return o;
}

void train_generate(const ClassifyOptions& options, const Console& console) {
  require_sensible(options);
  require_outputs(options.out, options.log, options.data);
  const NamesData data = load_names(options.data, k_generator_letters);
  GeneratorTask task(options, data);
  TrainingRun run(run_options_of(options, task.names()), task.trainer(), task, task.identity(),
                  {{"settings", settings_of(options)}, {"names", task.names()}});
  run.train();
  Checkpoint checkpoint = generator_checkpoint(task.trainer().shape(), data.classes);
  checkpoint.training = settings_of(options);
  checkpoint.training["kept_epoch"] = run.kept_epoch();
  checkpoint.tensors = task.trainer().save();
  json result = {{"checkpoint", options.out},
                 {"kept_epoch", run.kept_epoch()},
                 {"seconds", run.seconds()},
                 {"memory", run.memory()},
                 {"names_per_second", run.units_per_second()}};
  std::string text =
      format("%s: %.0f s, %.0f names/s, parameters of epoch %zu\n", options.out.c_str(),
             run.seconds(), run.units_per_second(), run.kept_epoch());
  NameGenerator generator(checkpoint, options.out);
  for (const char* const side : {"test", "valid", "train"}) {
    const std::vector<SpelledName> names =
        spell(data, places_of(data, side), checkpoint.shape.cell);
    const TextFigures figures = generator.measure(names);
    text += line_of_letters(side, names.size(), figures);
    result[side] = checkpoint.training[side] = to_json(figures);
  }
  run.finish(result, checkpoint);
  console.say(text + "a letter: any of a name, and the mark of its end");
  console.result(result);
}

}  // namespace rondo::tool
