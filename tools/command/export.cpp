// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo export: a quantized model as C source for firmware.
#include <filesystem>
#include <memory>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/command.hpp"
#include "formats/header.hpp"
#include "formats/loaded_image.hpp"

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

void run(const Options& options, const Console& console) {
  if (options.format != "header") {
    throw Error("--format", "unknown format \"" + options.format + "\"",
                "this version writes: header");
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
  const HeaderFiles files = header_files(content, target, name);

  const std::filesystem::path folder(options.out);
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (!std::filesystem::is_directory(folder)) {
    throw Error(options.out, "is not a folder and cannot be made one", "name another for --out");
  }
  const std::string header = (folder / (name + ".h")).string();
  const std::string source = (folder / (name + ".c")).string();
  for (const std::string& path : {header, source}) {
    require_writable(path);
    require_other_file(path, options.model);
  }
  write_whole(source, files.source);
  write_whole(header, files.header);

  const ArenaBytes& arena = files.arena;
  console.say(
      format("%s\n%s\nfor %s: image %s bytes of flash, arena %s bytes of RAM "
             "(model %u, state %u a stream, scratch %u)",
             header.c_str(), source.c_str(), target.name, grouped(files.image_bytes).c_str(),
             grouped(arena.total()).c_str(), arena.model, arena.state, arena.scratch));
  console.result({{"header", header},
                  {"source", source},
                  {"target", target.name},
                  {"image_bytes", files.image_bytes},
                  {"arena_bytes", arena.total()},
                  {"model_bytes", arena.model},
                  {"state_bytes", arena.state},
                  {"scratch_bytes", arena.scratch}});
}

}  // namespace

void add_export(Arguments& program, Console& console) {
  const auto options = std::make_shared<Options>();
  Arguments& command = program.command(
      "export",
      "Write a .rondo image as NAME.h and NAME.c for firmware: the image as one constant "
      "array, its sizes, class names and a self-test");
  command.add("MODEL", options->model, "The .rondo image", Arguments::Need::required);
  command.add("--out", options->out, "Folder for the two files; made where missing",
              Arguments::Need::required);
  command.add("--format", options->format, "What to write: header");
  command.add("--target", options->target,
              "Kind of core the weights are packed for: cortex-m0, cortex-m3, cortex-m4, "
              "cortex-m7, cortex-m33, or generic for 64-bit hosts");
  command.add("--name", options->name,
              "C identifier that all names start with (default: from the file's name)");
  add_json_option(command, console);
  command.on_run([options, &console] { run(*options, console); });
}

}  // namespace rondo::tool
