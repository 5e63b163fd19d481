// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Training a classifier of names from a folder: the work behind `rondo train classify`.
#pragma once
#include <cstdint>
#include <string>

#include "command/command.hpp"
#include "command/training_run.hpp"
#include "data/augment.hpp"
#include "data/names.hpp"
#include "data/sampler.hpp"
#include "formats/checkpoint.hpp"
#include "train/initialize.hpp"
#include "train/optimizer.hpp"
#include "train/schedule.hpp"

namespace rondo::tool {

// The defaults were chosen on the validation side of the 18 languages; see bench/README.md.
struct ClassifyOptions {
  std::string data;
  std::string out = "model.safetensors";
  std::string log;
  CellKind cell = CellKind::lstm;
  std::size_t hidden = 128;
  std::size_t layers = 1;
  double dropout = 0.3;
  bool bidirectional = false;
  Augmentation augmentation = {.late_start = 0.4, .token_dropout = 0.15};
  Initialization init = Initialization::uniform;
  OptimizerKind optimizer = OptimizerKind::adam;
  double rate = 3e-3;
  Schedule schedule = Schedule::one_cycle;
  double clip = 1;
  double weight_decay = 1e-4;
  std::size_t batch = 64;
  std::size_t epochs = 60;
  std::size_t iterations = 0;  // updates in all; 0: as many as `epochs` take
  std::size_t patience = 0;
  Sampling sampling = Sampling::natural;
  double logit_adjust = 0;      // see logit_adjust.hpp
  bool quantize_aware = false;  // names only; see train/fake_quantize.hpp
  std::uint64_t seed = 1;
  std::size_t threads = 0;
  bool resume = false;
  double save_every = 5;  // seconds
};

// Throws Error where an option makes no sense.
void require_sensible(const ClassifyOptions& options);
NetShape shape_for(const ClassifyOptions& options, const NamesData& data);
// For logs, checkpoints and whoever wants to do the same again.
nlohmann::json settings_of(const ClassifyOptions& options);
// All but the number of updates and what they count.
RunOptions run_options_of(const ClassifyOptions& options);
// Everything, where an epoch is so many names.
RunOptions run_options_of(const ClassifyOptions& options, std::size_t names);

// The checkpoint holds the parameters of the last epoch; where patience is given, of the epoch with
// the best validation: plain accuracy, or balanced where sampling is balanced. Nothing is written
// before that is known to be complete.
void train_classify(const ClassifyOptions& options, const Console& console);

}  // namespace rondo::tool
