// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Image files on the host: what is wrong is said with the name of the file, whatever is wrong.
#include "formats/loaded_image.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <filesystem>
#include <string>

#include <rondo/crc32.hpp>

#include "base/error.hpp"
#include "base/file.hpp"
#include "random_model.hpp"

using namespace rondo;
using namespace rondo::tool;

namespace {

std::vector<std::uint8_t> small_image(const std::string& metadata) {
  ImageContent content = test::random_model({Type::s8, Format::token, 6, {5}, 3}, 1);
  content.metadata = metadata;
  return pack(content, Packing::host);
}

const std::string k_good = R"({"classes": ["a", "b", "c"], "alphabet": "uvwxyz"})";

std::string message_of(std::span<const std::uint8_t> bytes) {
  try {
    LoadedImage image(bytes, "names.rondo");
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

bool says(const std::string& message, const std::string& part) {
  return message.rfind("names.rondo: ", 0) == 0 && message.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a good image loads with its classes and alphabet") {
  LoadedImage image(small_image(k_good), "names.rondo");
  CHECK(image.classes == std::vector<std::string>{"a", "b", "c"});
  CHECK(image.alphabet == "uvwxyz");
  LoadedImage bare(small_image(""), "names.rondo");
  CHECK(bare.classes == std::vector<std::string>{"0", "1", "2"});
}

TEST_CASE("an image cut short at any length is refused by name and with advice") {
  const std::vector<std::uint8_t> bytes = small_image(k_good);
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    REQUIRE(says(message_of({bytes.data(), n}), "image_truncated"));
  }
  CHECK(says(message_of({bytes.data(), 10}), "copy it again"));
}

TEST_CASE("an image with any single bit flipped is refused") {
  std::vector<std::uint8_t> bytes = small_image(k_good);
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    REQUIRE(says(message_of(bytes), "("));
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
  }
  CHECK(message_of(bytes).empty());
}

TEST_CASE("an image of another version says so") {
  std::vector<std::uint8_t> bytes = small_image(k_good);
  bytes[offsetof(ImageHeader, version)] = 9;
  const std::uint32_t crc = crc32(bytes.data() + k_crc_from, bytes.size() - k_crc_from);
  std::memcpy(bytes.data() + offsetof(ImageHeader, crc), &crc, sizeof crc);
  CHECK(says(message_of(bytes), "unsupported_version"));
  CHECK(says(message_of(bytes), "quantize the checkpoint again"));
}

TEST_CASE("metadata that is no JSON object, or does not fit, is refused") {
  for (const char* const metadata :
       {"[1]", "{", R"({"classes": 5})", R"({"classes": ["a"]})", R"({"alphabet": "xy"})"}) {
    CHECK(says(message_of(small_image(metadata)), "the metadata"));
  }
}

TEST_CASE("an image is told from a checkpoint by its first bytes") {
  const auto folder = std::filesystem::temp_directory_path() / "rondo_image_test";
  std::filesystem::create_directories(folder);
  write_whole(folder / "model", small_image(k_good));
  write_whole(folder / "text", "hello, world");
  CHECK(is_image(folder / "model"));
  CHECK_FALSE(is_image(folder / "text"));
  CHECK(load_image(folder / "model")->model.outputs() == 3);
  CHECK_THROWS_WITH_AS(load_image(folder / "none"),
                       ((folder / "none").string() + ": no such file (check the path)").c_str(),
                       Error);
  std::filesystem::remove_all(folder);
}
