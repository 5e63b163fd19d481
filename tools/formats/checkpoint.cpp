// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
#include "formats/checkpoint.hpp"

#include <set>

#include "base/error.hpp"
#include "formats/description.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

constexpr int k_checkpoint_format = 1;

json to_json(const Checkpoint& checkpoint) {
  const NetShape& shape = checkpoint.shape;
  json j = description_of(checkpoint);
  j["format"] = k_checkpoint_format;
  j["cell"] = name_of(shape.cell);
  j["input"] = shape.input == InputKind::tokens ? "tokens" : "reals";
  j["inputs"] = shape.inputs;
  j["hidden"] = shape.hidden;
  j["layers"] = shape.layers;
  j["head"] = shape.head == Head::last_step ? "last_step" : "every_step";
  j["outputs"] = shape.outputs;
  j["dropout"] = shape.dropout;
  j["bidirectional"] = shape.bidirectional;
  j["training"] = checkpoint.training;
  return j;
}

// The value of a field; an Error that names the field where it is missing or of another type.
template <class T>
T field(const json& j, const char* name, const std::string& place) {
  const auto found = j.find(name);
  if (found == j.end()) throw Error(place, std::string("field \"") + name + "\" is missing");
  try {
    return found->get<T>();
  } catch (const json::exception&) {
    throw Error(place, std::string("field \"") + name + "\" has the wrong type");
  }
}

// One of two words.
bool choose(const json& j, const char* name, const char* yes, const char* no,
            const std::string& place) {
  const auto word = field<std::string>(j, name, place);
  if (word != yes && word != no) {
    throw Error(place, std::string("field \"") + name + "\" is \"" + word + "\", expected \"" +
                           yes + "\" or \"" + no + "\"");
  }
  return word == yes;
}

NetShape shape_from(const json& j, const std::string& place) {
  NetShape shape;
  const auto cell = field<std::string>(j, "cell", place);
  const bool generator = cell == name_of(CellKind::generator);
  shape.cell = generator ? CellKind::generator : cell_from_name(cell, place);
  shape.input = choose(j, "input", "tokens", "reals", place) ? InputKind::tokens : InputKind::reals;
  shape.inputs = field<std::size_t>(j, "inputs", place);
  shape.hidden = field<std::size_t>(j, "hidden", place);
  shape.layers = field<std::size_t>(j, "layers", place);
  shape.head =
      choose(j, "head", "last_step", "every_step", place) ? Head::last_step : Head::every_step;
  shape.outputs = field<std::size_t>(j, "outputs", place);
  shape.dropout = field<double>(j, "dropout", place);
  // Checkpoints from before there were two ways have no such field.
  shape.bidirectional = j.contains("bidirectional") && field<bool>(j, "bidirectional", place);
  if (shape.cell == CellKind::generator) {
    shape.classes = field<std::vector<std::string>>(j, "conditions", place).size();
  }
  return shape;
}

// Tensors must be exactly those of the shape, finite, float32.
void require_tensors(const Checkpoint& checkpoint, const std::string& place) {
  TensorFile file;
  file.tensors = checkpoint.tensors;
  std::set<std::string> wanted;
  for (const Parameter& p : parameters_of(checkpoint.shape, Layout(checkpoint.shape))) {
    const Tensor& tensor = find_tensor(file, p.name, place);
    std::vector<std::size_t> shape = {p.outputs};
    if (!p.bias) shape.push_back(p.inputs);
    floats_of(tensor, shape, place);
    require_finite(tensor, place);
    wanted.insert(p.name);
  }
  for (const Tensor& tensor : checkpoint.tensors) {
    if (wanted.count(tensor.name) == 0) {
      throw Error(place, "tensor " + tensor.name + " does not belong to the network described");
    }
  }
}

}  // namespace

CellKind cell_from_name(const std::string& name, const std::string& place) {
  for (const CellKind cell :
       {CellKind::lstm, CellKind::gru, CellKind::rnn, CellKind::relu, CellKind::classroom}) {
    if (name == name_of(cell)) return cell;
  }
  throw Error(place, "unknown cell \"" + name + "\"", "known: lstm, gru, rnn, relu, classroom");
}

const char* name_of(CellKind cell) {
  switch (cell) {
    case CellKind::lstm:
      return "lstm";
    case CellKind::gru:
      return "gru";
    case CellKind::rnn:
      return "rnn";
    case CellKind::relu:
      return "relu";
    case CellKind::classroom:
      return "classroom";
    case CellKind::generator:
      return "generator";
  }
  return "unknown";
}

json description_of(const Checkpoint& checkpoint) {
  json j = {{"task", checkpoint.task},
            {"classes", checkpoint.classes},
            {"alphabet", checkpoint.alphabet},
            {"split", checkpoint.split}};
  if (!checkpoint.conditions.empty()) j["conditions"] = checkpoint.conditions;
  if (checkpoint.recording.is_object()) {
    j["recording"] = checkpoint.recording;
    j.erase("split");  // its own
  }
  return j;
}

Checkpoint read_checkpoint(const std::filesystem::path& path) {
  const std::string place = path.string();
  TensorFile file = read_safetensors(path);
  const auto found = file.metadata.find("rondo");
  if (found == file.metadata.end()) {
    throw Error(place,
                "is a safetensors file, but not a checkpoint of rondo: its metadata lacks "
                "\"rondo\"");
  }
  const json j = parse_description(found->second, place);
  if (!j.is_object()) throw Error(place, "metadata \"rondo\" is not a JSON object");
  const int format = field<int>(j, "format", place);
  if (format != k_checkpoint_format) {
    throw Error(place,
                "is a checkpoint of format " + std::to_string(format) + ", expected " +
                    std::to_string(k_checkpoint_format),
                "train it again with this version");
  }
  Checkpoint checkpoint;
  checkpoint.task = field<std::string>(j, "task", place);
  if (checkpoint.task == "chain") {
    throw Error(place, "is an imported network, this command wants one that rondo train made",
                "predict, quantize, inspect and export take it");
  }
  checkpoint.shape = shape_from(j, place);
  try {
    require_sane(checkpoint.shape);
  } catch (const Error& error) {
    throw Error(place, error.what());
  }
  checkpoint.classes = field<std::vector<std::string>>(j, "classes", place);
  checkpoint.alphabet = field<std::string>(j, "alphabet", place);
  if (checkpoint.task == k_generate) {
    checkpoint.conditions = field<std::vector<std::string>>(j, "conditions", place);
  }
  if ((checkpoint.task == k_generate) == checkpoint.conditions.empty() ||
      (checkpoint.shape.classes > 0 && checkpoint.task != k_generate)) {
    throw Error(place, "field \"conditions\" does not fit the task " + checkpoint.task);
  }
  checkpoint.split = j.value("split", json());
  checkpoint.recording = j.value("recording", json());
  checkpoint.training = j.value("training", json::object());
  if (checkpoint.task == k_regress) checkpoint.shape.loss = Loss::squared;
  checkpoint.tensors = std::move(file.tensors);
  if (checkpoint.classes.size() != checkpoint.shape.outputs) {
    throw Error(place, "has " + std::to_string(checkpoint.classes.size()) + " class names for " +
                           std::to_string(checkpoint.shape.outputs) + " outputs");
  }
  const std::size_t symbols =
      checkpoint.alphabet.size() + checkpoint.conditions.size() - checkpoint.shape.classes;
  if (checkpoint.shape.input == InputKind::tokens && symbols != checkpoint.shape.inputs) {
    throw Error(place, "has an alphabet of " + std::to_string(symbols) + " symbols for " +
                           std::to_string(checkpoint.shape.inputs) + " tokens");
  }
  require_tensors(checkpoint, place);
  return checkpoint;
}

void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  TensorFile file;
  file.tensors = checkpoint.tensors;
  file.metadata["format"] = "pt";
  file.metadata["rondo"] = to_json(checkpoint).dump();
  write_safetensors(path, file);
}

}  // namespace rondo::tool
