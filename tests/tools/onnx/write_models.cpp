// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// usage: write_models FOLDER
// Writes the example models as NAME.onnx, each with NAME.safetensors: the input x of a sequence and
// the scores y of the float runtime. For runtime_test.py.
#include <filesystem>
#include <iostream>

#include "base/file.hpp"
#include "contents.hpp"
#include "onnx/export_onnx.hpp"
#include "run_model.hpp"

int main(int argc, char** argv) {
  using namespace rondo::tool;
  if (argc != 2) return 2;
  const std::filesystem::path folder(argv[1]);
  Random random(11);
  constexpr std::size_t k_steps = 12;
  for (const NamedContent& example : example_contents()) {
    const ImageContent& content = example.content;
    const bool tokens = content.input == rondo::Format::token;
    const std::size_t width = tokens ? 1 : content.inputs;
    Tensor x = {"x", {k_steps, width}, {}};
    if (tokens) {
      std::vector<std::int64_t> list(k_steps);
      for (auto& token : list) token = static_cast<std::int64_t>(random.below(content.inputs));
      x.values = list;
    } else {
      x.values = ContentMaker(random.below(1000)).numbers(k_steps * width);
    }
    std::vector<float> scores = scores_of(content, x.values);
    if (!example.every_step) scores.erase(scores.begin(), scores.end() - content.outputs);
    const Tensor y = {"y", {scores.size() / content.outputs, content.outputs}, scores};
    OnnxDescription description;
    description.every_step = example.every_step;
    write_whole(folder / (example.name + ".onnx"), export_onnx(content, description, "example"));
    write_safetensors(folder / (example.name + ".safetensors"), {{x, y}, {}});
    std::cout << example.name << "\n";
  }
  return 0;
}
