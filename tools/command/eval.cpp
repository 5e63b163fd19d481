// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo eval: how good a model is on one side of a data set. The same for float and int8.
#include <chrono>
#include <memory>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/classifier.hpp"
#include "command/command.hpp"
#include "command/language_model.hpp"
#include "command/name_generator.hpp"
#include "command/recorded_model.hpp"
#include "command/recordings.hpp"

namespace rondo::tool {
namespace {

struct Options {
  std::string model;
  std::string data;
  std::string subset = "test";
  bool per_class = false;
  std::string answers;
};

// One line a name: what the model read, its class, the answer.
void write_answers(const std::string& path, const Classifier& model, const Subset& subset,
                   std::span<const std::uint32_t> answers) {
  const Alphabet alphabet(model.alphabet());
  std::string text;
  for (std::size_t b = 0; b < answers.size(); ++b) {
    for (const std::uint32_t token : subset.sequences[b]) text += alphabet.symbols()[token];
    text += '\t' + model.classes()[subset.labels[b]] + '\t' + model.classes()[answers[b]] + '\n';
  }
  write_whole(path, text);
}

void require_classifier_options_unused(const Options& options, const char* what) {
  if (!options.per_class && options.answers.empty()) return;
  throw Error("--per-class, --answers", "are for classifiers; " + options.model + " is " + what);
}

void run_generator(const Options& options, const Console& console) {
  require_classifier_options_unused(options, "a generator of names");
  NameGenerator model(options.model);
  const NamesData data = load_names(options.data, k_generator_letters);
  require_same_classes(data, model.classes(), options.model);
  const std::vector<SpelledName> names = spell(data, places_of(data, options.subset), model.cell());
  const auto start = std::chrono::steady_clock::now();
  const TextFigures figures = model.measure(names);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::string text = line_of_letters(options.subset, names.size(), figures);
  text.pop_back();
  console.say(text);
  nlohmann::json result = to_json(figures);
  result["model"] = options.model;
  result["subset"] = options.subset;
  result["names"] = names.size();
  result["seconds"] = seconds;
  console.result(result);
}

void run_language_model(const Options& options, const Console& console) {
  require_classifier_options_unused(options, "a language model");
  LanguageModel model(options.model);
  const Book book = load_book(options.data, model.split());
  const auto start = std::chrono::steady_clock::now();
  const TextFigures figures = model.measure(book.side(options.subset));
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  console.say(
      format("%s side, %s symbols: %.4f bits per character, perplexity %.4f, %.2f %% foretold",
             options.subset.c_str(), grouped(figures.count).c_str(), figures.bits_per_character(),
             figures.perplexity(), 100 * figures.accuracy));
  nlohmann::json result = to_json(figures);
  result["model"] = options.model;
  result["subset"] = options.subset;
  result["seconds"] = seconds;
  result["tokens_per_second"] = static_cast<double>(figures.count) / seconds;
  console.result(result);
}

void run(const Options& options, const Console& console) {
  if (reads_recordings(options.model)) {
    eval_recordings(options.model, options.data, options.subset, options.per_class, options.answers,
                    console);
    return;
  }
  const std::string task = task_of(options.model);
  if (task == k_language_model) return run_language_model(options, console);
  if (task == k_generate) return run_generator(options, console);
  if (!options.answers.empty()) {
    require_writable(options.answers);
    require_other_file(options.answers, options.model);
  }
  Classifier model(options.model);
  const NamesData data = load_names(options.data, model.alphabet());
  require_same_classes(data, model.classes(), options.model);
  const Subset subset = subset_of(data, options.subset);
  const auto start = std::chrono::steady_clock::now();
  const std::vector<float> logits = model.logits(subset.sequences);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  const std::size_t classes = model.classes().size();
  const Figures figures = figures_of(logits, subset, classes);
  const std::vector<std::uint32_t> answers = answers_of(logits, classes);
  const Confusion confusion(subset.labels, answers, classes);
  if (!options.answers.empty()) write_answers(options.answers, model, subset, answers);
  nlohmann::json result = to_json(figures);
  result["model"] = options.model;
  result["subset"] = options.subset;
  result["seconds"] = seconds;
  const char* const what =
      options.subset == "train" ? "lines, repeats and all (the pool)" : "distinct names";
  console.say(format("%s side, %s %s: plain accuracy %.2f %%, balanced %.2f %%, loss %.4f",
                     options.subset.c_str(), grouped(figures.count).c_str(), what,
                     100 * figures.accuracy, 100 * figures.balanced_accuracy, figures.loss));
  nlohmann::json recalls = nlohmann::json::object();
  for (std::size_t c = 0; c < classes; ++c) {
    const std::optional<double> recall = confusion.recall(c);
    if (!recall) continue;
    recalls[model.classes()[c]] = *recall;
    if (options.per_class) {
      console.say(format("  %-14s %6zu names, %6.2f %% right", model.classes()[c].c_str(),
                         confusion.occurrences(c), 100 * *recall));
    }
  }
  result["recalls"] = recalls;
  console.result(result);
}

}  // namespace

void add_eval(Arguments& program, Console& console) {
  const auto options = std::make_shared<Options>();
  Arguments& command =
      program.command("eval",
                      "Measure a model on data: plain and balanced accuracy and loss of a "
                      "classifier, bits per character and perplexity of a language model, loss and "
                      "perplexity of a letter of a generator; of one that predicts numbers MAE and "
                      "RMSE beside those of a naive guess");
  command.add("MODEL", options->model, "A .safetensors checkpoint or a .rondo image",
              Arguments::Need::required);
  command.add("--data", options->data,
              "What it was trained on: a folder with a UTF-8 file CLASS.txt a class, a text, or "
              "recordings",
              Arguments::Need::required);
  command.add(
      "--subset", options->subset,
      "Which side: train (of names: lines with repeats), valid, test, all (distinct names)");
  command.add_flag("--per-class", options->per_class, "Also the share that is right of each class");
  command.add(
      "--answers", options->answers,
      "A file to write: name, class and answer, tab between, one name a line; of recordings "
      "sequence, row, truth and answer, one window a line");
  add_json_option(command, console);
  command.on_run([options, &console] { run(*options, console); });
}

}  // namespace rondo::tool
