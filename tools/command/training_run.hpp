// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A training run, whatever is learned: epochs of updates, the best parameters and patience, log,
// progress, memory, and what --resume goes on from, also after Ctrl-C. The `train` commands give it
// a task, which alone knows the data, and get the trainer back with the parameters to keep.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/interrupt.hpp"
#include "formats/checkpoint.hpp"
#include "report/progress.hpp"
#include "train/schedule.hpp"
#include "train/snapshot.hpp"
#include "train/trainer.hpp"

namespace rondo::tool {

struct RunOptions {
  std::string out;  // the checkpoint; empty: none, and nothing to resume from
  std::string log;
  std::uint64_t updates = 1;  // of the whole run
  double rate = 1e-3;
  Schedule schedule = Schedule::constant;
  bool quantize_aware = false;  // the last fifth of the updates: see train/fake_quantize.hpp
  std::size_t patience = 0;     // 0: the last parameters are kept, else the best
  bool resume = false;
  double save_every = 5;  // seconds; 0: at the end of each epoch
  std::string unit;       // of what is counted, "names"
  std::size_t units = 0;  // of the whole run, for the progress bar
};

struct TrainingBatch {
  Batch sequences;  // views that live until the next pick
  double weight;    // in the mean loss of an epoch
  std::size_t units;
};

class TrainingTask {
 public:
  virtual ~TrainingTask() = default;

  // Epochs count from 0. What is picked must depend on the epoch's number and the task's seed only;
  // what batch draws beyond that must stand in state().
  virtual void start_epoch(std::size_t epoch) = 0;
  virtual bool pick() = 0;  // the next batch; false at the end of the epoch
  virtual TrainingBatch batch() = 0;
  virtual bool carries_state() const { return false; }  // from batch to batch of an epoch

  // After an epoch: adds figures to its line of the log, and returns one that should be great.
  virtual double measure(nlohmann::json& line) = 0;
  // The largest there are; see Trainer::reserve.
  virtual Trainer::Largest largest() const = 0;
  virtual std::string note(double loss) const;  // for the progress bar

  virtual nlohmann::json state() const { return nlohmann::json::object(); }
  virtual void restore(const nlohmann::json& /*state*/) {}
};

class TrainingRun {
 public:
  // `identity`: settings and data, which a resumed run must share. `start` goes to the log first.
  // Goes back to the snapshot where there is one, and says on standard error how much memory the
  // run takes. Throws Error as RunLog, Snapshots and Trainer::reserve do.
  TrainingRun(const RunOptions& options, Trainer& trainer, TrainingTask& task,
              const nlohmann::json& identity, nlohmann::json start);

  // To the end; the trainer then has the parameters to keep. Throws Error where training diverges,
  // Interrupted where the user stopped it; what --resume needs is then written.
  void train();

  std::size_t epoch() const { return epoch_; }            // complete ones
  std::size_t kept_epoch() const { return kept_epoch_; }  // whose parameters are kept
  double loss() const { return loss_; }                   // of the last epoch
  double seconds() const { return seconds_before_ + progress_.seconds(); }
  double units_per_second() const { return static_cast<double>(seen_) / train_seconds_; }
  nlohmann::json memory() const;
  void log(const nlohmann::json& line) { log_.write(line); }

  // Log, then checkpoint, and the snapshot is removed: where the checkpoint stands, all is there.
  void finish(nlohmann::json result, const Checkpoint& checkpoint);

 private:
  void train_epoch();
  bool keep_or_stop();
  void require_no_explosion() const;
  void save_or_stop();
  nlohmann::json position() const;
  void go_back_to(const nlohmann::json& position);

  RunOptions o_;
  Trainer& trainer_;
  TrainingTask& task_;
  InterruptGuard interrupt_;
  std::optional<Snapshots> snapshots_;
  RunLog log_;
  Progress progress_;
  MemoryUse memory_{};

  std::size_t epoch_ = 0;
  std::size_t picks_ = 0;  // of the epoch that is not complete
  double sum_ = 0;         // of its losses
  double weight_ = 0;
  State<float> carried_;

  std::vector<float> kept_;  // parameters, with patience
  std::size_t kept_epoch_ = 0;
  double kept_figure_;
  double first_loss_ = 0;  // of the first update
  double loss_ = 0;
  std::size_t seen_ = 0;  // units
  double train_seconds_ = 0;
  double seconds_before_ = 0;  // of the run that this one goes on with
};

// Throws Error where --out or --log cannot be written, or is one of the others; empty ones are
// none.
void require_outputs(const std::string& out, const std::string& log, const std::string& data);

}  // namespace rondo::tool
