// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo inspect: what is in a model, and what it costs in flash and RAM.
#include <memory>

#include "command/command.hpp"
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

}  // namespace

void add_inspect(Arguments& program, Console& console) {
  const auto model = std::make_shared<std::string>();
  Arguments& command = program.command(
      "inspect", "Show what is in a model: layers, number formats, flash and RAM it needs");
  command.add("MODEL", *model, "A .rondo image or a .safetensors checkpoint",
              Arguments::Need::required);
  add_json_option(command, console);
  command.on_run([model, &console] {
    if (is_image(*model)) {
      inspect_image(*model, console);
    } else if (is_chain(*model)) {
      inspect_imported(*model, console);
    } else {
      inspect_checkpoint(*model, console);
    }
  });
}

}  // namespace rondo::tool
