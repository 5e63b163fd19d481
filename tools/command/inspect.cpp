// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo inspect: what is in a model, and what it costs in flash and RAM.
#include <memory>

#include "base/error.hpp"
#include "command/command.hpp"
#include "command/fit.hpp"
#include "command/imported_model.hpp"
#include "formats/checkpoint.hpp"
#include "formats/header.hpp"
#include "formats/loaded_image.hpp"
#include "import/chain_file.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

// Bytes of weights and row constants that one step reads of a layer: all of it but the columns of
// the tokens that are not there.
std::uint64_t bytes_of_step(const LayerRecord& record, Packing packing) {
  if (record.kind == Kind::pool) return 0;
  if (record.kind == Kind::skip) return record.type == Type::f32 ? 0 : 8 * record.outputs;
  const Shape shape = shape_of(gates_of(record.kind), record.type, record.outputs, packing);
  const bool is_float = record.type == Type::f32, recurrent = record.recurrent != Format::token;
  const std::uint64_t of_w = record.input == Format::token ? 1 : shape.padded(record.inputs);
  const std::uint64_t of_u = recurrent ? shape.padded(record.outputs) : 0;
  const std::uint64_t constants = is_float ? 4 : recurrent ? 12 : 8;
  const std::uint64_t inside_reset = record.kind == Kind::gru ? 4 * shape.units : 0;
  return shape.rows() * ((of_w + of_u) * (is_float ? 4 : 1) + constants) + inside_reset;
}

// Whether a layer waits until scores are asked for: those behind the last one with a state.
bool is_lazy(const Model& model, std::size_t layer) {
  for (std::size_t i = layer; i < model.layers(); ++i) {
    if (model.cell(i).output != nullptr) return false;
  }
  return model.max_steps() == 0;
}

json layer_json(const LayerRecord& record, Packing packing) {
  return {{"kind", name_of(record.kind)},
          {"type", record.type == Type::f32 ? "f32" : "s8"},
          {"input", name_of(record.input)},
          {"output", name_of(record.output)},
          {"recurrent", record.recurrent == Format::token ? "none" : name_of(record.recurrent)},
          {"inputs", record.inputs},
          {"outputs", record.outputs},
          {"shift_w", record.shift_w},
          {"shift_u", record.shift_u},
          {"bytes_of_step", bytes_of_step(record, packing)}};
}

void inspect_image(const std::string& path, const Console& console) {
  const std::unique_ptr<LoadedImage> image = load_image(path);
  const Model& model = image->model;
  const ArenaBytes host = model.arena_bytes();
  const ImageContent content = unpack({image->bytes().data(), image->bytes().size()});
  ImageContent bare = content;
  bare.metadata.clear();
  const std::vector<std::uint8_t> packed = pack(bare, Packing::cortex_m);
  const AlignedBytes device{std::span<const std::uint8_t>(packed)};
  ArenaBytes arena{};
  if (Model::measure(device.bytes(), all_cells(), arena, 4) != Status::ok) {
    throw std::logic_error("inspect: the packed image does not load");
  }
  json layers = json::array();
  std::uint64_t step = 0, scores = 0;
  const std::string task = image->task.empty() ? "" : " for the task " + image->task;
  console.say(format("%s: %s model%s, format %u, packing %s, model id %08x", path.c_str(),
                     model.type() == Type::f32 ? "float" : "int8", task.c_str(), k_format_version,
                     name_of(model.packing()), model.model_id()));
  for (std::size_t i = 0; i < model.layers(); ++i) {
    const LayerRecord& record = model.record(i);
    const std::uint64_t bytes = bytes_of_step(record, Packing::cortex_m);
    (is_lazy(model, i) ? scores : step) += bytes;
    layers.push_back(layer_json(record, Packing::cortex_m));
    console.say(format("  %zu  %-10s %4u -> %-4u  %-5s to %-5s  weights %s  %9s bytes read", i,
                       name_of(record.kind), record.inputs, record.outputs, name_of(record.input),
                       name_of(record.output), record.type == Type::f32 ? "f32 " : "int8",
                       grouped(bytes).c_str()));
  }
  console.say(format("on this host:  image %s bytes, arena %s bytes",
                     grouped(image->bytes().size()).c_str(), grouped(host.total()).c_str()));
  console.say(
      format("on Cortex-M:   image %s bytes of flash, arena %s bytes of RAM "
             "(model %u, state %u a stream, scratch %u)",
             grouped(packed.size()).c_str(), grouped(arena.total()).c_str(), arena.model,
             arena.state, arena.scratch));
  console.say(
      format("               a load reads the image twice, a step %s bytes, scores %s bytes",
             grouped(step).c_str(), grouped(scores).c_str()));
  console.result({{"file", path},
                  {"type", model.type() == Type::f32 ? "f32" : "s8"},
                  {"format", k_format_version},
                  {"packing", name_of(model.packing())},
                  {"model_id", model.model_id()},
                  {"layers", layers},
                  {"host", {{"image_bytes", image->bytes().size()}, {"arena_bytes", host.total()}}},
                  {"cortex_m",
                   {{"image_bytes", packed.size()},
                    {"arena_bytes", arena.total()},
                    {"model_bytes", arena.model},
                    {"state_bytes", arena.state},
                    {"scratch_bytes", arena.scratch},
                    {"bytes_of_step", step},
                    {"bytes_of_scores", scores}}},
                  {"metadata", image->description}});
}

void inspect_checkpoint(const std::string& path, const Console& console) {
  const Checkpoint checkpoint = read_checkpoint(path);
  const NetShape& shape = checkpoint.shape;
  std::size_t parameters = 0;
  json tensors = json::array();
  for (const Tensor& tensor : checkpoint.tensors) {
    std::size_t size = 1;
    for (const std::size_t n : tensor.shape) size *= n;
    parameters += size;
    tensors.push_back({{"name", tensor.name}, {"shape", tensor.shape}});
  }
  console.say(
      format("%s: float checkpoint for the task %s, %s%s, %zu layer(s) of %zu units, %zu inputs, "
             "%zu outputs, %s parameters",
             path.c_str(), checkpoint.task.c_str(), shape.bidirectional ? "bidirectional " : "",
             name_of(shape.cell), shape.layers, shape.hidden, shape.inputs, shape.outputs,
             grouped(parameters).c_str()));
  for (const Tensor& tensor : checkpoint.tensors) {
    console.say(format("  %-14s %s", tensor.name.c_str(), shape_text(tensor.shape).c_str()));
  }
  console.result({{"file", path},
                  {"task", checkpoint.task},
                  {"cell", name_of(shape.cell)},
                  {"inputs", shape.inputs},
                  {"hidden", shape.hidden},
                  {"layers", shape.layers},
                  {"bidirectional", shape.bidirectional},
                  {"outputs", shape.outputs},
                  {"parameters", parameters},
                  {"tensors", tensors},
                  {"classes", checkpoint.classes},
                  {"training", checkpoint.training}});
}

struct Options {
  std::string model;
  std::vector<std::string> fit;
  std::string cell = "all";
  std::string target = "cortex-m4";
  std::string input;
  std::uint32_t inputs = 0;
  std::uint32_t outputs = 0;
  std::uint32_t layers = 0;
  std::uint32_t activations = 0;
};

// What MODEL says of the task.
void take_from_model(const std::string& path, FitTask& task) {
  if (is_image(path)) {
    const std::unique_ptr<LoadedImage> image = load_image(path);
    const Model& model = image->model;
    task.input = model.input() == Format::token ? Format::token : Format::s16;
    task.inputs = model.inputs();
    task.outputs = model.outputs();
    return;
  }
  const NetShape shape = read_checkpoint(path).shape;
  task.input = shape.input == InputKind::tokens ? Format::token : Format::s16;
  task.inputs = static_cast<std::uint32_t>(shape.inputs);
  task.outputs = static_cast<std::uint32_t>(shape.outputs);
}

FitTask task_of(const Options& options) {
  FitTask task;
  read_limits(options.fit, task);
  if (!options.model.empty()) take_from_model(options.model, task);
  task.target = options.target;
  if (options.input != "" && options.input != "token" && options.input != "real") {
    throw Error("--input", "unknown kind \"" + options.input + "\"", "known: token, real");
  }
  if (options.input != "") task.input = options.input == "token" ? Format::token : Format::s16;
  if (options.inputs != 0) task.inputs = options.inputs;
  if (options.outputs != 0) task.outputs = options.outputs;
  if (options.layers != 0) task.layers = options.layers;
  if (task.inputs == 0 || task.outputs == 0) {
    throw Error("--fit", "how many inputs and outputs?",
                "name a MODEL that has them, or give --inputs and --outputs");
  }
  constexpr std::uint32_t k_most = 4096;
  if (task.inputs > k_most || task.outputs > k_most || task.layers > 8) {
    throw Error("--fit", "more than 4096 inputs or outputs, or more than 8 layers",
                "no microcontroller holds such a network");
  }
  if (options.activations != 0 && options.activations != 8 && options.activations != 16) {
    throw Error("--activations", "must be 8 or 16", "8 is the default of rondo quantize");
  }
  task.activations = options.activations == 16 ? Format::s16 : Format::s8;
  return task;
}

std::vector<Kind> kinds_of(const std::string& cell) {
  std::vector<Kind> kinds;
  for (const Kind kind : {Kind::lstm, Kind::gru, Kind::rnn}) {
    if (cell == "all" || cell == name_of(kind)) kinds.push_back(kind);
  }
  if (kinds.empty()) {
    throw Error("--cell", "unknown cell \"" + cell + "\"", "known: lstm, gru, rnn, all");
  }
  return kinds;
}

void inspect_fit(const Options& options, const Console& console) {
  const FitTask task = task_of(options);
  std::vector<std::pair<Kind, Fit>> found;
  for (const Kind kind : kinds_of(options.cell)) found.emplace_back(kind, largest_fit(task, kind));
  console.say(
      format("%s flash, %s RAM on %s: %u %s in, %u scores out, %u layer(s), %s-bit "
             "activations",
             grouped(task.flash).c_str(), grouped(task.ram).c_str(), task.target.c_str(),
             task.inputs, task.input == Format::token ? "tokens" : "numbers", task.outputs,
             task.layers, task.activations == Format::s16 ? "16" : "8"));
  console.say("  cell  largest H    image +   code = flash      arena + stack = RAM");
  json fits = json::array();
  for (const auto& [kind, fit] : found) {
    console.say(format("  %-5s %9u  %7s  %7s  %7s    %7s %7s %7s%s", name_of(kind), fit.hidden,
                       grouped(fit.image).c_str(), grouped(fit.code).c_str(),
                       grouped(fit.flash()).c_str(), grouped(fit.arena).c_str(),
                       grouped(fit.stack).c_str(), grouped(fit.ram()).c_str(),
                       fit.hidden == 0 ? "  (so much for one unit: does not fit)" : ""));
    fits.push_back({{"cell", name_of(kind)},
                    {"hidden", fit.hidden},
                    {"image_bytes", fit.image},
                    {"code_bytes", fit.code},
                    {"flash_bytes", fit.flash()},
                    {"arena_bytes", fit.arena},
                    {"stack_bytes", fit.stack},
                    {"ram_bytes", fit.ram()}});
  }
  console.say(
      "Code: the runtime of one cell with its head, by g++ -Os; C library, start-up and your own "
      "program come on top.");
  console.result({{"target", task.target},
                  {"flash", task.flash},
                  {"ram", task.ram},
                  {"inputs", task.inputs},
                  {"outputs", task.outputs},
                  {"layers", task.layers},
                  {"fits", fits}});
}

void run(const Options& options, const Console& console) {
  if (!options.fit.empty()) {
    inspect_fit(options, console);
  } else if (options.model.empty()) {
    throw Error("MODEL", "is missing", "name a .rondo image or a .safetensors checkpoint");
  } else if (is_image(options.model)) {
    inspect_image(options.model, console);
  } else if (is_chain(options.model)) {
    inspect_imported(options.model, console);
  } else {
    inspect_checkpoint(options.model, console);
  }
}

}  // namespace

void add_inspect(Arguments& program, Console& console) {
  const auto options = std::make_shared<Options>();
  Arguments& command = program.command(
      "inspect",
      "Show what is in a model: layers, number formats, flash and RAM it needs; or, with --fit, "
      "how large a network may be for given flash and RAM");
  command.add(
      "MODEL", options->model,
      "A .rondo image or a .safetensors checkpoint; with --fit it gives inputs and outputs");
  command.add(
      "--fit", options->fit,
      "flash=SIZE ram=SIZE, such as flash=64K ram=8K: the most units that fit, cell by cell");
  command.add("--cell", options->cell, "With --fit: lstm, gru, rnn or all");
  command.add("--target", options->target,
              "With --fit: cortex-m0, m3, m4, m7, m33 or m55, in full");
  command.add("--inputs", options->inputs,
              "With --fit: tokens, or numbers of a step (0: as MODEL)");
  command.add("--outputs", options->outputs, "With --fit: scores (0: as MODEL)");
  command.add("--input", options->input, "With --fit: token or real (default: as MODEL, or token)");
  command.add("--layers", options->layers, "With --fit: layers of that cell (0: one)");
  command.add("--activations", options->activations, "With --fit: 8 or 16 bits (0: 8)");
  add_json_option(command, console);
  command.on_run([options, &console] { run(*options, console); });
}

}  // namespace rondo::tool
