// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Training a character language model on one text: the work behind `rondo train lm`.
#pragma once
#include <cstdint>
#include <string>

#include "command/command.hpp"
#include "data/book.hpp"
#include "train/initialize.hpp"
#include "train/optimizer.hpp"
#include "train/schedule.hpp"
#include "train/shape.hpp"

namespace rondo::tool {

// The defaults were chosen on the validation side of The Time Machine; see bench/text.md.
struct LmOptions {
  std::string data;
  BookSplit split;
  std::string out = "model.safetensors";
  std::string log;
  CellKind cell = CellKind::lstm;
  std::size_t hidden = 256;
  std::size_t layers = 2;
  double dropout = 0.5;
  Initialization init = Initialization::uniform;
  OptimizerKind optimizer = OptimizerKind::adam;
  double rate = 3e-3;
  Schedule schedule = Schedule::one_cycle;
  double clip = 1;
  double weight_decay = 0;
  std::size_t batch = 32;
  std::size_t steps = 64;
  std::size_t epochs = 30;
  std::size_t iterations = 0;  // updates in all; 0: as many as `epochs` take
  std::size_t patience = 0;
  bool quantize_aware = false;  // see train/fake_quantize.hpp
  std::uint64_t seed = 1;
  std::size_t threads = 0;
  bool resume = false;
  double save_every = 5;    // seconds
  nlohmann::json settings;  // the words of the command line, for the checkpoint
};

void add_train_lm(Arguments& train, Console& console);

// The checkpoint holds the parameters of the last epoch; where patience is given, of the epoch with
// the least validation loss. Nothing is written before that is known to be complete.
void train_lm(const LmOptions& options, const Console& console);

}  // namespace rondo::tool
