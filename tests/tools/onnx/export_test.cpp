// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// export_onnx: what it writes is read back as the same layers, of every kind that it has a form
// for; what it has none for is refused. That others read the files, runtime_test.py checks.
#include <doctest/doctest.h>

#include "base/error.hpp"
#include "contents.hpp"
#include "onnx/export_onnx.hpp"
#include "onnx/import_onnx.hpp"

namespace rondo::tool {
namespace {

OnnxDescription described(bool every_step) {
  OnnxDescription description;
  description.every_step = every_step;
  return description;
}

void check_same(const ImageLayer& a, const ImageLayer& b) {
  CHECK(a.kind == b.kind);
  CHECK(a.type == b.type);
  CHECK(a.input == b.input);
  CHECK(a.output == b.output);
  CHECK(a.recurrent == b.recurrent);
  CHECK(a.mode == b.mode);
  CHECK(a.direction == b.direction);
  CHECK(a.inputs == b.inputs);
  CHECK(a.outputs == b.outputs);
  CHECK(a.w.f32 == b.w.f32);
  CHECK(a.u.f32 == b.u.f32);
  CHECK(a.bias_f32 == b.bias_f32);
  CHECK(a.initial_f32 == b.initial_f32);
}

TEST_CASE("what export writes, import reads as the same layers") {
  const std::vector<NamedContent> list = example_contents();
  REQUIRE(list.size() > 15);
  for (const NamedContent& example : list) {
    CAPTURE(example.name);
    const std::vector<std::uint8_t> file =
        export_onnx(example.content, described(example.every_step), "m");
    const ImportedModel model = import_onnx(file, example.name);
    const ImageContent &a = example.content, &b = model.content;
    CHECK(a.input == b.input);
    CHECK(a.inputs == b.inputs);
    CHECK(a.outputs == b.outputs);
    REQUIRE(a.layers.size() == b.layers.size());
    for (std::size_t i = 0; i < a.layers.size(); ++i) check_same(a.layers[i], b.layers[i]);
    CHECK(model.source["answers"] == (example.every_step ? "every_step" : "last_step"));
    CHECK(model.source["softmax"] == false);
    CHECK(model.source["notes"].empty());
    // And once more: the same bytes.
    CHECK(export_onnx(b, described(example.every_step), "m") == file);
  }
}

TEST_CASE("classes and alphabet go with the file") {
  NamedContent example = example_contents()[8];
  REQUIRE(example.content.input == Format::token);
  OnnxDescription description = described(false);
  description.classes = {"a", "b \"c\"", "\xC3\xA9", "d"};
  description.alphabet = "abcdefghi";
  description.task = "classify";
  const ImportedModel model = import_onnx(export_onnx(example.content, description, "m"), "m");
  CHECK(model.classes == description.classes);
  CHECK(model.source["alphabet"] == "abcdefghi");
  description.classes.pop_back();  // of another model
  CHECK(import_onnx(export_onnx(example.content, description, "m"), "m").classes.empty());
}

TEST_CASE("damaged files of every form are refused or read, but nothing else happens") {
  Random random(99);
  std::size_t refused = 0, read = 0;
  for (const NamedContent& example : example_contents()) {
    const std::vector<std::uint8_t> whole =
        export_onnx(example.content, described(example.every_step), "m");
    for (int i = 0; i < 300; ++i) {
      std::vector<std::uint8_t> bytes = whole;
      // Small numbers are what lengths, types and axes are made of.
      for (std::uint64_t k = 0; k < 1 + random.below(3); ++k) {
        bytes[random.below(bytes.size())] =
            static_cast<std::uint8_t>(random.below(random.below(2) == 0 ? 16 : 256));
      }
      try {
        import_onnx(bytes, "damaged");
        ++read;
      } catch (const Error&) {
        ++refused;
      }
    }
  }
  CHECK(refused > 1000);
  CHECK(read > 1000);  // of a flipped weight nobody can know
}

TEST_CASE("what ONNX has no plain form for is refused") {
  ContentMaker maker(3);
  const auto pooled = [&]() -> ContentMaker& {
    return maker.start(Format::f32, 3).recurrent(Kind::gru, 5).plain(Kind::pool, Pool::mean);
  };
  CHECK_THROWS_WITH_AS(export_onnx(pooled().dense(Kind::linear, 2).done(), described(true), "m"),
                       doctest::Contains("pools over time"), Error);
  CHECK_THROWS_WITH_AS(export_onnx(pooled().recurrent(Kind::lstm, 2).dense(Kind::linear, 2).done(),
                                   described(false), "m"),
                       doctest::Contains("pools over time"), Error);
  ImageContent integers = example_contents()[0].content;
  for (ImageLayer& layer : integers.layers) layer.type = Type::s8;
  CHECK_THROWS_WITH_AS(export_onnx(integers, described(true), "m"), doctest::Contains("int8"),
                       Error);
}

}  // namespace
}  // namespace rondo::tool
