// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// rondo.h against the C++ runtime: the same scores for every kind of input, from steps and from
// runs. That it can be used from C is shown by tests/tools/formats/run_header.c.
#include <rondo/rondo.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>

#include <rondo/sample.hpp>

#include "random_model.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

// An image for C, and a stream of it in an arena of exactly the size asked for.
struct CRunner {
  AlignedBytes image;
  RondoModel model;
  AlignedBytes memory;
  RondoStream* stream = nullptr;

  explicit CRunner(const tool::ImageContent& content)
      : image(tool::pack(content, k_every_packing[0])),
        model{image.bytes().data(), image.bytes().size(), k_all_cells, std::size(k_all_cells)},
        memory(needed()) {
    REQUIRE(rondo_init(&model, memory.data(), memory.size(), &stream) == rondo_ok);
  }

  std::size_t needed() const {
    std::size_t bytes = 0;
    REQUIRE(rondo_arena_bytes(&model, &bytes) == rondo_ok);
    return bytes;
  }
};

constexpr std::size_t k_steps = 21;  // more than two groups of a run

std::vector<float> scores_of(Stream& stream) {
  std::vector<float> out(stream.model().outputs());
  stream.scores({out.data(), out.size()});
  return out;
}
std::vector<float> scores_of(RondoStream* stream) {
  std::vector<float> out(rondo_outputs(stream));
  rondo_scores(stream, out.data(), out.size());
  return out;
}

}  // namespace

TEST_CASE("tokens: C and C++ give the same scores, in steps and in a run") {
  for (const Type type : {Type::s8, Type::f32}) {
    const ModelShape shape = {type, Format::token, 11, {20, 12}, 7};
    const tool::ImageContent content = random_model(shape, 5);
    Runner cpp(content);
    CRunner c(content);
    std::vector<std::uint32_t> tokens(k_steps);
    for (std::size_t i = 0; i < k_steps; ++i) {
      tokens[i] = static_cast<std::uint32_t>(5 * i % 12);  // 11 is outside
      cpp.stream.step(tokens[i]);
      rondo_step_token(c.stream, tokens[i]);
      CHECK(scores_of(cpp.stream) == scores_of(c.stream));
      CHECK(cpp.stream.argmax() == rondo_argmax(c.stream));
    }
    rondo_reset(c.stream);
    std::vector<std::int32_t> scores(7 * k_steps);
    rondo_run_tokens(c.stream, tokens.data(), k_steps, scores.data());
    CHECK(scores_of(cpp.stream) == scores_of(c.stream));
    if (type == Type::f32) continue;
    CHECK(std::equal(scores.end() - 7, scores.end(), cpp.stream.scores_s32()));
  }
}

TEST_CASE("real inputs: C and C++ give the same scores, from floats and from steps") {
  for (const Format format : {Format::s16, Format::s8, Format::f32}) {
    const Type type = format == Format::f32 ? Type::f32 : Type::s8;
    const tool::ImageContent content =
        random_model({type, format, 3, {13}, 4, {.kinds = {Kind::gru}}}, 6);
    Runner cpp(content);
    CRunner c(content);
    std::vector<float> x(3 * k_steps);
    std::vector<std::int16_t> x_s16(3 * k_steps);
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = static_cast<float>(7 * i % 31) * 0.25F - 3.0F;
      x_s16[i] = static_cast<std::int16_t>(971 * i % 3001) - 1500;
    }
    for (std::size_t s = 0; s < k_steps; ++s) {
      cpp.stream.step_f32(&x[3 * s]);
      rondo_step_f32(c.stream, &x[3 * s]);
      CHECK(scores_of(cpp.stream) == scores_of(c.stream));
      cpp.stream.step_s16(&x_s16[3 * s]);
      rondo_step_s16(c.stream, &x_s16[3 * s]);
      CHECK(scores_of(cpp.stream) == scores_of(c.stream));
    }
    std::vector<float> floats(4 * k_steps);
    rondo_run_f32(c.stream, x.data(), k_steps, floats.data());
    cpp.stream.run_f32(x.data(), k_steps);
    CHECK(std::equal(floats.end() - 4, floats.end(), scores_of(cpp.stream).begin()));
    rondo_run_s16(c.stream, x_s16.data(), k_steps, nullptr);
    cpp.stream.run_s16(x_s16.data(), k_steps);
    CHECK(scores_of(cpp.stream) == scores_of(c.stream));
  }
}

TEST_CASE("every status of C has the number and the name of its twin") {
  // The last one of the list is held by a static_assert; names tell of any that changed places.
  for (int i = rondo_ok; i <= rondo_not_loaded + 1; ++i) {
    CHECK(std::string(rondo_status_text(static_cast<RondoStatus>(i))) ==
          name_of(static_cast<Status>(i)));
  }
  CHECK(std::string(rondo_status_text(rondo_bad_state)) == "bad_state");
  CHECK(std::string(rondo_status_text(rondo_image_misaligned)) == "image_misaligned");
  CHECK(std::string(rondo_status_text(rondo_cell_not_linked)) == "cell_not_linked");
}

TEST_CASE("a state saved by C goes on in C++") {
  const tool::ImageContent content = random_model({Type::s8, Format::token, 5, {9}, 3}, 7);
  Runner cpp(content);
  CRunner c(content);
  for (const std::uint32_t token : {1U, 4U, 2U}) rondo_step_token(c.stream, token);
  std::vector<std::uint8_t> blob(rondo_save_bytes(c.stream));
  REQUIRE(rondo_save(c.stream, blob.data(), blob.size()) == rondo_ok);
  REQUIRE(cpp.stream.restore({blob.data(), blob.size()}) == Status::ok);
  CHECK(scores_of(cpp.stream) == scores_of(c.stream));
}

TEST_CASE("the version is the project's") {
  const std::string text = std::to_string(rondo_version() >> 16) + "." +
                           std::to_string(rondo_version() >> 8 & 255) + "." +
                           std::to_string(rondo_version() & 255);
  CHECK(text == RONDO_VERSION);
}

TEST_CASE("C draws the tokens that C++ draws, and of a float model the greatest") {
  for (const Type type : {Type::s8, Type::f32}) {
    const tool::ImageContent content = random_model({type, Format::token, 11, {20}, 7}, 9);
    Runner cpp(content);
    CRunner c(content);
    const RondoSampling how = rondo_sampling(52429, 5);
    CHECK(how.sharpness == sampling(52429, 5).sharpness);
    CHECK(how.top_k == 5);
    std::uint32_t random = 3, expected_random = 3;
    bool others_than_the_greatest = false;
    for (std::uint32_t i = 0; i < 50; ++i) {
      cpp.stream.step(i % 11);
      rondo_step_token(c.stream, i % 11);
      const std::uint32_t drawn = rondo_sample(c.stream, how, &random);
      if (type == Type::f32) {
        CHECK(drawn == cpp.stream.argmax());
        continue;
      }
      CHECK(drawn == sample({cpp.stream.scores_s32(), 7}, sampling(52429, 5), expected_random));
      CHECK(random == expected_random);
      others_than_the_greatest |= drawn != cpp.stream.argmax();
    }
    CHECK(others_than_the_greatest == (type == Type::s8));
  }
}

TEST_CASE("C restores a state that C++ saved, and refuses one that was cut") {
  const tool::ImageContent content = random_model({Type::s8, Format::token, 5, {9}, 3}, 7);
  Runner cpp(content);
  CRunner c(content);
  for (const std::uint32_t token : {1U, 4U, 2U}) cpp.stream.step(token);
  std::vector<std::uint8_t> blob(cpp.stream.save_bytes());
  REQUIRE(cpp.stream.save({blob.data(), blob.size()}) == Status::ok);
  CHECK(rondo_restore(c.stream, blob.data(), blob.size() - 1) == rondo_bad_state);
  REQUIRE(rondo_restore(c.stream, blob.data(), blob.size()) == rondo_ok);
  CHECK(scores_of(cpp.stream) == scores_of(c.stream));
}

TEST_CASE("C gives the scores that a model has, of its type and as shares") {
  for (const Type type : {Type::s8, Type::f32}) {
    const tool::ImageContent content = random_model({type, Format::token, 11, {20}, 7}, 9);
    Runner cpp(content);
    CRunner c(content);
    CHECK(rondo_inputs(c.stream) == 11);
    cpp.stream.step(3);
    rondo_step_token(c.stream, 3);
    const std::int32_t* const s32 = rondo_scores_s32(c.stream);
    const float* const f32 = rondo_scores_f32(c.stream);
    CHECK((s32 != nullptr) == (type == Type::s8));
    CHECK((f32 != nullptr) == (type == Type::f32));
    if (s32 != nullptr) CHECK(std::equal(s32, s32 + 7, cpp.stream.scores_s32()));
    if (f32 != nullptr) CHECK(std::equal(f32, f32 + 7, cpp.stream.scores_f32()));
    float shares[7], expected[7];
    rondo_softmax(c.stream, shares, 7);
    cpp.stream.softmax({expected, 7});
    CHECK(std::equal(shares, shares + 7, expected));
  }
}

TEST_CASE("C starts a verified image without looking at its CRC, and needs all of its arena") {
  CRunner c(random_model({Type::s8, Format::token, 5, {9}, 3}, 7));
  c.image.data()[offsetof(ImageHeader, crc)] ^= 1;
  RondoStream* stream = nullptr;
  const std::size_t size = c.memory.size();
  CHECK(rondo_init(&c.model, c.memory.data(), size, &stream) == rondo_crc_mismatch);
  std::size_t bytes = 77;
  CHECK(rondo_arena_bytes(&c.model, &bytes) == rondo_crc_mismatch);
  CHECK(bytes == 77);
  for (const std::size_t less : {size - 1, std::size_t{64}, std::size_t{0}}) {
    CHECK(rondo_init_verified(&c.model, c.memory.data(), less, &stream) == rondo_arena_too_small);
  }
  CHECK(stream == nullptr);
  CHECK(rondo_init_verified(&c.model, c.memory.data(), size, &stream) == rondo_ok);
  CHECK(stream != nullptr);
}
