// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo export: a model as C source for firmware, alone or with the runtime that it needs.
#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/command.hpp"
#include "formats/bundle.hpp"
#include "formats/loaded_image.hpp"
#include "import/trained.hpp"
#include "onnx/export_onnx.hpp"

namespace rondo::tool {
namespace {

struct Options {
  std::string model;
  std::string out;
  std::string format = "header";
  std::string target = "generic";
  std::string name;
};

// A C identifier made from the file's name.
std::string name_of_file(const std::string& path) {
  std::string name = std::filesystem::path(path).stem().string();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  if (!name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) != 0) name = "_" + name;
  return name;
}

void make_folder(const std::filesystem::path& folder, const std::string& named) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (!std::filesystem::is_directory(folder)) {
    throw Error(named, "is not a folder and cannot be made one", "name another for --out");
  }
}

// All of them or, where one cannot be written, none; see write_together for processes that are
// killed.
void write_files(const Options& options, const std::vector<BundleFile>& files) {
  const std::filesystem::path folder(options.out);
  make_folder(folder, options.out);
  for (const BundleFile& file : files) {
    const std::filesystem::path path = folder / file.path;
    make_folder(path.parent_path(), path.parent_path().string());
    require_writable(path);
    require_other_file(path, options.model);
  }
  std::vector<WholeFile> whole;
  whole.reserve(files.size());
  for (const BundleFile& file : files) whole.push_back({folder / file.path, file.text});
  write_together(whole);
}

// Build systems compile whatever stands in src: what an earlier bundle left there would be part of
// this one.
void require_no_others(const Options& options, const Bundle& bundle) {
  const std::filesystem::path folder(options.out);
  if (!std::filesystem::is_directory(folder / "src")) return;
  for (const BundleFile& file : bundle.files) remove_leftovers(folder / file.path);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "src")) {
    const std::string path = std::filesystem::relative(entry.path(), folder).generic_string();
    const auto is_it = [&](const BundleFile& file) { return file.path == path; };
    if (!entry.is_directory() && std::none_of(bundle.files.begin(), bundle.files.end(), is_it)) {
      throw Error(entry.path().string(), "is no part of this bundle, and builds would compile it",
                  "remove it, or name another folder for --out");
    }
  }
}

void say_sizes(const Options& options, const Target& target, const HeaderFiles& model,
               nlohmann::json result, const std::string& what, const Console& console) {
  const ArenaBytes& arena = model.arena;
  console.say(
      format("%s\nfor %s: image %s bytes of flash, arena %s bytes of RAM "
             "(model %u, state %u a stream, scratch %u)",
             what.c_str(), target.name, grouped(model.image_bytes).c_str(),
             grouped(arena.total()).c_str(), arena.model, arena.state, arena.scratch));
  result.update({{"format", options.format},
                 {"target", target.name},
                 {"image_bytes", model.image_bytes},
                 {"arena_bytes", arena.total()},
                 {"model_bytes", arena.model},
                 {"state_bytes", arena.state},
                 {"scratch_bytes", arena.scratch}});
  console.result(result);
}

// A float model for PyTorch.
void export_float(const Options& options, const Console& console) {
  if (is_image(options.model)) {
    throw Error(options.model, "is an image; only float checkpoints become " + options.out,
                "name the .safetensors that it was quantized from");
  }
  require_writable(options.out);
  require_other_file(options.out, options.model);
  export_state_dict(options.model, options.out);
  console.say(options.out + ": a state_dict of PyTorch");
  console.result({{"model", options.model}, {"out", options.out}});
}

// A float model for ONNX Runtime and others. An imported network that does not say when it answers
// does so after every step, but where it pools over time.
void export_to_onnx(const Options& options, const Console& console) {
  require_writable(options.out);
  require_other_file(options.out, options.model);
  ImportedModel model;
  if (is_image(options.model)) {
    const std::unique_ptr<LoadedImage> image = load_image(options.model);
    model.content = unpack({image->bytes().data(), image->bytes().size()});
    model.source = image->description;
    model.classes = image->description.value("classes", std::vector<std::string>());
  } else {
    model = read_float_model(options.model);
  }
  const auto& layers = model.content.layers;
  const bool pools = std::any_of(layers.begin(), layers.end(),
                                 [](const ImageLayer& layer) { return layer.kind == Kind::pool; });
  OnnxDescription description;
  if (!options.name.empty()) description.name = options.name;
  description.task = model.source.value("task", "");
  description.alphabet = model.source.value("alphabet", "");
  description.classes = model.classes;
  const bool last = description.task == k_classify || description.task == k_regress || pools;
  const std::string answers = last ? "last_step" : "every_step";
  description.every_step = model.source.value("answers", answers) == "every_step";
  const std::vector<std::uint8_t> file = export_onnx(model.content, description, options.model);
  write_whole(options.out, std::span(file));
  console.say(
      options.out + ": ONNX, operators of version 14; input x (time, batch" +
      (model.content.input == Format::token ? ") tokens" : ", inputs)") + ", output scores " +
      (description.every_step ? "(time, batch, outputs)" : "(batch, outputs) of the last step"));
  console.result({{"model", options.model},
                  {"out", options.out},
                  {"bytes", file.size()},
                  {"inputs", model.content.inputs},
                  {"outputs", model.content.outputs},
                  {"every_step", description.every_step}});
}

void run(const Options& options, const Console& console) {
  if (std::filesystem::path(options.out).extension() == ".onnx") {
    export_to_onnx(options, console);
    return;
  }
  if (std::filesystem::path(options.out).extension() == ".safetensors") {
    export_float(options, console);
    return;
  }
  if (options.format != "header" && options.format != "bundle" && options.format != "image") {
    throw Error("--format", "unknown format \"" + options.format + "\"",
                "this version writes: header, bundle, image");
  }
  const Target& target = target_from_name(options.target);
  const std::string name = options.name.empty() ? name_of_file(options.model) : options.name;
  require_identifier(name);
  if (!is_image(options.model)) {
    throw Error(options.model, "is not a .rondo image",
                "make one with: rondo quantize CHECKPOINT --data DATA --out MODEL.rondo");
  }
  const std::unique_ptr<LoadedImage> image = load_image(options.model);
  const ImageContent content = unpack({image->bytes().data(), image->bytes().size()});
  const std::filesystem::path folder(options.out);
  if (options.format == "bundle") {
    const Bundle bundle = bundle_of(content, target, name);
    require_no_others(options, bundle);
    write_files(options, bundle.files);
    nlohmann::json files = nlohmann::json::array();
    for (const BundleFile& file : bundle.files) files.push_back((folder / file.path).string());
    const std::size_t count = bundle.files.size();
    say_sizes(options, target, bundle.model, {{"folder", options.out}, {"files", files}},
              format("%s: %zu files, see README.md there", options.out.c_str(), count), console);
    return;
  }
  const HeaderFiles files = header_files(content, target, name);
  if (options.format == "image") {
    const std::string blob = (folder / (name + ".rondo")).string();
    write_files(options, {{name + ".rondo", {files.image.begin(), files.image.end()}}});
    say_sizes(options, target, files, {{"image", blob}}, blob, console);
    return;
  }
  write_files(options, {{name + ".c", files.source}, {name + ".h", files.header}});
  const std::string header = (folder / (name + ".h")).string();
  const std::string source = (folder / (name + ".c")).string();
  say_sizes(options, target, files, {{"header", header}, {"source", source}},
            header + "\n" + source, console);
}

}  // namespace

void add_export(Arguments& program, Console& console) {
  const auto options = std::make_shared<Options>();
  Arguments& command = program.command(
      "export",
      "Write a .rondo image as NAME.h and NAME.c for firmware: the image as one constant "
      "array, its sizes, class names and a self-test; as a bundle with all of the runtime that it "
      "needs; or a float checkpoint as a state_dict of PyTorch or as ONNX");
  command.add("MODEL", options->model,
              "The .rondo image; for PyTorch and ONNX the .safetensors checkpoint",
              Arguments::Need::required);
  command.add("--out", options->out,
              "Folder for the files, made where missing; FILE.safetensors: a state_dict; "
              "FILE.onnx: a graph that ONNX Runtime runs",
              Arguments::Need::required);
  command.add(
      "--format", options->format,
      "What to write: header (two files); bundle: a folder with the runtime's sources too, for "
      "CMake, PlatformIO, Arduino and Zephyr; image: only the bytes, packed for the target, to "
      "replace a model that is in the field");
  command.add("--target", options->target,
              "Kind of core the weights are packed for: cortex-m0, cortex-m3, cortex-m4, "
              "cortex-m7, cortex-m33, cortex-m55, or generic for everything else");
  command.add("--name", options->name,
              "C identifier that all names start with (default: from the file's name)");
  add_json_option(command, console);
  command.on_run([options, &console] { run(*options, console); });
}

}  // namespace rondo::tool
