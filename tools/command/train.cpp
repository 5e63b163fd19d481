// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo train, and the options of train classify and train regress, whose work is in
// train_classify.cpp, train_recordings.cpp and train_regress.cpp.
#include <memory>
#include <thread>

#include "command/command.hpp"
#include "command/train_generate.hpp"
#include "command/train_lags.hpp"
#include "command/train_lm.hpp"
#include "command/train_windows.hpp"
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
  command.add("--dropout", options.dropout,
              "Share of outputs dropped in training; classroom: always none");
  command.add("--init", words.init, "First weights: uniform, normal, xavier, kaiming");
}

void add_bidirectional(Arguments& command, ClassifyOptions& options) {
  command.add_flag(
      "--bidirectional", options.bidirectional,
      "Each layer reads the sequence from its end too. The scores read the last step, where the "
      "way back has only begun: of use from 2 layers on");
}

void add_training_options(Arguments& command, ClassifyOptions& options, Words& words) {
  command.add("--optimizer", words.optimizer, "adam or sgd");
  command.add("--lr", options.rate, "Highest learning rate");
  command.add("--schedule", words.schedule, "constant, step, cosine or one-cycle");
  command.add("--clip", options.clip, "Largest norm of the gradients; 0: no limit");
  command.add("--weight-decay", options.weight_decay, "Decoupled, on matrices");
  command.add("--batch", options.batch, "Names or windows of one update");
  command.add(
      "--epochs", options.epochs,
      "Passes over the training side. Left as it is, windows of recordings get 1,500 updates "
      "at least");
  command.add("--iterations", options.iterations, "Updates, in place of --epochs; 0: --epochs");
  command.add("--patience", options.patience,
              "Stop after so many epochs without a better validation and keep the best; "
              "0: never, keep the last");
  command.add("--seed", options.seed, "Of the first weights, dropout and order");
  command.add_flag("--resume", options.resume,
                   "Go on where an interrupted run with the same --out was; without one, start");
  command.add("--save-every", options.save_every,
              "Seconds between what --resume goes on from, at least; 0: each epoch");
  command.add("--threads", options.threads, "0: one for each core, 2 at most");
}

void add_sampling(Arguments& command, Words& words) {
  command.add("--sampling", words.sampling,
              "natural: as often as it stands in the files; balanced: each class alike");
}

void add_augmentation(Arguments& command, ClassifyOptions& options) {
  command.add("--late-start", options.augmentation.late_start,
              "Names: share that begins later in training, at a random letter");
  command.add("--token-dropout", options.augmentation.token_dropout,
              "Names: share of letters left unread in training");
}

void add_files(Arguments& command, ClassifyOptions& options, const char* data) {
  command.add("--data", options.data, data, Arguments::Need::required);
  command.add("--out", options.out, "The checkpoint to write");
  command.add("--log", options.log, "A file for the run's figures, one JSON object a line");
}

// What the words stand for.
void read_words(const Words& words, ClassifyOptions& options) {
  options.cell = cell_from_name(words.cell, "--cell");
  options.optimizer = optimizer_from(words.optimizer);
  options.init = initialization_from(words.init);
  options.schedule = schedule_from(words.schedule);
  options.sampling =
      choose<Sampling>(words.sampling, "--sampling",
                       {{"natural", Sampling::natural}, {"balanced", Sampling::balanced}});
  if (options.threads == 0) {
    options.threads = std::min(2U, std::max(1U, std::thread::hardware_concurrency()));
  }
}

void add_classify(Arguments& train, Console& console) {
  Arguments& command = train.command(
      "classify",
      "A classifier of names: DIR has one UTF-8 file CLASS.txt a class, one name a line. Or of "
      "recordings: DIR/CLASS/*.csv, one recording a file, or one FILE.csv with the columns "
      "sequence, features, label. The defaults alone give a good model");
  const auto options = std::make_shared<RecordingOptions>();
  const auto words = std::make_shared<Words>();
  ClassifyOptions& training = options->training;
  add_files(command, training, "The folder, or FILE.csv");
  command.add("--window", options->window,
              "Recordings: steps of a window that gets an answer; 0: the whole recording");
  command.add("--hop", options->hop, "Recordings: steps between windows; 0: half a window");
  add_network_options(command, training, *words);
  add_bidirectional(command, training);
  add_training_options(command, training, *words);
  add_augmentation(command, training);
  add_sampling(command, *words);
  command.add_flag(
      "--quantize-aware", training.quantize_aware,
      "Names: the last fifth of training runs with numbers rounded as in an int8 model");
  command.add("--logit-adjust", training.logit_adjust,
              "Names: after training, scores lose so many times the log of the class's share: 0 is "
              "best for plain accuracy, 1 for balanced, 0.5 good for both");
  add_json_option(command, console);
  command.on_run([options, words, &console] {
    ClassifyOptions& o = options->training;
    read_words(*words, o);
    if (o.cell == CellKind::classroom && o.dropout == ClassifyOptions().dropout) {
      o.dropout = 0;  // the default is for the others
    }
    if (holds_recordings(o.data)) {
      if (o.quantize_aware || o.logit_adjust > 0) {
        throw Error("--quantize-aware, --logit-adjust", "are for names; " + o.data + " holds none");
      }
      train_recordings(*options, console);
      return;
    }
    if (options->window > 0 || options->hop > 0) {
      throw Error("--window, --hop", "are for recordings; " + o.data + " holds none",
                  "give DIR/CLASS/*.csv or one FILE.csv");
    }
    train_classify(o, console);
  });
}

void add_generator(Arguments& train, Console& console) {
  Arguments& command = train.command(
      "generate",
      "A generator of names of a given class: DIR has one UTF-8 file CLASS.txt a class, one name a "
      "line. --cell classroom is the class's own network, which runs in float only. A device "
      "with an image of the others reads the token 59 + k first, k the place of the class from 0");
  const auto options = std::make_shared<ClassifyOptions>(generate_defaults());
  const auto words = std::make_shared<Words>();
  add_files(command, *options, "The folder");
  add_network_options(command, *options, *words);
  add_training_options(command, *options, *words);
  add_sampling(command, *words);
  add_json_option(command, console);
  command.on_run([options, words, &console] {
    read_words(*words, *options);
    if (options->cell == CellKind::classroom && options->dropout == generate_defaults().dropout) {
      options->dropout = 0.1;  // its author's, of the scores
    }
    train_generate(*options, console);
  });
}

void add_regress(Arguments& train, Console& console) {
  Arguments& command = train.command(
      "regress",
      "Predicts numbers from sequences of numbers: FILE.csv has a row of names on top, a column "
      "sequence (without it all rows are one), features and targets. A target that is a feature "
      "too is forecast; a file with one column forecasts that");
  const auto options = std::make_shared<RecordingOptions>();
  const auto words = std::make_shared<Words>();
  ClassifyOptions& training = options->training;
  // Small nets forecast as well as large ones, and dropout blurs numbers.
  training.hidden = 32;
  training.dropout = 0;
  options->window = 32;
  add_files(command, training, "The file");
  command.add("--target", options->targets, "Columns to predict, commas between; none: the last");
  command.add("--features", options->features, "Columns to read; none: all others");
  command.add("--window", options->window, "Steps read for one prediction");
  command.add("--hop", options->hop, "Steps between windows; 0: one");
  command.add("--horizon", options->horizon,
              "How many steps after the window's last one the target stands; where a target is a "
              "feature too, at least 1");
  add_network_options(command, training, *words);
  add_bidirectional(command, training);
  add_training_options(command, training, *words);
  add_json_option(command, console);
  command.on_run([options, words, &console] {
    read_words(*words, options->training);
    train_regress(*options, console);
  });
}

}  // namespace

void add_train(Arguments& program, Console& console) {
  Arguments& train = program.command("train", "Train a float model from data");
  add_classify(train, console);
  add_generator(train, console);
  add_train_lags(train, console);
  add_train_lm(train, console);
  add_regress(train, console);
}

}  // namespace rondo::tool
