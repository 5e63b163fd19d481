// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Exports a small model while the tests are built: write_header KIND TARGET FOLDER, where KIND is
// tokens, reals, floats, or a number of units whose last group is not full. TARGET image: writes
// FOLDER/KIND.rondo, for the tests of bundles.
#include <cstring>
#include <filesystem>

#include "base/file.hpp"
#include "formats/header.hpp"
#include "random_model.hpp"

int main(int argc, char** argv) {
  using namespace rondo;
  if (argc != 4) return 1;
  const std::string kind = argv[1];
  test::ModelShape shape = {Type::s8, Format::token, 5, {9}, 3};
  if (kind == "lstm128") shape = {Type::s8, Format::token, 57, {128}, 18};
  if (kind == "grus") shape = {Type::s8, Format::s16, 3, {12}, 2, {.kinds = {Kind::gru}}};
  if (kind == "reals") shape = {Type::s8, Format::s16, 3, {6, 5}, 2};
  if (kind == "units5") shape.hidden = {5};
  if (kind == "units6") shape.hidden = {7, 6};
  if (kind == "floats") shape = {Type::f32, Format::f32, 3, {6}, 2};
  tool::ImageContent content = test::random_model(shape, 4);
  if (kind == "tokens" || kind.rfind("units", 0) == 0) {
    content.metadata =
        R"({"classes": ["a \"b\" ?\\ c", "\u00e9t\u00e9", "x"], "alphabet": "abc'\""})";
  }
  const std::filesystem::path folder(argv[3]);
  if (std::strcmp(argv[2], "image") == 0) {
    tool::write_whole(folder / (kind + ".rondo"), tool::pack(content, Packing::host));
    return 0;
  }
  const tool::HeaderFiles files =
      tool::header_files(content, tool::target_from_name(argv[2]), kind);
  tool::write_whole(folder / (kind + ".h"), files.header);
  tool::write_whole(folder / (kind + ".c"), files.source);
  return 0;
}
