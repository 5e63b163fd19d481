// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The state of a stream: where it starts, saving and restoring it between kernel sets and packings,
// states that somebody made up.
#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <rondo/numeric.hpp>

#include "plain.hpp"
#include "random_model.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

constexpr Kind k_every_kind[] = {Kind::lstm, Kind::gru, Kind::gru_before, Kind::rnn};
constexpr std::size_t k_blob_header = 16;
using Blob = std::vector<std::uint8_t>;

std::vector<ModelShape> every_shape(bool initial) {
  std::vector<ModelShape> shapes;
  for (const Kind kind : k_every_kind) {
    for (const Format recurrent : {Format::s8, Format::s16}) {
      for (const Format between : {Format::s8, Format::s16}) {
        shapes.push_back({Type::s8,
                          Format::token,
                          28,
                          {33, 9},
                          7,
                          {.kinds = {kind},
                           .initial = initial,
                           .recurrent = recurrent,
                           .between = between,
                           .head = between}});
      }
    }
    shapes.push_back(
        {Type::f32, Format::token, 28, {33, 9}, 7, {.kinds = {kind}, .initial = initial}});
  }
  return shapes;
}

Blob save(const Stream& stream) {
  Blob blob(stream.save_bytes());
  REQUIRE(stream.save({blob.data(), blob.size()}) == Status::ok);
  return blob;
}
Status restore(Stream& stream, const Blob& blob) {
  return stream.restore({blob.data(), blob.size()});
}

// One of the packings on one of the sets.
struct Place {
  Packing packing;
  Isa isa;
};
std::vector<Place> every_place() {
  std::vector<Place> places;
  for (const Packing packing : k_every_packing) {
    for (const Isa isa : available_sets()) places.push_back({packing, isa});
  }
  return places;
}

}  // namespace

TEST_CASE("reset goes back to the start of the sequence, states of the image included") {
  for (const bool initial : {false, true}) {
    for (const ModelShape& shape : every_shape(initial)) {
      const std::string name = text_of(shape);
      INFO(name);
      const tool::ImageContent content = random_model(shape, 8);
      const Inputs inputs = random_inputs(content, 12, 9);
      Runner runner(content);
      const Blob start = save(runner.stream);
      const Scores before_all = scores_of(runner.stream);
      const Scores first = run_with_scores(runner.stream, inputs, 0, 12);
      CHECK(save(runner.stream) != start);
      runner.stream.reset();
      CHECK(save(runner.stream) == start);
      CHECK(scores_of(runner.stream) == before_all);
      CHECK(run_with_scores(runner.stream, inputs, 0, 12) == first);
      bool zero = true;
      for (std::size_t i = k_blob_header; i < start.size(); ++i) zero = zero && start[i] == 0;
      CHECK(zero == !initial);
    }
  }
}

TEST_CASE("a saved state continues with the same bits on another set and in another packing") {
  const std::vector<Place> places = every_place();
  for (const ModelShape& shape : every_shape(true)) {
    const tool::ImageContent content = random_model(shape, 8);
    const Inputs inputs = random_inputs(content, 16, 9);
    for (const Place& from : places) {
      Runner saving(content, from.packing, from.isa);
      run(saving.stream, inputs, 0, 7);
      const Blob blob = save(saving.stream);
      const Scores want = run_with_scores(saving.stream, inputs, 7, 9);
      for (const Place& to : places) {
        const std::string name =
            text_of(shape) + " from " + name_of(from.isa) + " to " + name_of(to.isa);
        INFO(name);
        Runner restoring(content, to.packing, to.isa);
        run(restoring.stream, inputs, 3, 4);
        REQUIRE(restore(restoring.stream, blob) == Status::ok);
        CHECK(save(restoring.stream) == blob);
        const Scores got = run_with_scores(restoring.stream, inputs, 7, 9);
        if (shape.type == Type::s8) {
          CHECK(got == want);
        } else if (from.isa == to.isa) {
          CHECK(got == want);  // the sum of a row does not depend on the packing
        } else {
          for (std::size_t i = 0; i < got.size(); ++i) {
            CHECK(std::bit_cast<float>(got[i]) ==
                  doctest::Approx(std::bit_cast<float>(want[i])).epsilon(1e-5));
          }
        }
      }
    }
  }
}

TEST_CASE("any bytes may be restored: later steps are the same on all sets, and end") {
  const std::vector<Place> places = every_place();
  tool::Random random(77);
  for (const ModelShape& shape : every_shape(false)) {
    if (shape.type == Type::f32) continue;
    const std::string name = text_of(shape);
    INFO(name);
    const tool::ImageContent content = random_model(shape, 8);
    const Inputs inputs = random_inputs(content, 6, 9);
    Runner first(content, k_every_packing[0], Isa::scalar);
    const Blob saved = save(first.stream);
    for (const std::uint32_t fill : {0x80808080U, 0x7F7F7F7FU, 0x80007FFFU, 0x7FFFFFFFU,
                                     0x80000000U, 0xFFFFFFFFU, 0U, 1U, 2U}) {
      Blob blob = saved;
      for (std::size_t i = k_blob_header; i < blob.size(); ++i) {
        blob[i] = fill < 3 ? static_cast<std::uint8_t>(random.below(256))
                           : static_cast<std::uint8_t>(fill >> (8 * (i % 4)));
      }
      REQUIRE(restore(first.stream, blob) == Status::ok);
      const Blob taken = save(first.stream);
      const Scores want = run_with_scores(first.stream, inputs, 0, 6);
      const Blob after = save(first.stream);
      for (const Place& place : places) {
        INFO(std::string(name_of(place.isa))
             << ", packing " << static_cast<int>(place.packing) << ", fill " << fill);
        Runner runner(content, place.packing, place.isa);
        REQUIRE(restore(runner.stream, blob) == Status::ok);
        CHECK(save(runner.stream) == taken);
        CHECK(run_with_scores(runner.stream, inputs, 0, 6) == want);
        CHECK(save(runner.stream) == after);
      }
    }
  }
}

TEST_CASE("any floats may be restored, and reset makes them good again") {
  tool::Random random(78);
  for (const ModelShape& shape : every_shape(true)) {
    if (shape.type == Type::s8) continue;
    const tool::ImageContent content = random_model(shape, 8);
    const Inputs inputs = random_inputs(content, 6, 9);
    for (const Isa isa : available_sets()) {
      Runner runner(content, k_every_packing[0], isa);
      const Scores want = run_with_scores(runner.stream, inputs, 0, 6);
      Blob blob = save(runner.stream);
      for (int trial = 0; trial < 20; ++trial) {
        for (std::size_t i = k_blob_header; i < blob.size(); ++i) {
          blob[i] = static_cast<std::uint8_t>(random.below(256));
        }
        REQUIRE(restore(runner.stream, blob) == Status::ok);
        CHECK(save(runner.stream) == blob);
        run(runner.stream, inputs, 0, 6);
        CHECK(runner.stream.argmax() < 7);
        runner.stream.reset();
        CHECK(run_with_scores(runner.stream, inputs, 0, 6) == want);
      }
    }
  }
}

TEST_CASE("a restored GRU state outside -1 .. 1 is cut to it") {
  const tool::ImageContent content =
      random_model({Type::s8, Format::token, 28, {5}, 7, {.kinds = {Kind::gru}}}, 8);
  Runner runner(content);
  Blob blob = save(runner.stream);
  const std::int32_t wild[] = {INT32_MIN, INT32_MAX, k_gru_one, -k_gru_one - 1, 5};
  const std::int32_t tame[] = {-k_gru_one, k_gru_one, k_gru_one, -k_gru_one, 5};
  std::memcpy(blob.data() + k_blob_header, wild, sizeof wild);
  REQUIRE(restore(runner.stream, blob) == Status::ok);
  std::memcpy(blob.data() + k_blob_header, tame, sizeof tame);
  CHECK(save(runner.stream) == blob);
}

TEST_CASE("a GRU starts within -1 .. 1 even where the image was overwritten after load") {
  const ModelShape shape = {
      Type::s8, Format::token, 28, {5}, 7, {.kinds = {Kind::gru}, .initial = true}};
  Runner runner(random_model(shape, 8));
  const std::int32_t wild[] = {INT32_MIN, INT32_MAX, k_gru_one, -k_gru_one - 1, 5};
  const std::int32_t tame[] = {-k_gru_one, k_gru_one, k_gru_one, -k_gru_one, 5};
  std::memcpy(runner.image.data() + runner.model.record(0).initial, wild, sizeof wild);
  runner.stream.reset();
  CHECK(std::memcmp(save(runner.stream).data() + k_blob_header, tame, sizeof tame) == 0);
}

TEST_CASE("a state of another model, cut short, or of another format is refused and changes none") {
  for (const ModelShape& shape : every_shape(false)) {
    const tool::ImageContent content = random_model(shape, 8);
    Runner one(content), other(random_model(shape, 9));
    one.stream.step(3);
    Blob blob = save(one.stream);
    const Blob of_other = save(other.stream);
    CHECK(restore(other.stream, blob) == Status::wrong_model);
    CHECK(save(other.stream) == of_other);
    for (std::size_t n = 0; n < blob.size(); ++n) {
      REQUIRE(one.stream.restore({blob.data(), n}) == Status::bad_state);
      REQUIRE(one.stream.save({blob.data(), n}) == Status::bad_state);
    }
    for (const std::size_t at : {0U, 4U, 12U}) {  // magic, version, bytes
      for (unsigned bits = 1; bits < 256; bits *= 2) {
        Blob wrong = blob;
        wrong[at] = static_cast<std::uint8_t>(wrong[at] ^ bits);
        CHECK(restore(one.stream, wrong) == Status::bad_state);
      }
    }
    CHECK(save(one.stream) == blob);
    blob.push_back(0);  // more room than needed does no harm
    CHECK(restore(one.stream, blob) == Status::ok);
  }
  Stream none;
  CHECK(none.save({}) == Status::not_loaded);
  CHECK(none.restore({}) == Status::not_loaded);
}

namespace {

// hidden of a layer against the plain implementation, in the format that the next layer reads; and
// against that in the other one, where it is kept too.
void check_hidden_s8(const Stream& stream, const tool::ImageLayer& layer, std::size_t l,
                     const std::vector<std::int32_t>& want) {
  const std::int8_t* const s8 = stream.hidden_s8(l);
  const std::int16_t* const s16 = stream.hidden_s16(l);
  REQUIRE((s8 != nullptr) == (layer.output == Format::s8 || layer.recurrent == Format::s8));
  REQUIRE((s16 != nullptr) == (layer.output == Format::s16 || layer.recurrent == Format::s16));
  CHECK(stream.hidden_f32(l) == nullptr);
  for (std::uint32_t k = 0; k < layer.outputs; ++k) {
    CHECK((layer.output == Format::s8 ? s8[k] : s16[k]) == want[k]);
    // Both are roundings of one number; 128 does not exist in 8 bits.
    if (s8 != nullptr && s16 != nullptr) CHECK(std::abs(s8[k] * 256 - s16[k]) <= 256);
  }
}

}  // namespace

TEST_CASE("hidden shows the outputs of a layer in the formats that it keeps, and no other") {
  for (const ModelShape& shape : every_shape(true)) {
    const std::string name = text_of(shape);
    INFO(name);
    const tool::ImageContent content = random_model(shape, 8);
    const Inputs inputs = random_inputs(content, 5, 9);
    for (const Isa isa : available_sets()) {
      Runner runner(content, k_every_packing[0], isa);
      PlainS8 plain(content);
      PlainF32 real(content);
      for (std::size_t s = 0; s < 5; ++s) {
        step(runner.stream, inputs, s);
        if (shape.type == Type::s8) plain.run(inputs, s, 1);
        if (shape.type == Type::f32) real.run(inputs, s, 1);
        for (std::size_t l = 0; l < 2; ++l) {
          if (shape.type == Type::s8) {
            check_hidden_s8(runner.stream, content.layers[l], l, plain.outputs(l));
            continue;
          }
          CHECK(runner.stream.hidden_s8(l) == nullptr);
          CHECK(runner.stream.hidden_s16(l) == nullptr);
          for (std::uint32_t k = 0; k < content.layers[l].outputs; ++k) {
            CHECK(std::abs(runner.stream.hidden_f32(l)[k] - real.outputs(l)[k]) < 1e-6);
          }
        }
      }
      CHECK(runner.stream.hidden_s8(2) == nullptr);  // the linear layer
      CHECK(runner.stream.hidden_s16(2) == nullptr);
      CHECK(runner.stream.hidden_f32(2) == nullptr);
    }
  }
}
