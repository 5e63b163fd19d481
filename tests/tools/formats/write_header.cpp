// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Exports a small model while the tests are built: write_header KIND TARGET FOLDER, where KIND is
// tokens, reals, floats, a number of units whose last group is not full, or one of those of
// budget_test.py. TARGET image: writes FOLDER/KIND.rondo, for the tests of bundles.
#include <cstring>
#include <filesystem>

#include "base/file.hpp"
#include "formats/header.hpp"
#include "random_model.hpp"

namespace {

using namespace rondo;

// Of budget_test.py: a cell alone reads tokens, CELL_real is a stack of two that reads numbers.
test::ModelShape shape_of_cell(const std::string& cell, bool real) {
  const Kind kind = cell == "lstm" ? Kind::lstm : cell == "gru" ? Kind::gru : Kind::rnn;
  if (real) return {Type::s8, Format::s16, 3, {8, 8}, 18, {.kinds = {kind}}};
  return {Type::s8, Format::token, 57, {8}, 18, {.kinds = {kind}}};
}

test::ModelShape shape_of(const std::string& kind) {
  const std::string cell = kind.substr(0, kind.find('_'));
  if (cell == "lstm" || cell == "gru" || cell == "rnn") return shape_of_cell(cell, cell != kind);
  if (kind == "lstm128") return {Type::s8, Format::token, 57, {128}, 18};
  if (kind == "every_cell") {
    return {Type::s8, Format::token,
            57,       {8, 8, 8, 8},
            18,       {.kinds = {Kind::lstm, Kind::gru, Kind::gru_before, Kind::rnn}}};
  }
  if (kind == "grus") return {Type::s8, Format::s16, 3, {12}, 2, {.kinds = {Kind::gru}}};
  if (kind == "reals") return {Type::s8, Format::s16, 3, {6, 5}, 2};
  if (kind == "units5") return {Type::s8, Format::token, 5, {5}, 3};
  if (kind == "units6") return {Type::s8, Format::token, 5, {7, 6}, 3};
  if (kind == "floats") return {Type::f32, Format::f32, 3, {6}, 2};
  return {Type::s8, Format::token, 5, {9}, 3};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 1;
  const std::string kind = argv[1];
  tool::ImageContent content = test::random_model(shape_of(kind), 4);
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
