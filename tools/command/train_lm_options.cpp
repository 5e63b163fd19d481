// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo train lm: its options. What it does is in train_lm.cpp.
#include <cmath>
#include <memory>
#include <thread>

#include "command/train_lm.hpp"
#include "command/words.hpp"
#include "formats/checkpoint.hpp"

namespace rondo::tool {
namespace {

struct Words {
  std::string sides = "book";
  std::string cell = "lstm";
  std::string optimizer = "adam";
  std::string init = "uniform";
  std::string schedule = "one-cycle";
};

void add_data_options(Arguments& command, LmOptions& options, Words& words) {
  command.add("--data", options.data, "The text: one file in UTF-8", Arguments::Need::required);
  command.add("--max-tokens", options.split.max_tokens,
              "Only so many symbols from the start; 0: the whole text");
  command.add("--sides", words.sides,
              "book: the first 80 % of the text are for training, 10 % for validation, 10 % for "
              "the test; none: train on everything, so that nothing is left to test on");
  command.add("--out", options.out, "The checkpoint to write");
  command.add("--log", options.log, "A file for the run's figures, one JSON object a line");
}

void add_network_options(Arguments& command, LmOptions& options, Words& words) {
  command.add("--cell", words.cell, "Recurrent cell: lstm, gru, rnn or relu");
  command.add("--hidden", options.hidden, "Units of a layer");
  command.add("--layers", options.layers, "Recurrent layers");
  command.add("--dropout", options.dropout, "Share of outputs dropped in training");
  command.add("--init", words.init, "First weights: uniform, normal, xavier, kaiming");
}

void add_training_options(Arguments& command, LmOptions& options, Words& words) {
  command.add("--optimizer", words.optimizer, "adam or sgd");
  command.add("--lr", options.rate, "Highest learning rate");
  command.add("--schedule", words.schedule, "constant, step, cosine or one-cycle");
  command.add("--clip", options.clip, "Largest norm of the gradients; 0: no limit");
  command.add("--weight-decay", options.weight_decay, "Decoupled, on matrices");
  command.add("--batch", options.batch, "Strips of text of one update");
  command.add("--steps", options.steps, "Symbols of each strip in one update");
  command.add("--epochs", options.epochs, "Passes over the text");
  command.add("--iterations", options.iterations, "Updates, in place of --epochs; 0: --epochs");
  command.add("--patience", options.patience,
              "Stop after so many epochs without a better validation and keep the best; "
              "0: never, keep the last");
  command.add_flag("--quantize-aware", options.quantize_aware,
                   "The last fifth of training runs with numbers rounded as in an int8 model");
  command.add("--seed", options.seed, "Of the first weights, dropout and where epochs begin");
  command.add_flag("--resume", options.resume,
                   "Go on where an interrupted run with the same --out was; without one, start");
  command.add("--save-every", options.save_every,
              "Seconds between what --resume goes on from, at least; 0: each epoch");
  command.add("--threads", options.threads, "0: one for each core, 2 at most");
}

void require_sensible(const LmOptions& o) {
  // A negative number arrives here as a huge one.
  constexpr std::size_t k_most = 1000000;
  if (o.epochs < 1 || o.epochs > k_most) throw Error("--epochs", "must be 1 to 1000000");
  if (o.batch < 1 || o.batch > k_most) throw Error("--batch", "must be 1 to 1000000");
  if (o.steps < 1 || o.steps > k_most) throw Error("--steps", "must be 1 to 1000000");
  if (o.iterations > k_most * 1000) throw Error("--iterations", "must be 0 to 1000000000");
  if (!(o.save_every >= 0)) throw Error("--save-every", "must be 0 or more");
  if (o.patience > k_most) throw Error("--patience", "must be 0 to 1000000");
  if (o.patience > 0 && !o.split.three_sides) {
    throw Error("--patience", "needs a validation side", "use --sides book, or --patience 0");
  }
  if (o.quantize_aware && o.cell == CellKind::relu) {
    throw Error("--quantize-aware", "is of no use to a cell that no int8 model can have",
                "use --cell lstm, gru or rnn");
  }
  if (!(o.rate > 0) || !std::isfinite(o.rate)) throw Error("--lr", "must be greater than 0");
  if (o.threads > 64) throw Error("--threads", "must be at most 64");
  if (!(o.clip >= 0) || !(o.weight_decay >= 0) || !std::isfinite(o.clip + o.weight_decay)) {
    throw Error("--clip, --weight-decay", "must be 0 or more");
  }
}

nlohmann::json settings_json(const LmOptions& o, const Words& words) {
  nlohmann::json settings = {{"optimizer", words.optimizer},
                             {"lr", o.rate},
                             {"schedule", words.schedule},
                             {"init", words.init},
                             {"clip", o.clip},
                             {"weight_decay", o.weight_decay},
                             {"batch", o.batch},
                             {"steps", o.steps},
                             {"epochs", o.epochs},
                             {"patience", o.patience},
                             {"quantize_aware", o.quantize_aware},
                             {"seed", o.seed},
                             {"threads", o.threads}};
  if (o.iterations > 0) settings["iterations"] = o.iterations;
  return settings;
}

}  // namespace

void add_train_lm(Arguments& train, Console& console) {
  Arguments& command = train.command(
      "lm",
      "A character language model of one text: 28 symbols, unknown, blank, a-z; line ends vanish. "
      "The defaults alone give a good model");
  const auto options = std::make_shared<LmOptions>();
  const auto words = std::make_shared<Words>();
  add_data_options(command, *options, *words);
  add_network_options(command, *options, *words);
  add_training_options(command, *options, *words);
  add_json_option(command, console);
  command.on_run([options, words, &console] {
    options->split.three_sides =
        choose<bool>(words->sides, "--sides", {{"book", true}, {"none", false}});
    options->cell = cell_from_name(words->cell, "--cell");
    options->optimizer = optimizer_from(words->optimizer);
    options->init = initialization_from(words->init);
    options->schedule = schedule_from(words->schedule);
    if (options->threads == 0) {
      options->threads = std::min(2U, std::max(1U, std::thread::hardware_concurrency()));
    }
    require_sensible(*options);
    options->settings = settings_json(*options, *words);
    train_lm(*options, console);
  });
}

}  // namespace rondo::tool
