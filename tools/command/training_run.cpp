// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See training_run.hpp.
#include "command/training_run.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/command.hpp"
#include "train/fake_quantize.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

constexpr double k_nothing = -std::numeric_limits<double>::infinity();

}  // namespace

std::string TrainingTask::note(double loss) const {
  return format("loss %.4f", loss);
}

TrainingRun::TrainingRun(const RunOptions& options, Trainer& trainer, TrainingTask& task,
                         const json& identity, json start)
    : o_(options),
      trainer_(trainer),
      task_(task),
      snapshots_(options.out.empty()
                     ? std::nullopt
                     : std::optional<Snapshots>(std::in_place, options.out, identity,
                                                options.save_every, options.resume)),
      log_(options.log),
      progress_(options.units, options.unit),
      kept_figure_(k_nothing) {
  memory_ = trainer_.reserve(task_.largest(), task_.carries_state() ? &carried_ : nullptr);
  const std::string text =
      grouped(memory_.parameters) + " parameters, " + grouped(memory_.gradients) + " gradients, " +
      grouped(memory_.optimizer) + " optimizer, " + grouped(memory_.activations) + " activations";
  std::fprintf(stderr, "memory, bytes: %s; %s in all, beside the data\n", text.c_str(),
               grouped(memory_.total()).c_str());
  const auto before = snapshots_ ? snapshots_->restore(trainer_, kept_, &carried_) : std::nullopt;
  if (before) {
    try {
      go_back_to(*before);
    } catch (const json::exception& wrong) {
      throw Error(snapshots_->path(),
                  std::string("is no snapshot of this kind of run: ") + wrong.what(),
                  "delete it to start anew");
    }
    return;
  }
  start["event"] = "start";
  start["memory"] = memory();
  log_.write(start);
}

json TrainingRun::memory() const {
  return {{"parameters", memory_.parameters},
          {"gradients", memory_.gradients},
          {"optimizer", memory_.optimizer},
          {"activations", memory_.activations},
          {"total", memory_.total()}};
}

void TrainingRun::train() {
  bool more = true;
  while (more && (picks_ > 0 || trainer_.updates() < o_.updates)) {
    train_epoch();
    ++epoch_;
    more = keep_or_stop();
    picks_ = 0;
    if (more && snapshots_) snapshots_->offer(trainer_, kept_, position());
  }
  std::copy(kept_.begin(), kept_.end(), trainer_.parameters().begin());
}

// From its beginning, or from where a snapshot was taken.
void TrainingRun::train_epoch() {
  task_.start_epoch(epoch_);
  for (std::size_t pick = 0; pick < picks_; ++pick) task_.pick();
  if (picks_ == 0) {
    sum_ = weight_ = 0;
    carried_.h.clear();
    carried_.c.clear();
  }
  State<float>* const state = task_.carries_state() ? &carried_ : nullptr;
  while (trainer_.updates() < o_.updates && task_.pick()) {
    const double start = progress_.seconds();
    const TrainingBatch batch = task_.batch();
    trainer_.set_quantize_aware(o_.quantize_aware &&
                                is_rounded_part(trainer_.updates(), o_.updates));
    const double rate = scheduled_rate(o_.schedule, o_.rate, trainer_.updates(), o_.updates);
    const double loss = trainer_.train_batch(batch.sequences, rate, state);
    if (trainer_.updates() == 1) first_loss_ = loss;
    ++picks_;
    sum_ += loss * batch.weight;
    weight_ += batch.weight;
    seen_ += batch.units;
    train_seconds_ += progress_.seconds() - start;
    if (progress_.due()) progress_.update(seen_, task_.note(sum_ / weight_));
    save_or_stop();
  }
  loss_ = sum_ / weight_;
  require_no_explosion();
}

void TrainingRun::save_or_stop() {
  const int signal = interrupt_.noted();
  const bool stop = signal != 0;
  const bool save = snapshots_ && (stop || (o_.save_every > 0 && snapshots_->due()));
  if (save) snapshots_->save(trainer_, kept_, position(), &carried_);
  if (!stop) return;
  progress_.close();
  const std::string where = "interrupted after update " + std::to_string(trainer_.updates()) +
                            " of " + std::to_string(o_.updates) + ": ";
  throw Interrupted(signal, where + (snapshots_ ? "the run stands in " + snapshots_->path() +
                                                      "; the same command with --resume goes on"
                                                : "nothing is kept, for want of --out"));
}

// Of numbers that are still finite; the trainer refuses the others.
void TrainingRun::require_no_explosion() const {
  constexpr double k_most = 100;  // times the loss of an untrained network
  if (loss_ <= k_most * std::max(first_loss_, 1.0)) return;
  throw Error("epoch " + std::to_string(epoch_ + 1),
              format("mean loss %.4g, that of the first update was %.4g", loss_, first_loss_),
              "training diverged: lower --lr or set --clip 1");
}

// False where patience is at its end.
bool TrainingRun::keep_or_stop() {
  json line = {{"event", "epoch"},
               {"epoch", epoch_},
               {"loss", loss_},
               {"gradient_norm", trainer_.gradient_norm()}};
  const double figure = task_.measure(line);
  line["seconds"] = seconds();
  log_.write(line);
  if (o_.patience == 0) {
    kept_epoch_ = epoch_;
    return true;
  }
  if (figure > kept_figure_) {
    kept_figure_ = figure;
    kept_epoch_ = epoch_;
    kept_.assign(trainer_.parameters().begin(), trainer_.parameters().end());
  }
  return epoch_ - kept_epoch_ < o_.patience;
}

// What the next update depends on besides the trainer and what is kept.
json TrainingRun::position() const {
  return {{"epoch", epoch_},
          {"picks", picks_},
          {"sum", sum_},
          {"weight", weight_},
          {"kept_epoch", kept_epoch_},
          // Minus infinity is no JSON.
          {"kept_figure", std::isfinite(kept_figure_) ? json(kept_figure_) : json()},
          {"first_loss", first_loss_},
          {"loss", loss_},
          {"seen", seen_},
          {"seconds", seconds()},
          {"train_seconds", train_seconds_},
          {"task", task_.state()},
          {"log", log_.lines()}};
}

void TrainingRun::go_back_to(const json& position) {
  epoch_ = position.at("epoch").get<std::size_t>();
  picks_ = position.at("picks").get<std::size_t>();
  sum_ = position.at("sum").get<double>();
  weight_ = position.at("weight").get<double>();
  kept_epoch_ = position.at("kept_epoch").get<std::size_t>();
  if (!position.at("kept_figure").is_null())
    kept_figure_ = position.at("kept_figure").get<double>();
  first_loss_ = position.at("first_loss").get<double>();
  loss_ = position.at("loss").get<double>();
  seen_ = position.at("seen").get<std::size_t>();
  seconds_before_ = position.at("seconds").get<double>();
  train_seconds_ = position.at("train_seconds").get<double>();
  task_.restore(position.at("task"));
  log_.restore(position.at("log"));
}

void TrainingRun::finish(json result, const Checkpoint& checkpoint) {
  result["event"] = "end";
  log_.write(result);
  progress_.close();
  if (!o_.out.empty()) write_checkpoint(o_.out, checkpoint);
  if (snapshots_) snapshots_->remove();
}

void require_outputs(const std::string& out, const std::string& log, const std::string& data) {
  for (const std::string& path : {out, log}) {
    if (path.empty()) continue;
    require_writable(path);
    require_other_file(path, data);
  }
  if (out.empty() || log.empty()) return;
  if (std::filesystem::absolute(log) == std::filesystem::absolute(out)) {
    throw Error("--log", "is the same file as --out", "name another");
  }
}

}  // namespace rondo::tool
