// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A build for one model (narrow/rondo/features.hpp) loads that model, and refuses by name whatever
// it has no code for.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>

#include <rondo/crc32.hpp>
#include <rondo/model.hpp>

#include "names_model.h"

using namespace rondo;

namespace {

constexpr std::size_t k_bytes = names_model_image_bytes;

// The committed model of names, after a change of its header and of the records of its two layers.
Status loaded(const std::function<void(ImageHeader&, LayerRecord&, LayerRecord&)>& change) {
  alignas(64) static std::uint8_t image[k_bytes];
  std::memcpy(image, names_model_image, k_bytes);
  ImageHeader header;
  LayerRecord layers[2];
  std::memcpy(&header, image, sizeof header);
  std::memcpy(layers, image + sizeof header, sizeof layers);
  change(header, layers[0], layers[1]);
  std::memcpy(image, &header, sizeof header);
  std::memcpy(image + sizeof header, layers, sizeof layers);
  header.crc = crc32(image + k_crc_from, k_bytes - k_crc_from);
  std::memcpy(image, &header, sizeof header);

  alignas(64) std::uint8_t memory[names_model_model_bytes];
  Arena arena(memory);
  Model model;
  const Status status = model.load({image, k_bytes}, names_model_cells, arena);
  CHECK(model.loaded() == (status == Status::ok));
  CHECK(arena.used() == (status == Status::ok ? sizeof memory : 0));
  return status;
}

}  // namespace

TEST_CASE("a build for one model loads it") {
  CHECK(loaded([](auto&, auto&, auto&) {}) == Status::ok);
}

TEST_CASE("a build for one model has no code for other formats") {
  const auto misses = [](const auto& change) {
    return loaded([&](ImageHeader&, LayerRecord& lstm, LayerRecord&) { change(lstm); }) ==
           Status::cell_not_linked;
  };
  CHECK(misses([](auto& lstm) { lstm.input = Format::s16; }));
  CHECK(misses([](auto& lstm) { lstm.output = Format::s8; }));
  CHECK(misses([](auto& lstm) { lstm.recurrent = Format::s16; }));
  CHECK(loaded([](auto& header, auto&, auto&) { header.input = Format::s16; }) ==
        Status::cell_not_linked);
}

TEST_CASE("a build without a feature has no code for layers that need it") {
  const auto misses = [](const auto& change) {
    return loaded([&](ImageHeader&, LayerRecord&, LayerRecord& linear) { change(linear); }) ==
           Status::cell_not_linked;
  };
  CHECK(misses([](auto& layer) { layer.direction = Direction::forward; }));
  CHECK(misses([](auto& layer) { layer.initial = 64; }));
  CHECK(misses([](auto& layer) { layer.kind = Kind::skip; }));
  CHECK(misses([](auto& layer) { layer.type = Type::f32; }));
}
