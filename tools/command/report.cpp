// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo report: logs of runs, reports of the quantizer and images, as one page with pictures.
#include <memory>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/command.hpp"
#include "formats/image.hpp"
#include "formats/loaded_image.hpp"
#include "report/sections.hpp"
#include "report/svg.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

struct Options {
  std::vector<std::string> files;
  std::string out = "report.html";
  std::string title = "rondo: training report";
};

// Where the flash of a Cortex-M goes, and its RAM.
Section section_of_image(const std::string& path) {
  const std::unique_ptr<LoadedImage> image = load_image(path);
  ImageContent content = unpack({image->bytes().data(), image->bytes().size()});
  content.metadata.clear();
  const std::vector<std::uint8_t> packed = pack(content, Packing::cortex_m);
  const AlignedBytes device{std::span<const std::uint8_t>(packed)};
  ArenaBytes arena{};
  if (Model::measure(device.bytes(), all_cells(), arena, 4) != Status::ok) {
    throw Error(path, "cannot be packed for a Cortex-M");
  }
  std::vector<Piece> flash;
  double known = 0;
  for (std::size_t i = 0; i < image->model.layers(); ++i) {
    const LayerRecord& record = image->model.record(i);
    if (record.kind == Kind::pool || record.kind == Kind::skip) continue;
    const std::string layer = "layer " + std::to_string(i) + ", " + name_of(record.kind);
    const Shape shape =
        shape_of(gates_of(record.kind), record.type, record.outputs, Packing::cortex_m);
    const double wide = record.type == Type::f32 ? 4 : 1;
    const double inputs =
        record.input == Format::token ? record.inputs : shape.padded(record.inputs);
    flash.push_back({layer + ", W of the input", wide * shape.rows() * inputs});
    known += flash.back().bytes;
    if (record.recurrent == Format::token) continue;
    flash.push_back({layer + ", U of h", wide * shape.rows() * shape.padded(record.outputs)});
    known += flash.back().bytes;
  }
  flash.push_back({"scales, biases, names, header", static_cast<double>(packed.size()) - known});
  const std::vector<Piece> ram = {{"model", static_cast<double>(arena.model)},
                                  {"state of a stream", static_cast<double>(arena.state)},
                                  {"scratch", static_cast<double>(arena.scratch)}};
  return {"Memory on Cortex-M: " + path,
          html_paragraph("Flash, " + grouped(packed.size()) + " bytes:") +
              memory_chart("Flash", flash) +
              html_paragraph("RAM, an arena of " + grouped(arena.total()) + " bytes:") +
              memory_chart("RAM", ram)};
}

void run(const Options& options, const Console& console) {
  std::vector<LoggedRun> runs;
  std::vector<Section> others;
  for (const std::string& path : options.files) {
    require_other_file(options.out, path);
    if (is_image(path)) {
      others.push_back(section_of_image(path));
    } else if (std::filesystem::path(path).extension() == ".json") {
      others.push_back(section_of_quantize(json::parse(read_text(path), nullptr, false), path));
    } else {
      runs.push_back(read_run_log(path));
    }
  }
  std::vector<Section> sections;
  if (!runs.empty()) sections = sections_of_runs(runs);
  for (const LoggedRun& one : runs) {
    for (Section& section : sections_of_classes(one)) sections.push_back(std::move(section));
  }
  sections.insert(sections.end(), others.begin(), others.end());
  write_whole(options.out, html_page(options.title, sections));
  console.say(format("%s: %zu sections", options.out.c_str(), sections.size()));
  console.result({{"report", options.out}, {"runs", runs.size()}, {"sections", sections.size()}});
}

}  // namespace

void add_report(Arguments& program, Console& console) {
  const auto options = std::make_shared<Options>();
  Arguments& command = program.command(
      "report",
      "One self-contained HTML page with curves, confusion matrix, what int8 cost and where the "
      "memory goes");
  command.add("FILES", options->files,
              "Logs of train --log; quantize.json of quantize --report; .rondo images",
              Arguments::Need::required);
  command.add("--out", options->out, "The page to write");
  command.add("--title", options->title, "Its title");
  add_json_option(command, console);
  command.on_run([options, &console] { run(*options, console); });
}

}  // namespace rondo::tool
