// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo train, and the options of rondo train classify, whose work is in train_classify.cpp.
#include <memory>
#include <thread>

#include "command/command.hpp"
#include "command/train_classify.hpp"
#include "command/train_lags.hpp"
#include "command/train_lm.hpp"
#include "command/words.hpp"

namespace rondo::tool {
namespace {

struct Words {
  std::string cell = "lstm";
  std::string optimizer = "adam";
  std::string init = "uniform";
  std::string schedule = "one-cycle";
  std::string sampling = "natural";
};

void add_network_options(Arguments& command, ClassifyOptions& options, Words& words) {
  command.add("--cell", words.cell, "Recurrent cell: lstm, gru, rnn, relu or classroom");
  command.add("--hidden", options.hidden, "Units of a layer");
  command.add("--layers", options.layers, "Recurrent layers");
  command.add_flag(
      "--bidirectional", options.bidirectional,
      "Each layer reads the name from its end too. The scores read the last step, where the "
      "way back has only begun: of use from 2 layers on");
  command.add("--dropout", options.dropout,
              "Share of outputs dropped in training; classroom: always none");
  command.add("--init", words.init, "First weights: uniform, normal, xavier, kaiming");
}

void add_training_options(Arguments& command, ClassifyOptions& options, Words& words) {
  command.add("--optimizer", words.optimizer, "adam or sgd");
  command.add("--lr", options.rate, "Highest learning rate");
  command.add("--schedule", words.schedule, "constant, step, cosine or one-cycle");
  command.add("--clip", options.clip, "Largest norm of the gradients; 0: no limit");
  command.add("--weight-decay", options.weight_decay, "Decoupled, on matrices");
  command.add("--batch", options.batch, "Names of one update");
  command.add("--epochs", options.epochs, "Passes over the training names");
  command.add("--iterations", options.iterations, "Updates, in place of --epochs; 0: --epochs");
  command.add("--late-start", options.augmentation.late_start,
              "Share of names that begin later in training, at a random letter");
  command.add("--token-dropout", options.augmentation.token_dropout,
              "Share of letters left unread in training");
  command.add("--patience", options.patience,
              "Stop after so many epochs without a better validation and keep the best; "
              "0: never, keep the last");
  command.add("--sampling", words.sampling,
              "natural: names as often as they stand in the files; balanced: each class alike");
  command.add("--seed", options.seed, "Of the first weights, dropout and order");
  command.add_flag("--resume", options.resume,
                   "Go on where an interrupted run with the same --out was; without one, start");
  command.add("--save-every", options.save_every,
              "Seconds between what --resume goes on from, at least; 0: each epoch");
  command.add("--threads", options.threads, "0: one for each core, 2 at most");
}

}  // namespace

void add_train(Arguments& program, Console& console) {
  Arguments& train = program.command("train", "Train a float model from data");
  add_train_lags(train, console);
  Arguments& command = train.command(
      "classify",
      "A classifier of names: DIR has one UTF-8 file CLASS.txt a class, one name a line. "
      "The defaults alone give a good model");
  const auto options = std::make_shared<ClassifyOptions>();
  const auto words = std::make_shared<Words>();
  command.add("--data", options->data, "The folder", Arguments::Need::required);
  command.add("--out", options->out, "The checkpoint to write");
  command.add("--log", options->log, "A file for the run's figures, one JSON object a line");
  add_network_options(command, *options, *words);
  add_training_options(command, *options, *words);
  add_json_option(command, console);
  command.on_run([options, words, &console] {
    options->cell = cell_from_name(words->cell, "--cell");
    if (options->cell == CellKind::classroom && options->dropout == ClassifyOptions().dropout) {
      options->dropout = 0;  // the default is for the others
    }
    options->optimizer = optimizer_from(words->optimizer);
    options->init = initialization_from(words->init);
    options->schedule = schedule_from(words->schedule);
    options->sampling =
        choose<Sampling>(words->sampling, "--sampling",
                         {{"natural", Sampling::natural}, {"balanced", Sampling::balanced}});
    if (options->threads == 0) {
      options->threads = std::min(2U, std::max(1U, std::thread::hardware_concurrency()));
    }
    train_classify(*options, console);
  });
  add_train_lm(train, console);
}

}  // namespace rondo::tool
