// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo import: a network that another program made, as a checkpoint for predict, quantize and
// export; as an ordinary classifier where its alphabet is given.
#include <memory>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/command.hpp"
#include "formats/loaded_image.hpp"
#include "import/chain_file.hpp"
#include "import/readers.hpp"
#include "import/trained.hpp"
#include "onnx/import_onnx.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

struct Options {
  std::string file;
  std::string out;
  std::string classes;
  std::string alphabet;
  ImportOptions how;
};

std::vector<std::string> names_in(const std::string& list) {
  std::vector<std::string> names;
  for (std::size_t at = 0; !list.empty() && at <= list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    names.push_back(list.substr(at, end - at));
    if (names.back().empty()) throw Error("--classes", "has an empty name", "as: cat,dog,bird");
    at = end + 1;
  }
  return names;
}

void require_known_cell(const std::string& cell) {
  for (const char* const known : {"", "lstm", "gru", "rnn", "relu", "classroom"}) {
    if (cell == known) return;
  }
  throw Error("--cell", "unknown cell \"" + cell + "\"", "known: lstm, gru, rnn, relu, classroom");
}

// By what stands in the file rather than by its name, where that is clear.
ImportedModel read_foreign(const Options& options) {
  const std::filesystem::path path(options.file);
  if (is_image(path)) {
    throw Error(options.file, "is an image of rondo", "predict and export take it as it is");
  }
  const std::string end = path.extension().string();
  if (end == ".json" || end == ".nam" || end == ".aidax") return import_json(path, options.how);
  if (end == ".safetensors") return import_safetensors(path, options.how);
  if (end == ".onnx") return import_onnx(read_bytes(path), options.file);
  throw Error(
      options.file, "ends in \"" + end + "\"",
      "known: .safetensors (PyTorch), .onnx, .json (RTNeural, Keras, GuitarML), .nam; save a "
      "state_dict of PyTorch as .safetensors");
}

void run(const Options& options, const Console& console) {
  require_known_cell(options.how.cell);
  require_writable(options.out);
  require_other_file(options.out, options.file);
  ImportOptions how = options.how;
  how.tokens = how.tokens || !options.alphabet.empty();
  Options all = options;
  all.how = how;
  ImportedModel model = read_foreign(all);
  model.source["file"] = std::filesystem::path(options.file).filename().string();
  if (!options.classes.empty()) model.classes = names_in(options.classes);
  const ImageContent& content = model.content;
  if (!model.classes.empty() && model.classes.size() != content.outputs) {
    throw Error("--classes", "names " + std::to_string(model.classes.size()) + " classes, " +
                                 options.file + " has " + std::to_string(content.outputs) +
                                 " outputs");
  }
  if (options.alphabet.empty()) {
    write_chain(options.out, model);
  } else {
    write_checkpoint(options.out, as_classifier(model, options.alphabet, options.file));
  }
  const auto format_name = model.source.value("format", std::string());
  console.say(options.file + ": " + format_name + ", " + std::to_string(content.inputs) +
              (content.input == Format::token ? " tokens" : " inputs") + ", " +
              std::to_string(content.outputs) + " outputs");
  for (const std::string& line : model.understood) console.say("  " + line);
  console.say(options.out + (options.alphabet.empty()
                                 ? ": for predict, quantize, inspect and export"
                                 : ": a classifier of texts like those of train"));
  console.result({{"file", options.file},
                  {"out", options.out},
                  {"format", format_name},
                  {"inputs", content.inputs},
                  {"outputs", content.outputs},
                  {"layers", model.understood}});
}

}  // namespace

void add_import(Arguments& program, Console& console) {
  const auto options = std::make_shared<Options>();
  Arguments& command = program.command(
      "import",
      "Make a checkpoint of a network that another program made: a PyTorch state_dict as "
      ".safetensors, ONNX, JSON of RTNeural (Keras or torch), GuitarML (Proteus) and NAM; says "
      "layer by "
      "layer what it understood");
  command.add("FILE", options->file, "The network", Arguments::Need::required);
  command.add("--out", options->out, "The .safetensors checkpoint to write",
              Arguments::Need::required);
  command.add("--cell", options->how.cell,
              "The cell: lstm, gru, rnn, relu, classroom; none: told by the shapes, which are the "
              "same for rnn and relu");
  command.add("--prefix", options->how.prefix,
              "PyTorch: only tensors whose names begin so, such as model.encoder.");
  command.add("--chain", options->how.chain,
              "PyTorch: the modules in the order of the data with their activations, such as "
              "emb:embedding,lstm,fc1:relu,fc2; none: told by the shapes");
  command.add_flag("--tokens", options->how.tokens,
                   "PyTorch: the first layer reads one-hot vectors; they become tokens");
  command.add("--classes", options->classes, "Names of the outputs, commas between");
  command.add("--alphabet", options->alphabet,
              "The letters that the one-hot inputs stand for: with --classes the network becomes "
              "an ordinary classifier of texts, for eval too");
  add_json_option(command, console);
  command.on_run([options, &console] { run(*options, console); });
}

}  // namespace rondo::tool
