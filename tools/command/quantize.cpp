// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo quantize: a float checkpoint as an image, and what that cost on the data.
#include "quantize/quantize.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <tuple>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/classifier.hpp"
#include "command/command.hpp"
#include "command/imported_model.hpp"
#include "command/language_model.hpp"
#include "command/name_generator.hpp"
#include "command/poor_rows.hpp"
#include "command/recordings.hpp"
#include "quantize/compare.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

struct Options {
  std::string model;
  std::string data;
  std::string out;
  std::string type = "int8";
  int activations = 8;
  std::string report;
  std::uint32_t version = 0;
  std::size_t max_steps = 0;
};

void require_known(const Options& options) {
  if (options.type != "int8" && options.type != "f32") {
    throw Error("--type", "unknown type \"" + options.type + "\"", "known: int8, f32");
  }
  if (options.activations != 8 && options.activations != 16) {
    throw Error("--activations", "is " + std::to_string(options.activations), "known: 8, 16");
  }
}

// What the image says about itself.
std::string metadata_of(const Checkpoint& checkpoint) {
  return description_of(checkpoint).dump();
}

// The steps of the longest sequence, which a bidirectional image must have room for.
std::size_t longest_of(const Options& options, const Checkpoint& checkpoint) {
  std::size_t longest = 0;
  for (const NameLine& line : load_names(options.data, checkpoint.alphabet).lines) {
    longest = std::max(longest, line.tokens.size());
  }
  return longest;
}

void say_comparison(const Console& console, const Comparison& c, const NetShape& shape) {
  console.say(format("error of the int8 runtime against float, %s steps      mean    largest",
                     grouped(c.steps).c_str()));
  const auto say = [&](const std::string& what, const Deviation& d) {
    console.say(format("  %-48s %.5f    %.5f", what.c_str(), d.mean(), d.largest));
  };
  std::uint64_t gates = 0, cells = 0;
  for (std::size_t l = 0; l < c.layers.size(); ++l) {
    const LayerDeviation& layer = c.layers[l];
    const std::vector<std::string> names = gate_names(shape.cell);
    const std::string place =
        format("layer %zu", l / shape.halves()) + (l % shape.halves() == 1 ? " backward" : "");
    for (std::size_t gate = 0; gate < names.size(); ++gate) {
      say(place + ", " + names[gate], layer.gates[gate]);
    }
    if (layer.c.count > 0) say(place + ", cell c", layer.c);
    say(place + ", output h", layer.h);
    gates += layer.saturated_gates;
    cells += layer.saturated_cells;
  }
  say("scores", c.scores);
  console.say(format("saturated: %s gate arguments, %s cells, %s inputs", grouped(gates).c_str(),
                     grouped(cells).c_str(), grouped(c.saturated_inputs).c_str()));
}

// Float and image on the test side.
json measure(const Checkpoint& checkpoint, const Options& options,
             const std::vector<std::uint8_t>& bytes, const Console& console) {
  if (checkpoint.shape.input == InputKind::reals) {
    MeasuredRecordings measured =
        measure_recordings(checkpoint, options.model, options.data, options.type, bytes, console);
    if (measured.comparison) say_comparison(console, *measured.comparison, checkpoint.shape);
    return measured.result;
  }
  const NamesData data = load_names(options.data, checkpoint.alphabet);
  require_same_classes(data, checkpoint.classes, options.model);
  const Subset subset = subset_of(data, "test");
  const std::size_t classes = checkpoint.classes.size();
  const std::unique_ptr<Trainer> trainer = trainer_of(checkpoint, options.model, 1);
  LoadedImage image(bytes, options.out);
  const Figures before = figures_of(logits_of(*trainer, subset.sequences), subset, classes);
  const Figures after = figures_of(logits_of(image, subset.sequences), subset, classes);
  console.say(format("test side, %s distinct names      plain %%  balanced %%     loss",
                     grouped(before.count).c_str()));
  const char* const kind = options.type == "int8" ? "int8 image" : "f32 image";
  for (const auto& [name, f] : {std::pair{"float net", before}, {kind, after}}) {
    console.say(format("  %-26s   %7.2f     %7.2f   %.4f", name, 100 * f.accuracy,
                       100 * f.balanced_accuracy, f.loss));
  }
  json result = {{"float", to_json(before)}, {options.type, to_json(after)}};
  if (options.type == "f32") return result;

  std::vector<Sequence> batch;
  for (const auto tokens : subset.sequences) {
    batch.push_back({.tokens = tokens, .reals = {}, .targets = {}});
  }
  const Comparison comparison = compare(*trainer, bytes, batch);
  console.say(format("  the same answer to %s names, %.2f %%", grouped(comparison.agreeing).c_str(),
                     100.0 * static_cast<double>(comparison.agreeing) /
                         static_cast<double>(comparison.sequences)));
  say_comparison(console, comparison, checkpoint.shape);
  result["comparison"] = to_json(comparison);
  return result;
}

// A language model, on the test side, or on all of the text where it was trained on all of it.
json measure_text(const Checkpoint& checkpoint, const Options& options,
                  const std::vector<std::uint8_t>& bytes, const Console& console) {
  LanguageModel before(checkpoint, options.model), after(bytes, options.out);
  const Book book = load_book(options.data, before.split());
  const char* const side = book.split.three_sides ? "test" : "all";
  const std::span<const std::uint32_t> tokens = book.side(side);
  json result;
  console.say(format("%s side, %s symbols       bits per character  perplexity  foretold %%", side,
                     grouped(tokens.size() - 1).c_str()));
  const char* const kind = options.type == "int8" ? "int8 image" : "f32 image";
  for (const auto& [name, key, model] :
       {std::tuple{"float net", "float", &before}, {kind, options.type.c_str(), &after}}) {
    const TextFigures f = model->measure(tokens);
    console.say(format("  %-26s   %18.4f  %10.4f     %7.2f", name, f.bits_per_character(),
                       f.perplexity(), 100 * f.accuracy));
    result[key] = to_json(f);
  }
  result["subset"] = side;
  if (options.type == "f32") return result;

  constexpr std::size_t k_steps = 200;  // a trace of a whole book would take gigabytes
  std::vector<Sequence> pieces;
  for (std::size_t at = 0; at < tokens.size(); at += k_steps) {
    const std::size_t steps = std::min(k_steps, tokens.size() - at);
    pieces.push_back({.tokens = tokens.subspan(at, steps), .reals = {}, .targets = {}});
  }
  const std::unique_ptr<Trainer> trainer = trainer_of(checkpoint, options.model, 1);
  const Comparison comparison = compare(*trainer, bytes, pieces);
  console.say(format(
      "  the same greatest score after %.2f %% of the symbols",
      100.0 * static_cast<double>(comparison.agreeing) / static_cast<double>(comparison.answers)));
  say_comparison(console, comparison, checkpoint.shape);
  result["comparison"] = to_json(comparison);
  return result;
}

// A generator of names, on the test side.
json measure_generator(const Checkpoint& checkpoint, const Options& options,
                       const std::vector<std::uint8_t>& bytes, const Console& console) {
  NameGenerator before(checkpoint, options.model), after(bytes, options.out);
  const NamesData data = load_names(options.data, k_generator_letters);
  require_same_classes(data, checkpoint.conditions, options.model);
  const std::vector<SpelledName> names =
      spell(data, places_of(data, "test"), checkpoint.shape.cell);
  json result = {{"float", to_json(before.measure(names))},
                 {options.type, to_json(after.measure(names))}};
  console.say(format("test side, %s names              loss of a letter  perplexity  foretold %%",
                     grouped(names.size()).c_str()));
  for (const char* const key : {"float", options.type.c_str()}) {
    const json& f = result[key];
    console.say(format("  %-26s   %18.4f  %10.4f     %7.2f",
                       (key + std::string(key == options.type ? " image" : " net")).c_str(),
                       f["loss"].get<double>(), f["perplexity"].get<double>(),
                       100 * f["accuracy"].get<double>()));
  }
  if (options.type == "f32") return result;
  std::vector<Sequence> batch;
  batch.reserve(names.size());
  for (const SpelledName& name : names) batch.push_back(name.sequence());
  const std::unique_ptr<Trainer> trainer = trainer_of(checkpoint, options.model, 1);
  const Comparison comparison = compare(*trainer, bytes, batch);
  say_comparison(console, comparison, checkpoint.shape);
  result["comparison"] = to_json(comparison);
  return result;
}

json measure_any(const Checkpoint& checkpoint, const Options& options,
                 const std::vector<std::uint8_t>& bytes, const Console& console) {
  if (checkpoint.task == k_language_model) return measure_text(checkpoint, options, bytes, console);
  if (checkpoint.task == k_generate) return measure_generator(checkpoint, options, bytes, console);
  return measure(checkpoint, options, bytes, console);
}

void run(const Options& options, const Console& console) {
  require_known(options);
  require_writable(options.out);
  require_other_file(options.out, options.model);
  if (is_imported(options.model)) {
    quantize_imported({options.model, options.data, options.out, options.type == "int8",
                       options.activations, options.report, options.version, options.max_steps},
                      console);
    return;
  }
  const Checkpoint checkpoint = read_checkpoint(options.model);
  std::size_t max_steps = options.max_steps;
  RecordingCalibration seen;
  if (checkpoint.shape.input == InputKind::reals) {
    seen = calibrate_recordings(checkpoint, options.model, options.data, options.type == "int8");
  } else if (checkpoint.shape.bidirectional) {
    seen.longest = longest_of(options, checkpoint);
  }
  if (max_steps == 0) max_steps = seen.longest;
  Quantized quantized;
  if (options.type == "int8") {
    quantized = quantize(checkpoint, seen.calibration, options.activations, max_steps);
  } else {
    quantized.content = float_content(checkpoint, max_steps);
  }
  quantized.content.metadata = metadata_of(checkpoint);
  quantized.content.user_version = options.version;
  const std::vector<std::uint8_t> bytes = pack(quantized.content, Packing::host);
  json result = measure_any(checkpoint, options, bytes, console);
  if (options.type == "int8") {
    say_poor_rows(console, quantized.poor_rows);
    result["poor_rows"] = to_json(quantized.poor_rows);
  }
  result["model"] = options.model;
  result["image"] = options.out;
  result["image_bytes"] = bytes.size();
  write_whole(options.out, bytes);
  if (!options.report.empty()) {
    std::error_code code;
    std::filesystem::create_directories(options.report, code);
    write_whole(std::filesystem::path(options.report) / "quantize.json", result.dump(2) + "\n");
  }
  console.say(format("%s: %s bytes", options.out.c_str(), grouped(bytes.size()).c_str()));
  console.result(result);
}

}  // namespace

void add_quantize(Arguments& program, Console& console) {
  const auto options = std::make_shared<Options>();
  Arguments& command = program.command(
      "quantize",
      "Turn a float checkpoint into a .rondo image and say what that cost: accuracy or bits per "
      "character before and after, error of every layer and gate, saturations");
  command.add("MODEL", options->model, "The .safetensors checkpoint", Arguments::Need::required);
  command.add("--data", options->data, "What it was trained on: a folder, a text or FILE.csv",
              Arguments::Need::required);
  command.add("--out", options->out, "The image to write", Arguments::Need::required);
  command.add("--type", options->type, "Weights: int8, or f32 to keep floats");
  command.add("--activations", options->activations, "Bits of h between layers and steps: 8 or 16");
  command.add(
      "--max-steps", options->max_steps,
      "Bidirectional models: what the image reads of a sequence, the rest is cut off; 0: as "
      "much as the longest in the data has");
  command.add("--report", options->report, "Folder for the report as quantize.json");
  command.add("--user-version", options->version, "A number of your own in the image");
  add_json_option(command, console);
  command.on_run([options, &console] { run(*options, console); });
}

}  // namespace rondo::tool
