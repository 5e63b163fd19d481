// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo train lags: how the gradient of the last loss fades with the lag, with fresh weights and
// after a short, plain training (Adam, one rate). What it reads is in lag_data.cpp.
#include "command/train_lags.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <thread>

#include "base/error.hpp"
#include "base/random.hpp"
#include "command/lag_data.hpp"
#include "command/training_run.hpp"
#include "train/lags.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

struct Options {
  LagDataOptions data;
  std::string out;
  std::string log;
  std::string cell = "lstm";
  std::size_t hidden = 128;
  double rate = 3e-3;
  double clip = 1;
  std::size_t batch = 8;
  std::size_t iterations = 3000;  // of a text with an LSTM: 15 seconds of one core
  std::uint64_t seed = 1;
  std::size_t threads = 0;
  bool resume = false;
  double save_every = 5;  // seconds
};

// Figures by name, for plans; the others are in the lists.
constexpr std::size_t k_named_lags[] = {0, 1, 2, 5, 10, 20, 50, 100};

void require_sensible(const Options& o) {
  // A negative number arrives here as a huge one.
  if (o.batch < 1 || o.batch > 100000) throw Error("--batch", "must be 1 to 100000");
  if (o.iterations > 1000000000) throw Error("--iterations", "must be 0 to 1000000000");
  if (o.threads > 64) throw Error("--threads", "must be at most 64");
  if (!(o.save_every >= 0)) throw Error("--save-every", "must be 0 or more");
  if (o.resume && o.out.empty()) {
    throw Error("--resume", "needs --out, which names what a run goes on from");
  }
  if (!(o.rate > 0) || !std::isfinite(o.rate)) throw Error("--lr", "must be greater than 0");
  if (!(o.clip >= 0) || !std::isfinite(o.clip)) throw Error("--clip", "must be 0 or more");
}

NetShape shape_for(const Options& o, const LagData& data) {
  NetShape shape;
  shape.cell = cell_from_name(o.cell, "--cell");
  shape.inputs = data.alphabet.size();
  shape.hidden = o.hidden;
  shape.outputs = data.classes.size();
  shape.head = data.head;
  return shape;
}

json settings_json(const Options& o, const LagData& data) {
  return {{"cell", o.cell},
          {"hidden", o.hidden},
          {"optimizer", "adam"},
          {"lr", o.rate},
          {"clip", o.clip},
          {"batch", o.batch},
          {"iterations", o.iterations},
          {"sequences", data.measured.size()},
          {"lag", o.data.lag},
          {"seed", o.seed},
          {"threads", o.threads}};
}

// Of the test side; the loss is that of the last step, also where training has one at every step.
Lags measure(Trainer& trainer, const LagData& data, std::size_t most) {
  NetShape shape = trainer.shape();
  shape.head = Head::last_step;  // the block of parameters stays the same
  const auto parameters = trainer.parameters();
  const std::vector<double> block(parameters.begin(), parameters.end());
  return lags_of(Network(shape), block.data(), data.measured, most);
}

json named_figures(const Lags& lags) {
  json figures = {{"loss", lags.loss}};
  for (const std::size_t lag : k_named_lags) {
    if (lag < lags.norms.size()) figures["lag_" + std::to_string(lag)] = lags.norms[lag];
  }
  return figures;
}

// An epoch is a tenth of the run: then figures go to the log.
class LagTask : public TrainingTask {
 public:
  LagTask(const Options& options, const LagData& data)
      : o_(options),
        data_(data),
        trainer_({.shape = shape_for(options, data),
                  .optimizer = {OptimizerKind::adam, 0, options.clip},
                  .seed = options.seed,
                  .threads = options.threads}),
        random_(~options.seed),  // not the numbers of the first weights
        batch_(options.batch) {}

  void start_epoch(std::size_t /*epoch*/) override {
    tenth_ = trainer_.updates() * 10 / o_.iterations + 1;
  }
  bool pick() override { return trainer_.updates() * 10 < o_.iterations * tenth_; }
  TrainingBatch batch() override {
    for (Sequence& one : batch_) one = data_.training[random_.below(data_.training.size())];
    return {batch_, 1.0, 1};
  }
  double measure(json& line) override {
    const double seen = static_cast<double>(trainer_.updates() * o_.batch);
    line["epoch"] = seen / data_.sequences_of_a_pass;
    return 0;
  }
  Trainer::Largest largest() const override {
    const Sequence longest = *std::max_element(
        data_.training.begin(), data_.training.end(),
        [](const Sequence& a, const Sequence& b) { return a.tokens.size() < b.tokens.size(); });
    return {longest, o_.batch, longest, 0};
  }
  json state() const override { return {{"random", random_.text()}}; }
  void restore(const json& state) override {
    random_.restore(state.at("random").get<std::string>());
  }

  Trainer& trainer() { return trainer_; }

  // What a run must have in common with the one that it goes on with.
  json identity() const {
    json identity = settings_json(o_, data_);
    identity["alphabet"] = data_.alphabet;
    std::uint32_t sum = 0;
    for (const Sequence& one : data_.training) {
      for (const std::uint32_t token : one.tokens) sum = sum * 31 + token;
      for (const std::uint32_t target : one.targets) sum = sum * 31 + target;
    }
    identity["data"] = sum;
    return identity;
  }

 private:
  const Options& o_;
  const LagData& data_;
  Trainer trainer_;
  Random random_;
  std::vector<Sequence> batch_;
  std::uint64_t tenth_ = 1;
};

RunOptions run_options(const Options& o) {
  RunOptions run;
  run.out = o.out;
  run.log = o.log;
  run.updates = o.iterations;
  run.rate = o.rate;
  run.resume = o.resume;
  run.save_every = o.save_every;
  run.unit = "updates";
  run.units = o.iterations;
  return run;
}

Checkpoint checkpoint_of(const Options& o, const LagData& data, Trainer& trainer,
                         const json& result) {
  Checkpoint checkpoint;
  checkpoint.task = data.task;
  checkpoint.shape = trainer.shape();
  checkpoint.classes = data.classes;
  checkpoint.alphabet = data.alphabet;
  checkpoint.training = settings_json(o, data);
  checkpoint.training["before"] = result["before"];
  if (result.contains("after")) checkpoint.training["after"] = result["after"];
  checkpoint.tensors = trainer.save();
  return checkpoint;
}

json train(const Options& o, const LagData& data) {
  LagTask task(o, data);
  const Lags before = measure(task.trainer(), data, o.data.lag);
  TrainingRun run(run_options(o), task.trainer(), task, task.identity(),
                  {{"settings", settings_json(o, data)}});
  if (task.trainer().updates() == 0) {
    run.log({{"event", "epoch"}, {"epoch", 0}, {"seconds", run.seconds()}});
  }
  json result = {{"lags", {{"before", before.norms}, {"sequences", before.sequences}}},
                 {"before", named_figures(before)},
                 {"iterations", o.iterations}};
  if (o.iterations > 0) {
    run.train();
    const Lags after = measure(task.trainer(), data, o.data.lag);
    result["lags"]["after"] = after.norms;
    result["after"] = named_figures(after);
  }
  result["seconds"] = run.seconds();
  result["memory"] = run.memory();
  if (!o.out.empty()) result["checkpoint"] = o.out;
  run.finish(result, checkpoint_of(o, data, task.trainer(), result));
  return result;
}

std::string table_of(const json& result) {
  const json& lags = result["lags"];
  std::string text = "  lag  sequences    at the start         trained\n";
  for (const std::size_t lag : k_named_lags) {
    if (lag >= lags["before"].size()) break;
    text += format("%5zu %10zu %15.3e", lag, lags["sequences"][lag].get<std::size_t>(),
                   lags["before"][lag].get<double>());
    if (lags.contains("after")) text += format(" %15.3e", lags["after"][lag].get<double>());
    text += "\n";
  }
  text += format("loss at the last step, nats: %.4f at the start",
                 result["before"]["loss"].get<double>());
  if (!lags.contains("after")) return text;
  return text + format(", %.4f trained (%.0f s)", result["after"]["loss"].get<double>(),
                       result["seconds"].get<double>());
}

void run(const Options& options, const Console& console) {
  require_sensible(options);
  require_outputs(options.out, options.log, options.data.path);
  const LagData data = load_lag_data(options.data);
  const json result = train(options, data);
  console.say(table_of(result));
  console.result(result);
}

}  // namespace

void add_train_lags(Arguments& train, Console& console) {
  const auto options = std::make_shared<Options>();
  Options& o = *options;
  Arguments& command = train.command(
      "lags",
      "Why gates help: the norm of the gradient of the last loss with respect to the state k steps "
      "before, against k, with fresh weights and after a short training with Adam");
  command.add("--data", o.data.path,
              "A folder of names, class from the last letter; or a text, next character",
              Arguments::Need::required);
  command.add("--max-tokens", o.data.max_tokens,
              "Characters of the text, from its beginning; 0: all");
  command.add("--lag", o.data.lag, "Greatest lag; of a text also the characters of a sequence");
  command.add("--sequences", o.data.sequences, "How many of the test side the mean is over");
  command.add("--cell", o.cell, "Recurrent cell: lstm, gru, rnn or relu");
  command.add("--hidden", o.hidden, "Units");
  command.add("--iterations", o.iterations, "Updates; 0: fresh weights only");
  command.add("--batch", o.batch, "Names or sequences of one update");
  command.add("--lr", o.rate, "Learning rate");
  command.add("--clip", o.clip, "Largest norm of the gradients; 0: no limit");
  command.add("--seed", o.seed, "Of the first weights and of what is drawn in training");
  command.add("--threads", o.threads, "0: one for each core, 2 at most");
  command.add("--out", o.out, "The checkpoint to write, if any");
  command.add("--log", o.log, "A file for the run's figures, one JSON object a line");
  command.add_flag("--resume", o.resume,
                   "Go on where an interrupted run with the same --out was; without one, start");
  command.add("--save-every", o.save_every,
              "Seconds between what --resume goes on from, at least; 0: ten times in the run");
  add_json_option(command, console);
  command.on_run([options, &console] {
    if (options->threads == 0) {
      options->threads = std::min(2U, std::max(1U, std::thread::hardware_concurrency()));
    }
    run(*options, console);
  });
}

}  // namespace rondo::tool
