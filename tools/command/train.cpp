// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo train classify: its options. What it does is in train_classify.cpp.
#include <map>
#include <memory>
#include <thread>

#include "base/error.hpp"
#include "command/command.hpp"
#include "command/train_classify.hpp"

namespace rondo::tool {
namespace {

// The value of a word, or an Error that lists the known ones.
template <class T>
T choose(const std::string& word, const std::string& option,
         const std::map<std::string, T>& known) {
  const auto found = known.find(word);
  if (found != known.end()) return found->second;
  std::string words;
  for (const auto& [name, value] : known) words += (words.empty() ? "" : ", ") + name;
  throw Error(option, "unknown word \"" + word + "\"", "known: " + words);
}

struct Words {
  std::string cell = "lstm";
  std::string optimizer = "adam";
  std::string init = "uniform";
  std::string schedule = "one-cycle";
  std::string sampling = "natural";
};

void add_network_options(CLI::App& command, ClassifyOptions& options, Words& words) {
  command.add_option("--cell", words.cell, "Recurrent cell: lstm")->capture_default_str();
  command.add_option("--hidden", options.hidden, "Units of a layer")->capture_default_str();
  command.add_option("--layers", options.layers, "Recurrent layers")->capture_default_str();
  command.add_option("--dropout", options.dropout, "Share of outputs dropped in training")
      ->capture_default_str();
  command.add_option("--init", words.init, "First weights: uniform, normal, xavier, kaiming")
      ->capture_default_str();
}

void add_training_options(CLI::App& command, ClassifyOptions& options, Words& words) {
  command.add_option("--optimizer", words.optimizer, "adam or sgd")->capture_default_str();
  command.add_option("--lr", options.rate, "Highest learning rate")->capture_default_str();
  command.add_option("--schedule", words.schedule, "constant, step, cosine or one-cycle")
      ->capture_default_str();
  command.add_option("--clip", options.clip, "Largest norm of the gradients; 0: no limit")
      ->capture_default_str();
  command.add_option("--weight-decay", options.weight_decay, "Decoupled, on matrices")
      ->capture_default_str();
  command.add_option("--batch", options.batch, "Names of one update")->capture_default_str();
  command.add_option("--epochs", options.epochs, "Passes over the training names")
      ->capture_default_str();
  command
      .add_option("--patience", options.patience,
                  "Stop after so many epochs without a better validation; 0: never")
      ->capture_default_str();
  command
      .add_option("--sampling", words.sampling,
                  "natural: names as often as they stand in the files; balanced: each class alike")
      ->capture_default_str();
  command.add_option("--seed", options.seed, "Of the first weights, dropout and order")
      ->capture_default_str();
  command.add_option("--threads", options.threads, "0: one for each core, 2 at most")
      ->capture_default_str();
}

}  // namespace

void add_train(CLI::App& app, Console& console) {
  CLI::App* const train = app.add_subcommand("train", "Train a float model from data");
  train->require_subcommand(1);
  CLI::App* const command = train->add_subcommand(
      "classify",
      "A classifier of names: DIR has one UTF-8 file CLASS.txt a class, one name a line. "
      "The defaults alone give a good model");
  const auto options = std::make_shared<ClassifyOptions>();
  const auto words = std::make_shared<Words>();
  command->add_option("--data", options->data, "The folder")->required();
  command->add_option("--out", options->out, "The checkpoint to write")->capture_default_str();
  command->add_option("--log", options->log,
                      "A file for the run's figures, one JSON object a line");
  add_network_options(*command, *options, *words);
  add_training_options(*command, *options, *words);
  add_json_option(*command, console);
  command->callback([options, words, &console] {
    options->cell = cell_from_name(words->cell, "--cell");
    options->optimizer =
        choose<OptimizerKind>(words->optimizer, "--optimizer",
                              {{"adam", OptimizerKind::adam}, {"sgd", OptimizerKind::sgd}});
    options->init = choose<Initialization>(words->init, "--init",
                                           {{"uniform", Initialization::uniform},
                                            {"normal", Initialization::normal},
                                            {"xavier", Initialization::xavier},
                                            {"kaiming", Initialization::kaiming}});
    options->schedule = choose<Schedule>(words->schedule, "--schedule",
                                         {{"constant", Schedule::constant},
                                          {"step", Schedule::step},
                                          {"cosine", Schedule::cosine},
                                          {"one-cycle", Schedule::one_cycle}});
    options->sampling =
        choose<Sampling>(words->sampling, "--sampling",
                         {{"natural", Sampling::natural}, {"balanced", Sampling::balanced}});
    if (options->threads == 0) {
      options->threads = std::min(2U, std::max(1U, std::thread::hardware_concurrency()));
    }
    train_classify(*options, console);
  });
}

}  // namespace rondo::tool
