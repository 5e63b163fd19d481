// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo generate: how a language model goes on after a prefix, or names that a generator makes up.
// What is drawn from an int8 image a device draws too: see rondo/sample.hpp.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>

#include "base/error.hpp"
#include "command/command.hpp"
#include "command/language_model.hpp"
#include "command/name_generator.hpp"

namespace rondo::tool {
namespace {

struct Options {
  std::string model;
  std::string prefix;
  std::size_t length = 100;
  double temperature = 0.8;
  std::uint32_t top_k = 0;
  std::uint32_t seed = 1;
  std::string of_class;
  std::size_t count = 1;
};

constexpr std::size_t k_most_length = 10000000;

// Q16.16.
std::uint32_t temperature_of(const Options& options) {
  constexpr double k_most = 1000;
  if (!(options.temperature >= 0) || options.temperature > k_most) {
    throw Error("--temperature", "must be 0 to 1000", "0.8 is usual; 0 takes the likeliest symbol");
  }
  const double steps = std::round(options.temperature * k_temperature_one);
  // Not 0, which is greedy, where a small temperature was meant.
  return steps < 1 && options.temperature > 0 ? 1 : static_cast<std::uint32_t>(steps);
}

std::uint32_t label_of(const NameGenerator& model, const Options& options) {
  const std::vector<std::string>& classes = model.classes();
  const auto found = std::find(classes.begin(), classes.end(), options.of_class);
  if (found != classes.end()) return static_cast<std::uint32_t>(found - classes.begin());
  std::string known;
  for (const std::string& name : classes) known += (known.empty() ? "" : ", ") + name;
  throw Error("--class",
              options.of_class.empty() ? options.model + " makes names of a class, none was given"
                                       : "unknown class \"" + options.of_class + "\"",
              "known: " + known);
}

void run_names(const Options& options, const rondo::Sampling& sampling, const Console& console) {
  if (options.count < 1 || options.count > k_most_length) {
    throw Error("--count", "must be 1 to 10000000");
  }
  NameGenerator model(options.model);
  const std::uint32_t label = label_of(model, options);
  const std::string prefix = normalize_name(options.prefix, k_generator_letters);
  std::uint32_t random = options.seed;
  nlohmann::json names = nlohmann::json::array();
  for (std::size_t i = 0; i < options.count; ++i) {
    names.push_back(model.generate(label, prefix, options.length, sampling, random));
    console.say(names.back().get<std::string>());
  }
  console.result({{"model", options.model},
                  {"class", options.of_class},
                  {"prefix", prefix},
                  {"names", names},
                  {"temperature", options.temperature},
                  {"top_k", options.top_k},
                  {"seed", options.seed},
                  {"count", options.count}});
}

void run_text(const Options& options, const rondo::Sampling& sampling, const Console& console) {
  if (!options.of_class.empty() || options.count != Options().count) {
    throw Error("--class, --count",
                "are for generators of names; " + options.model + " is a language model");
  }
  LanguageModel model(options.model);
  const std::string prefix = normalize_text(options.prefix);
  if (prefix.empty()) {
    throw Error("--prefix", "is empty, at least one symbol was expected",
                "begin the text: --prefix \"the time traveller\"");
  }
  const auto start = std::chrono::steady_clock::now();
  const std::string text = model.generate(prefix, options.length, sampling, options.seed);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  console.say(prefix + text);
  const auto tokens = static_cast<double>(prefix.size() + text.size());
  console.result({{"model", options.model},
                  {"prefix", prefix},
                  {"text", text},
                  {"temperature", options.temperature},
                  {"top_k", options.top_k},
                  {"seed", options.seed},
                  {"count", text.size()},
                  {"seconds", seconds},
                  {"tokens_per_second", tokens / seconds}});
}

void run(const Options& options, const Console& console) {
  const rondo::Sampling sampling = rondo::sampling(temperature_of(options), options.top_k);
  if (options.length < 1 || options.length > k_most_length) {
    throw Error("--length", "must be 1 to 10000000");
  }
  if (task_of(options.model) == k_generate) {
    run_names(options, sampling, console);
  } else {
    run_text(options, sampling, console);
  }
}

}  // namespace

void add_generate(Arguments& program, Console& console) {
  const auto options = std::make_shared<Options>();
  Arguments& command = program.command(
      "generate",
      "Go on after a prefix with a language model, or make up names of a class with a generator. "
      "From an int8 image a device draws the same symbols with the same seed: rondo::sample");
  command.add("MODEL", options->model, "A .safetensors checkpoint or a .rondo image",
              Arguments::Need::required);
  command.add("--prefix", options->prefix,
              "Text the model reads first. For a language model capitals become small and all but "
              "letters blanks; names may do without");
  command.add("--class", options->of_class, "Of names: the class they are of");
  command.add("--count", options->count, "Of names: how many");
  command.add("--length", options->length, "Symbols to write after the prefix; of names, at most");
  command.add("--temperature", options->temperature,
              "Scores are divided by it: small is careful, great is wild; 0: the likeliest symbol, "
              "always");
  command.add("--top-k", options->top_k, "Draw among the k likeliest symbols; 0: among all");
  command.add("--seed", options->seed, "Of the random numbers");
  add_json_option(command, console);
  command.on_run([options, &console] { run(*options, console); });
}

}  // namespace rondo::tool
