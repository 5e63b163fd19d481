// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The proofs of load: weights, row sums, multipliers, padding and the sums that must not overflow,
// each broken in every place where it can be.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <rondo/numeric.hpp>

#include "changed_image.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

constexpr Kind k_every_kind[] = {Kind::lstm, Kind::gru, Kind::gru_before, Kind::rnn};

// 5 units and 6 inputs: padding in both. No weight and no bias is 0, so what is 0 is padding.
tool::ImageContent small_model(Kind kind, Format input) {
  const LayerShapes layers = {.kinds = {kind}, .initial = true};
  tool::ImageContent content = random_model({Type::s8, input, 6, {5}, 3, layers}, 1);
  for (tool::ImageLayer& layer : content.layers) {
    for (tool::ImageMatrix* const m : {&layer.w, &layer.u}) {
      for (auto& w : m->s8) w = static_cast<std::int8_t>(w == 0 ? 1 : w);
    }
    for (auto& b : layer.bias_s32) b = b == 0 ? 1 : b;
  }
  return content;
}

// Calls check(image, packing) for a fresh image of every kind, input and packing.
template <class Check>
void for_every_image(Check check) {
  for (const Kind kind : k_every_kind) {
    for (const Format input : {Format::token, Format::s8, Format::s16}) {
      for (const Packing packing : k_every_packing) {
        INFO("kind " << static_cast<int>(kind) << ", input " << static_cast<int>(input)
                     << ", packing " << static_cast<int>(packing));
        ChangedImage image(small_model(kind, input), packing);
        REQUIRE(image.load() == Status::ok);
        check(image, packing);
        REQUIRE(image.load() == Status::ok);  // each change was taken back
      }
    }
  }
}

// The status of an image with one number changed; it is put back after.
template <class T>
Status with(ChangedImage& image, std::uint32_t offset, std::uint32_t at, T value) {
  T& place = image.at<T>(offset)[at];
  const T before = place;
  place = value;
  const Status status = image.load();
  place = before;
  return status;
}

}  // namespace

TEST_CASE("a weight of -128 is refused wherever it stands") {
  for_every_image([](ChangedImage& image, Packing packing) {
    for (const LayerRecord& record : image.records) {
      const Sizes sizes = sizes_of(record, packing);
      for (std::uint32_t i = 0; i < sizes.w; ++i) {
        REQUIRE(with(image, record.w, i, std::int8_t{-128}) == Status::bad_numbers);
      }
      for (std::uint32_t i = 0; i < sizes.u; ++i) {
        REQUIRE(with(image, record.u, i, std::int8_t{-128}) == Status::bad_numbers);
      }
    }
  });
}

TEST_CASE("padding that is not zero is refused wherever it stands") {
  int padding = 0;
  for_every_image([&](ChangedImage& image, Packing packing) {
    for (const LayerRecord& record : image.records) {
      const Sizes sizes = sizes_of(record, packing);
      for (const auto& [offset, size] : {std::pair{record.w, sizes.w}, {record.u, sizes.u}}) {
        for (std::uint32_t i = 0; i < size; ++i) {
          if (image.at<std::int8_t>(offset)[i] != 0) continue;
          REQUIRE(with(image, offset, i, std::int8_t{1}) == Status::bad_numbers);
          ++padding;
        }
      }
      for (std::uint32_t i = 0; i < sizes.biases; ++i) {
        if (image.at<std::int32_t>(record.bias)[i] != 0) continue;
        REQUIRE(with(image, record.bias, i, 1) == Status::bad_numbers);
        ++padding;
      }
    }
  });
  CHECK(padding > 1000);
}

TEST_CASE("padding is refused on hosts even where the row sum was made to fit") {
  ChangedImage image(small_model(Kind::gru_before, Format::s8));
  const LayerRecord& record = image.records[0];
  const Sizes sizes = sizes_of(record, Packing::host);
  int tried = 0;
  for (std::uint32_t i = 0; i < sizes.u; ++i) {
    std::int8_t& weight = image.at<std::int8_t>(record.u)[i];
    const bool padding = weight == 0;
    weight = static_cast<std::int8_t>(weight == 0 ? 1 : weight == 127 ? 126 : weight + 1);
    const int by = padding || weight != 126 ? 1 : -1;
    int fits = 0;
    for (std::uint32_t row = 0; row < sizes.rows; ++row) {
      const std::int32_t sum = image.at<std::int32_t>(record.sums_u)[row];
      fits += with(image, record.sums_u, row, sum + by) == Status::ok ? 1 : 0;
    }
    CHECK(fits == (padding ? 0 : 1));
    tried += padding ? 1 : 0;
    weight = static_cast<std::int8_t>(padding ? 0 : weight - by);
  }
  CHECK(tried > 0);
  CHECK(image.load() == Status::ok);
}

TEST_CASE("a wrong row sum is refused in every row") {
  for_every_image([](ChangedImage& image, Packing packing) {
    for (const LayerRecord& record : image.records) {
      const std::uint32_t rows = sizes_of(record, packing).rows;
      const bool host = packing == Packing::host;
      CHECK((record.sums_w != 0) == (host && record.input != Format::token));
      CHECK((record.sums_u != 0) == (host && record.recurrent != Format::token));
      for (const std::uint32_t sums : {record.sums_w, record.sums_u}) {
        for (std::uint32_t row = 0; sums != 0 && row < rows; ++row) {
          const std::int32_t sum = image.at<std::int32_t>(sums)[row];
          REQUIRE(with(image, sums, row, sum ^ 1) == Status::bad_numbers);
        }
      }
    }
  });
}

TEST_CASE("a multiplier that is not positive is refused in every row") {
  for_every_image([](ChangedImage& image, Packing packing) {
    for (const LayerRecord& record : image.records) {
      for (const std::uint32_t scale : {record.scale_w, record.scale_u}) {
        for (std::uint32_t row = 0; scale != 0 && row < sizes_of(record, packing).rows; ++row) {
          for (const std::int32_t wrong : {0, -1, INT32_MIN}) {
            REQUIRE(with(image, scale, row, wrong) == Status::bad_numbers);
          }
        }
      }
    }
  });
}

TEST_CASE("states to start from outside their formats are refused; any c is a cell") {
  for (const Kind kind : k_every_kind) {
    ChangedImage image(small_model(kind, Format::token));
    const LayerRecord& record = image.records[0];
    const bool lstm = kind == Kind::lstm;
    const std::int32_t limit = lstm || kind == Kind::rnn ? 32767 : k_gru_one;
    for (std::uint32_t k = 0; k < 5; ++k) {
      const std::uint32_t at = (lstm ? 5 : 0) + k;
      CHECK(with(image, record.initial, at, limit) == Status::ok);
      CHECK(with(image, record.initial, at, -limit) == Status::ok);
      CHECK(with(image, record.initial, at, limit + 1) == Status::bad_numbers);
      CHECK(with(image, record.initial, at, -limit - 1) == Status::bad_numbers);
      CHECK(with(image, record.initial, at, INT32_MIN) == Status::bad_numbers);
      if (lstm) CHECK(with(image, record.initial, k, INT32_MIN) == Status::ok);
    }
  }
}

TEST_CASE("floats that are not finite are refused wherever they stand") {
  const float inf = std::numeric_limits<float>::infinity();
  for (const Kind kind : k_every_kind) {
    for (const Packing packing : k_every_packing) {
      const LayerShapes layers = {.kinds = {kind}, .initial = true};
      ChangedImage image({Type::f32, Format::f32, 3, {5}, 2, layers}, packing);
      const std::uint32_t units[] = {5, 2};
      for (std::size_t l = 0; l < 2; ++l) {
        const LayerRecord& record = image.records[l];
        const Sizes sizes = sizes_of(record, packing);
        const std::uint32_t states = l == 1 ? 0 : units[l] * (kind == Kind::lstm ? 2 : 1);
        for (const auto& [offset, size] : {std::pair{record.w, sizes.w},
                                           {record.u, sizes.u},
                                           {record.bias, sizes.biases},
                                           {record.initial, states}}) {
          for (std::uint32_t i = 0; i < size; ++i) {
            REQUIRE(with(image, offset, i, std::nanf("")) == Status::bad_numbers);
            REQUIRE(with(image, offset, i, i % 2 == 0 ? inf : -inf) == Status::bad_numbers);
          }
        }
      }
      CHECK(image.load() == Status::ok);
    }
  }
  ChangedImage reals({Type::s8, Format::s16, 3, {5}, 2});
  for (const std::uint32_t offset : {reals.header.mean, reals.header.inv_step}) {
    for (std::uint32_t i = 0; i < 3; ++i) {
      CHECK(with(reals, offset, i, std::nanf("")) == Status::bad_numbers);
      CHECK(with(reals, offset, i, -inf) == Status::bad_numbers);
    }
  }
}
