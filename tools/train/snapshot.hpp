// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What an interrupted training run leaves beside its checkpoint, OUT.resume: everything that it
// needs to go on to the same bits (same machine type, BLAS and number of threads). Written whole or
// not at all, between two updates, and removed when the checkpoint is there.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "train/trainer.hpp"

namespace rondo::tool {

class Snapshots {
 public:
  // `identity` names settings and data: only a run with the same ones may go on. every: seconds
  // that pass at least from one snapshot to the next. Throws Error where a snapshot is there and
  // `resume` is false, so that no interrupted run is lost by mistake.
  Snapshots(const std::string& out, nlohmann::json identity, double every, bool resume);

  // The way back: fills trainer, `kept` (a block of parameters, or empty) and `state`, and returns
  // the caller's `progress`; nothing where there is no snapshot. Throws Error where it is broken,
  // or of a run with other settings.
  std::optional<nlohmann::json> restore(Trainer& trainer, std::vector<float>& kept,
                                        State<float>* state = nullptr) const;

  // Where it is time: writes trainer, `kept` and what else the caller needs.
  void offer(const Trainer& trainer, const std::vector<float>& kept,
             const nlohmann::json& progress);
  // At once, whatever the time; with the state that the next batch goes on from.
  void save(const Trainer& trainer, const std::vector<float>& kept, const nlohmann::json& progress,
            const State<float>* state = nullptr);
  bool due() const { return Clock::now() - written_ >= every_; }
  const std::string& path() const { return path_; }
  // The run is complete.
  void remove() const;

 private:
  using Clock = std::chrono::steady_clock;

  std::string path_;
  nlohmann::json identity_;
  std::chrono::duration<double> every_;
  Clock::time_point written_;
};

}  // namespace rondo::tool
