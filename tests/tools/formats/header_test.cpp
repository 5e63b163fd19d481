// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Errors of export, and sizes for other cores. That the written code compiles and runs is shown by
// run_header.cpp.
#include "formats/header.hpp"

#include <doctest/doctest.h>

#include <string>

#include "base/error.hpp"
#include "formats/loaded_image.hpp"
#include "random_model.hpp"

using namespace rondo;
using namespace rondo::tool;

TEST_CASE("names that are no C identifiers are refused") {
  CHECK_NOTHROW(require_identifier("names_model2"));
  for (const char* const name : {"", "2fast", "a-b", "a b", "caf\xC3\xA9", "x;y"}) {
    CHECK_THROWS_AS(require_identifier(name), Error);
  }
  CHECK_THROWS_AS(require_identifier("stdint"), Error);  // the runtime's own include would find it
}

TEST_CASE("an unknown target is answered with the known ones") {
  CHECK_THROWS_WITH_AS(target_from_name("z80"),
                       "--target: unknown target \"z80\" (known: cortex-m0, cortex-m3, cortex-m4, "
                       "cortex-m7, cortex-m33, cortex-m55, generic)",
                       Error);
}

TEST_CASE("the sizes in the header are those of the target, not of the host") {
  const ImageContent content = test::random_model({Type::s8, Format::token, 57, {128}, 18}, 2);
  const std::string device = header_files(content, target_from_name("cortex-m4"), "names").header;
  const std::string host = header_files(content, target_from_name("generic"), "names").header;
  // Records 2 x 56; state: c 4 x 128, h 128, h in 16 bits 2 x 128. Scratch: h as operand 2 x 128,
  // t of 32 rows, 20 scores of 4 bytes.
  CHECK(device.find("names_arena_bytes = " + std::to_string(112 + 896 + 256 + 128 + 80)) !=
        std::string::npos);
  // In cache lines. The LSTM's h as operand, t of 64 rows, a row of sums; eight steps go together:
  // their h, their scores.
  CHECK(host.find("names_arena_bytes = " + std::to_string(128 + 896 + (320 + 256 + 2112) +
                                                          8 * (256 + 128))) != std::string::npos);
}

TEST_CASE("export leaves the metadata out and keeps the model's identity") {
  ImageContent content = test::random_model({Type::s8, Format::token, 5, {4}, 3}, 2);
  content.metadata = R"({"classes": ["alpha", "beta", "gamma"]})";
  const HeaderFiles files = header_files(content, target_from_name("cortex-m4"), "m");
  CHECK(files.source.find("\"beta\"") != std::string::npos);
  ImageContent bare = content;
  bare.metadata.clear();
  const std::size_t bytes = pack(bare, Packing::cortex_m).size();
  CHECK(bytes < pack(content, Packing::cortex_m).size());
  CHECK(files.header.find("m_image_bytes = " + std::to_string(bytes)) != std::string::npos);
  CHECK(model_id_of(bare) == model_id_of(content));
}
