// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Exports a small model while the tests are built: write_header tokens|reals|floats FOLDER.
#include <cstring>
#include <filesystem>

#include "base/file.hpp"
#include "formats/header.hpp"
#include "random_model.hpp"

int main(int argc, char** argv) {
  using namespace rondo;
  if (argc != 3) return 1;
  const std::string kind = argv[1];
  test::ModelShape shape = {Type::s8, Input::token, 5, {9}, 3};
  if (kind == "reals") shape = {Type::s8, Input::s16, 3, {6, 5}, 2};
  if (kind == "floats") shape = {Type::f32, Input::f32, 3, {6}, 2};
  tool::ImageContent content = test::random_model(shape, 4);
  if (kind == "tokens") {
    content.metadata =
        R"({"classes": ["a \"b\" ?\\ c", "\u00e9t\u00e9", "x"], "alphabet": "abc'\""})";
  }
  const tool::HeaderFiles files =
      tool::header_files(content, tool::target_from_name("generic"), kind);
  const std::filesystem::path folder(argv[2]);
  tool::write_whole(folder / (kind + ".h"), files.header);
  tool::write_whole(folder / (kind + ".c"), files.source);
  return 0;
}
