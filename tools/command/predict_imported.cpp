// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo predict and inspect of imported networks; see imported_model.hpp.
#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "command/imported_model.hpp"
#include "formats/loaded_image.hpp"
#include "import/chain.hpp"
#include "import/chain_file.hpp"
#include "import/series.hpp"

namespace rondo::tool {
namespace {

using nlohmann::json;

std::size_t longest_of(const Series& series) {
  std::size_t longest = 1;
  for (const Series::Sequence& s : series.sequences) longest = std::max(longest, s.steps);
  return std::min<std::size_t>(longest, k_most_steps);
}

// The network in its file, able to read sequences of that length.
std::unique_ptr<LoadedImage> load_model(const std::string& path, std::size_t steps) {
  if (is_image(path)) return load_image(path);
  const ImportedModel model = read_chain(path);
  ImageContent content = model.content;
  content.metadata = description_of(model).dump();
  return std::make_unique<LoadedImage>(pack_chain(content, steps), path);
}

// Class names where the model has some; LoadedImage gives numbers to others.
std::string names_line(const LoadedImage& image, bool ids) {
  const bool named = image.description.contains("classes") && !image.description["classes"].empty();
  std::string line = ids ? "sequence" : "";
  for (const std::string& name : image.classes) {
    line += (line.empty() ? "" : ",") + (named ? name : "y" + name);
  }
  return line + '\n';
}

class Writer {
 public:
  Writer(LoadedImage& image, bool ids) : image_(image), ids_(ids) {}

  void sequence(const Series::Sequence& s) {
    const std::size_t most = image_.model.max_steps();
    if (most != 0 && s.steps > most) {
      throw Error("--input", "a sequence has " + std::to_string(s.steps) +
                                 " steps, the bidirectional network reads at most " +
                                 std::to_string(most));
    }
    std::vector<float> scores(s.steps * image_.model.outputs());
    image_.stream.reset();
    if (image_.model.input() == Format::token) {
      image_.stream.run(s.tokens.data(), s.steps, scores.data());
    } else {
      image_.stream.run_f32(s.reals.data(), s.steps, scores.data());
    }
    for (std::size_t t = 0; t < s.steps; ++t) row(s.id, t, scores);
  }

  std::string text;
  std::size_t rows = 0;

 private:
  void row(const std::string& id, std::size_t step, const std::vector<float>& scores) {
    const std::size_t outputs = image_.model.outputs();
    if (ids_) text += id + ',';
    for (std::size_t o = 0; o < outputs; ++o) {
      text += format(o > 0 ? ",%.9g" : "%.9g", double{scores[step * outputs + o]});
    }
    text += '\n';
    ++rows;
  }

  LoadedImage& image_;
  bool ids_;
};

}  // namespace

bool is_imported(const std::filesystem::path& model) {
  return is_image(model) ? load_image(model)->task == k_chain : is_chain(model);
}

void predict_imported(const std::string& model, const std::string& input, const std::string& output,
                      const Console& console) {
  if (input.empty()) {
    throw Error("--input", "is missing: " + model + " is an imported network",
                "give a CSV file with a row for each step");
  }
  if (!output.empty()) {
    require_writable(output);
    require_other_file(output, model);
    require_other_file(output, input);
  }
  const auto one = load_model(model, 1);  // what it reads decides how the file is read
  const bool tokens = one->model.input() == Format::token;
  const Series series = read_series(input, one->model.inputs(), tokens);
  const auto image = load_model(model, longest_of(series));
  const bool ids = !series.sequences.front().id.empty();
  Writer writer(*image, ids);
  writer.text = names_line(*image, ids);
  for (const Series::Sequence& s : series.sequences) writer.sequence(s);
  if (output.empty()) {
    console.say(writer.text.substr(0, writer.text.size() - 1));
  } else {
    write_whole(output, writer.text);
    console.say(output + ": " + grouped(writer.rows) + " rows");
  }
  json result = {{"model", model}, {"count", writer.rows}};
  if (!output.empty()) result["output"] = output;
  console.result(result);
}

void inspect_imported(const std::string& path, const Console& console) {
  const ImportedModel model = read_chain(path);
  const ImageContent& content = model.content;
  std::size_t parameters = 0;
  for (const ImageLayer& l : content.layers) {
    parameters += l.w.f32.size() + l.u.f32.size() + l.bias_f32.size() + l.initial_f32.size();
  }
  const auto from = model.source.value("format", std::string("another program"));
  console.say(format("%s: imported network (%s), %u %s, %u outputs, %s parameters", path.c_str(),
                     from.c_str(), content.inputs,
                     content.input == Format::token ? "tokens" : "inputs", content.outputs,
                     grouped(parameters).c_str()));
  for (const std::string& line : model.understood) console.say("  " + line);
  console.result({{"file", path},
                  {"task", k_chain},
                  {"inputs", content.inputs},
                  {"outputs", content.outputs},
                  {"parameters", parameters},
                  {"layers", model.understood},
                  {"classes", model.classes},
                  {"source", model.source}});
}

}  // namespace rondo::tool
