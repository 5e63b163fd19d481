// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo predict: what a model says to some texts.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>
#include <numeric>

#include "base/error.hpp"
#include "command/classifier.hpp"
#include "command/command.hpp"
#include "command/imported_model.hpp"
#include "command/recorded_model.hpp"
#include "command/recordings.hpp"

namespace rondo::tool {
namespace {

struct Options {
  std::string model;
  std::vector<std::string> texts;
  std::string input, output;
  std::size_t top = 3;
  bool scores = false;
};

std::vector<double> softmax(std::span<const float> logits) {
  const double most = *std::max_element(logits.begin(), logits.end());
  std::vector<double> p;
  for (const float logit : logits) p.push_back(std::exp(logit - most));
  const double sum = std::accumulate(p.begin(), p.end(), 0.0);
  for (double& v : p) v /= sum;
  return p;
}

// A line a text: what the model read, its answer, every score, as the firmware demo prints them.
void print_scores(Classifier& model, const std::vector<std::vector<std::uint32_t>>& tokens,
                  const Console& console) {
  const Alphabet alphabet(model.alphabet());
  nlohmann::json predictions = nlohmann::json::array();
  for (const auto& text : tokens) {
    std::string read;
    for (const std::uint32_t token : text) read += alphabet.symbols()[token];
    const std::vector<float> logits = model.logits({text});
    const std::string& answer = model.classes()[answers_of(logits, logits.size())[0]];
    nlohmann::json scores = nlohmann::json::array();
    std::string line = read + "\t" + answer + "\t";
    for (std::size_t i = 0; i < logits.size(); ++i) {
      const auto steps = static_cast<long>(std::lround(logits[i] * 65536.0F));
      if (i > 0) line += ' ';
      line += std::to_string(steps);
      scores.push_back(steps);
    }
    console.say(line);
    predictions.push_back({{"text", read}, {"class", answer}, {"scores", scores}});
  }
  console.result({{"predictions", predictions}});
}

void run(Options options, const Console& console) {
  if (is_imported(options.model)) {
    if (!options.texts.empty() || options.scores) {
      throw Error("TEXT, --scores", options.model + " is an imported network, it reads numbers",
                  "give --input FILE.csv");
    }
    predict_imported(options.model, options.input, options.output, console);
    return;
  }
  if (reads_recordings(options.model)) {
    if (!options.texts.empty() || options.scores) {
      throw Error("TEXT, --scores", options.model + " reads recordings, not texts",
                  "give --input FILE.csv");
    }
    predict_recordings(options.model, options.input, options.output, console);
    return;
  }
  if (!options.input.empty() || !options.output.empty()) {
    throw Error("--input, --output", "are for recordings; " + options.model + " reads texts",
                "give texts as arguments, or one a line on standard input");
  }
  Classifier model(options.model);
  if (options.texts.empty()) {
    for (std::string line; std::getline(std::cin, line);) {
      if (!line.empty() && line.back() == '\r') line.pop_back();
      if (!line.empty()) options.texts.push_back(line);
    }
  }
  if (options.texts.empty()) {
    throw Error("TEXT", "no text was given", "name one, or give lines on standard input");
  }
  const Alphabet alphabet(model.alphabet());
  std::vector<std::vector<std::uint32_t>> tokens;
  for (const std::string& text : options.texts) {
    tokens.push_back(alphabet.encode(normalize_name(text, model.alphabet())));
    if (tokens.back().empty()) {
      throw Error("TEXT", "\"" + text + "\" has no letter that the model knows",
                  "its alphabet is: " + model.alphabet());
    }
  }
  if (options.scores) {
    print_scores(model, tokens, console);
    return;
  }
  const std::vector<float> logits = model.logits({tokens.begin(), tokens.end()});
  const std::size_t classes = model.classes().size();
  const std::size_t top = std::min(std::max<std::size_t>(options.top, 1), classes);
  nlohmann::json predictions = nlohmann::json::array();
  for (std::size_t b = 0; b < tokens.size(); ++b) {
    const std::vector<double> p = softmax(std::span(logits).subspan(b * classes, classes));
    std::vector<std::size_t> order(classes);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t c) { return p[a] > p[c]; });
    nlohmann::json answers = nlohmann::json::array();
    std::string line = format("%-20s", options.texts[b].c_str());
    for (std::size_t i = 0; i < top; ++i) {
      line += format("  %-12s %5.1f %%", model.classes()[order[i]].c_str(), 100 * p[order[i]]);
      answers.push_back({{"class", model.classes()[order[i]]}, {"probability", p[order[i]]}});
    }
    console.say(line);
    predictions.push_back({{"text", options.texts[b]}, {"answers", answers}});
  }
  console.result({{"model", options.model}, {"predictions", predictions}});
}

}  // namespace

void add_predict(Arguments& program, Console& console) {
  const auto options = std::make_shared<Options>();
  Arguments& command = program.command("predict", "Ask a model about texts or recordings");
  command.add("MODEL", options->model, "A .safetensors checkpoint or a .rondo image",
              Arguments::Need::required);
  command.add("TEXT", options->texts, "Texts; none: one a line from standard input");
  command.add("--input", options->input,
              "Recordings: a CSV file with the model's columns and, of several, sequence; "
              "imported networks: a row for each step, with or without names on top");
  command.add("--output", options->output,
              "Recordings: the CSV file to write, a row for each window: sequence, row of its last "
              "step, answer; of imported networks a row of outputs for each step; none: standard "
              "output");
  command.add("--top", options->top, "How many answers to each");
  command.add_flag("--scores", options->scores,
                   "Print what was read, the answer and all scores in steps of 2^-16, tab between");
  add_json_option(command, console);
  command.on_run([options, &console] { run(*options, console); });
}

}  // namespace rondo::tool
