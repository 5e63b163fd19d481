// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// .safetensors files: what is written can be read, the golden files load, and whatever is not a
// file of the format is refused with a message that names the place.
#include "formats/safetensors.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "base/error.hpp"

namespace rondo::tool {
namespace {

std::vector<std::uint8_t> bytes_of(const std::string& header, std::size_t data_bytes) {
  const std::uint64_t length = header.size();
  std::vector<std::uint8_t> bytes(8 + header.size() + data_bytes);
  std::memcpy(bytes.data(), &length, 8);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  return bytes;
}

// The message of the refusal; fails the test where the bytes are accepted.
std::string refusal(std::span<const std::uint8_t> bytes) {
  try {
    parse_safetensors(bytes, "x.safetensors");
  } catch (const Error& error) {
    return error.what();
  }
  FAIL_CHECK("was accepted");
  return {};
}

std::string refusal(const std::string& header, std::size_t data_bytes) {
  return refusal(bytes_of(header, data_bytes));
}

bool names(const std::string& message, const std::string& text) {
  INFO(message);
  const bool found = message.find("x.safetensors") == 0 && message.find(text) != std::string::npos;
  CHECK(found);
  return found;
}

TensorFile sample() {
  TensorFile file;
  file.tensors.push_back({"weight", {2, 3}, std::vector<float>{1, -2, 3.5F, 0, 1e-30F, 7}});
  file.tensors.push_back({"a scalar", {}, std::vector<double>{0.1}});
  file.tensors.push_back({"none", {0, 4}, std::vector<float>{}});
  file.tensors.push_back({"ids", {3}, std::vector<std::int64_t>{-1, 0, std::int64_t{1} << 60}});
  file.metadata = {{"cell", "lstm"}, {"quoted \"\n", "\xc3\xa9"}};
  return file;
}

TEST_CASE("safetensors: what is written is read back") {
  const TensorFile written = sample();
  const TensorFile read = parse_safetensors(format_safetensors(written, "out"), "in");
  CHECK(read.metadata == written.metadata);
  REQUIRE(read.tensors.size() == written.tensors.size());
  for (std::size_t i = 0; i < read.tensors.size(); ++i) {
    CHECK(read.tensors[i].name == written.tensors[i].name);
    CHECK(read.tensors[i].shape == written.tensors[i].shape);
    CHECK(read.tensors[i].values == written.tensors[i].values);
  }
}

TEST_CASE("safetensors: the bytes are those of the format, header padded to 8 with spaces") {
  TensorFile file;
  file.tensors.push_back({"b", {1}, std::vector<float>{1.0F}});
  file.tensors.push_back({"a", {2}, std::vector<std::int64_t>{1, 256}});
  file.metadata = {{"k", "v"}};
  const std::string header =
      R"({"__metadata__":{"k":"v"},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
      R"("a":{"dtype":"I64","shape":[2],"data_offsets":[4,20]}})";
  std::vector<std::uint8_t> expected =
      bytes_of(header + std::string((8 - header.size() % 8) % 8, ' '), 20);
  const std::uint8_t data[20] = {0, 0, 0x80, 0x3f, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  std::memcpy(expected.data() + expected.size() - 20, data, 20);
  CHECK(format_safetensors(file, "out") == expected);
}

TEST_CASE("safetensors: float16 and bfloat16 become the floats that they stand for") {
  const std::uint16_t bits[] = {0x3C00, 0xC000, 0x0001, 0x83FF, 0x0400, 0x7BFF,
                                0x7C00, 0x8000, 0x3F80, 0xBF00, 0x0001, 0x7F7F};
  std::vector<std::uint8_t> bytes =
      bytes_of(R"({"h":{"dtype":"F16","shape":[8],"data_offsets":[0,16]},)"
               R"("b":{"dtype":"BF16","shape":[4],"data_offsets":[16,24]}})",
               sizeof bits);
  std::memcpy(bytes.data() + bytes.size() - sizeof bits, bits, sizeof bits);
  const TensorFile file = parse_safetensors(bytes, "x.safetensors");
  const std::size_t eight[] = {8}, four[] = {4};
  const auto& h = floats_of(find_tensor(file, "h", "x"), eight, "x");
  CHECK(h == std::vector<float>{1, -2, 0x1p-24F, -1023 * 0x1p-24F, 0x1p-14F, 65504,
                                std::numeric_limits<float>::infinity(), 0});
  CHECK(std::signbit(h[7]));
  const auto& b = floats_of(find_tensor(file, "b", "x"), four, "x");
  CHECK(b == std::vector<float>{1, -0.5F, 0x1p-133F, 0x1.FEp127F});
}

TEST_CASE("safetensors: every cut of a file, and a file with a byte more, is refused") {
  const std::vector<std::uint8_t> whole = format_safetensors(sample(), "out");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    refusal(std::span(whole).first(size));
  }
  std::vector<std::uint8_t> longer = whole;
  longer.push_back(0);
  refusal(longer);
}

TEST_CASE("safetensors: a header length past the file or past 100 MB is refused") {
  std::vector<std::uint8_t> bytes = bytes_of("{}", 0);
  bytes[7] = 0xff;
  names(refusal(bytes), "header claims");
  bytes = bytes_of("{}", 0);
  bytes[0] = 3;
  names(refusal(bytes), "header claims 3 bytes, expected at most 2");
  std::vector<std::uint8_t> large(8 + 100'000'001, ' ');
  const std::uint64_t length = 100'000'001;
  std::memcpy(large.data(), &length, 8);
  large[8] = '{';
  large.back() = '}';
  names(refusal(large), "expected at most 100000000");
}

TEST_CASE("safetensors: a header that is not a JSON object is refused") {
  for (const char* header : {"", "{", "[]", "null", "{]", "{\"a\":1,}", "\xff", "{} {}"}) {
    CAPTURE(header);
    names(refusal(header, 0), "header");
  }
  names(refusal(std::string(1'000'000, '['), 0), "header");
}

TEST_CASE("safetensors: a malformed entry is refused and named") {
  const struct {
    const char* entry;
    const char* says;
  } cases[] = {
      {R"(1)", "dtype"},
      {R"({"shape":[1],"data_offsets":[0,4]})", "dtype"},
      {R"({"dtype":32,"shape":[1],"data_offsets":[0,4]})", "dtype"},
      {R"({"dtype":"F32","data_offsets":[0,4]})", "shape"},
      {R"({"dtype":"F32","shape":1,"data_offsets":[0,4]})", "shape"},
      {R"({"dtype":"F32","shape":[-1],"data_offsets":[0,4]})", "shape"},
      {R"({"dtype":"F32","shape":[1.0],"data_offsets":[0,4]})", "shape"},
      {R"({"dtype":"F32","shape":["1"],"data_offsets":[0,4]})", "shape"},
      {R"({"dtype":"F32","shape":[1e30],"data_offsets":[0,4]})", "shape"},
      {R"({"dtype":"F32","shape":[1]})", "data_offsets"},
      {R"({"dtype":"F32","shape":[1],"data_offsets":[4]})", "data_offsets"},
      {R"({"dtype":"F32","shape":[1],"data_offsets":[0,2,4]})", "data_offsets"},
      {R"({"dtype":"F32","shape":[1],"data_offsets":[0,-4]})", "data_offsets"},
      {R"({"dtype":"F32","shape":[1],"data_offsets":[0,8]})", "do not lie"},
      {R"({"dtype":"F32","shape":[1],"data_offsets":[4,0]})", "do not lie"},
      {R"({"dtype":"F32","shape":[2],"data_offsets":[0,4]})", "(2) of F32 does not fill"},
      {R"({"dtype":"F64","shape":[1],"data_offsets":[0,4]})", "does not fill"},
      {R"({"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]})", "not fill"},
      {R"({"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]})", "not fill"},
      {R"({"dtype":"I8","shape":[4],"data_offsets":[0,4]})", "dtype I8, expected F32, F16, BF16"},
      {R"({"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]})", "dtype F8_E4M3"},
      {R"({"dtype":"F16","shape":[1],"data_offsets":[0,4]})", "(1) of F16 does not fill"},
      {R"({"dtype":"BF16","shape":[4],"data_offsets":[0,4]})", "(4) of BF16 does not fill"},
      {R"({"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]})", "'dtype' stands twice"},
  };
  for (const auto& one : cases) {
    const auto& entry = one.entry;
    const auto& says = one.says;
    CAPTURE(entry);
    const std::string message = refusal(std::string(R"({"the one":)") + entry + "}", 4);
    names(message, says);
    if (message.find("twice") == std::string::npos) names(message, "'the one'");
  }
}

TEST_CASE("safetensors: holes, overlaps, spare bytes and equal names are refused") {
  const auto f32 = [](const char* name, int begin, int end) {
    return std::string("\"") + name + R"(":{"dtype":"F32","shape":[)" +
           std::to_string((end - begin) / 4) + R"(],"data_offsets":[)" + std::to_string(begin) +
           "," + std::to_string(end) + "]}";
  };
  CHECK(parse_safetensors(bytes_of("{" + f32("b", 4, 8) + "," + f32("a", 0, 4) + "}  ", 8), "x")
            .tensors[1]
            .name == "b");
  names(refusal("{" + f32("a", 0, 4) + "," + f32("b", 8, 12) + "}", 12), "'b': its data begins");
  names(refusal("{" + f32("a", 0, 8) + "," + f32("b", 4, 12) + "}", 12), "'b': its data begins");
  names(refusal("{" + f32("a", 4, 8) + "}", 8), "begins at 4, expected 0");
  names(refusal("{" + f32("a", 0, 4) + "}", 8), "tensors end at 4, the data at 8");
  names(refusal("{" + f32("a", 0, 4) + "," + f32("a", 4, 8) + "}", 8), "'a' stands twice");
}

TEST_CASE("safetensors: metadata that is not a map of strings is refused") {
  names(refusal(R"({"__metadata__":[]})", 0), "__metadata__");
  names(refusal(R"({"__metadata__":{"epoch":1}})", 0), "'epoch' is not a string");
}

TEST_CASE("safetensors: the writer refuses equal names and shapes that do not fit") {
  TensorFile file = sample();
  file.tensors[1].name = "weight";
  CHECK_THROWS_WITH_AS(format_safetensors(file, "out"), doctest::Contains("'weight'"), Error);
  file = sample();
  file.tensors[0].name = "__metadata__";
  CHECK_THROWS_AS(format_safetensors(file, "out"), Error);
  file = sample();
  file.tensors[0].shape = {3, 3};
  CHECK_THROWS_WITH_AS(format_safetensors(file, "out"), doctest::Contains("(3, 3) with 6"), Error);
  file.tensors[0] = {"\xff", {0}, std::vector<float>{}};
  CHECK_THROWS_WITH_AS(format_safetensors(file, "out"), doctest::Contains("UTF-8"), Error);
}

TEST_CASE("safetensors: tensors are found by name, and asked for by type and shape") {
  const TensorFile file = sample();
  const std::size_t right[] = {2, 3};
  const std::size_t wrong[] = {3, 2};
  const Tensor& weight = find_tensor(file, "weight", "f");
  CHECK(floats_of(weight, right, "f")[2] == 3.5F);
  CHECK_THROWS_WITH_AS(find_tensor(file, "bias", "f"), doctest::Contains("'bias'"), Error);
  CHECK_THROWS_WITH_AS(floats_of(weight, wrong, "f"),
                       doctest::Contains("is F32 (2, 3), expected F32 (3, 2)"), Error);
  CHECK_THROWS_WITH_AS(floats_of(find_tensor(file, "a scalar", "f"), {}, "f"),
                       doctest::Contains("is F64 ()"), Error);
}

TEST_CASE("safetensors: the first value that is not finite is named") {
  Tensor tensor{"w", {3}, std::vector<float>{0, 1, 2}};
  CHECK_NOTHROW(require_finite(tensor, "f"));
  std::get<std::vector<float>>(tensor.values)[2] = -std::numeric_limits<float>::infinity();
  CHECK_THROWS_WITH_AS(require_finite(tensor, "f"), doctest::Contains("'w': value 2 is -inf"),
                       Error);
  tensor.values = std::vector<double>{0, std::numeric_limits<double>::quiet_NaN(), 0};
  CHECK_THROWS_WITH_AS(require_finite(tensor, "f"), doctest::Contains("'w': value 1 is"), Error);
  tensor.values = std::vector<std::int64_t>{-1, 0, 1};
  CHECK_NOTHROW(require_finite(tensor, "f"));
}

TEST_CASE("safetensors: every golden file loads, is finite, and survives a round trip") {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(RONDO_DATA_DIR "/golden")) {
    if (entry.path().extension() != ".safetensors") continue;
    CAPTURE(entry.path());
    const TensorFile file = read_safetensors(entry.path());
    CHECK(file.tensors.size() >= 7);
    CHECK(file.metadata.contains("cell"));
    const TensorFile again = parse_safetensors(format_safetensors(file, "out"), "in");
    REQUIRE(again.tensors.size() == file.tensors.size());
    for (std::size_t i = 0; i < file.tensors.size(); ++i) {
      require_finite(file.tensors[i], entry.path().string());
      CHECK(again.tensors[i].values == file.tensors[i].values);
    }
    ++files;
  }
  CHECK(files >= 32);
}

}  // namespace
}  // namespace rondo::tool
