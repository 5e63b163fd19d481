// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Header and records of hostile images: each field changed, each offset moved, layers that do not
// fit together. What load takes all the same must run inside its image and arena, with the same
// bits on all sets (sanitizers see the rest).
#include <doctest/doctest.h>

#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include "changed_image.hpp"
#include "inputs.hpp"

using namespace rondo;
using namespace rondo::test;

namespace {

constexpr Kind k_every_kind[] = {Kind::lstm, Kind::gru, Kind::gru_before, Kind::rnn};

// Small, with padding in units and inputs; two recurrent layers, or one in both directions.
std::vector<ModelShape> shapes_of(Kind kind) {
  const LayerShapes one = {.kinds = {kind}, .initial = true};
  const LayerShapes both = {
      .kinds = {kind}, .bidirectional = {true, false}, .max_steps = 9, .initial = true};
  return {{Type::s8, Format::token, 6, {5, 6}, 3, one},
          {Type::s8, Format::s16, 3, {5, 3}, 2, both},
          {Type::s8, Format::s8, 5, {3}, 2, one},
          {Type::f32, Format::f32, 3, {5}, 2, one},
          {Type::f32, Format::token, 4, {5, 3}, 2, both}};
}

using Packed = std::vector<std::uint8_t>;

// Calls check(image, shape) for every kind in every packing.
template <class Check>
void for_every_image(Check check) {
  for (const Kind kind : k_every_kind) {
    for (const ModelShape& shape : shapes_of(kind)) {
      for (const Packing packing : k_every_packing) {
        const std::string name = text_of(shape);
        INFO(name << ", packing " << static_cast<int>(packing));
        check(tool::pack(random_model(shape, 1), packing), shape);
      }
    }
  }
}

// A few steps of an image that load took, on every set, in exactly the memory it asks for.
void run_everywhere(View<const std::uint8_t> image) {
  ArenaBytes bytes{};
  REQUIRE(Model::measure(image, all_cells(), bytes) == Status::ok);
  Scores want;
  for (const Isa isa : available_sets()) {
    const AlignedBytes memory(bytes.total());
    Arena arena(memory.view());
    Model model;
    Stream stream;
    REQUIRE(model.load(image, all_cells(), arena) == Status::ok);
    REQUIRE(stream.bind(model, arena, isa) == Status::ok);
    tool::ImageContent content;
    content.input = model.input();
    content.inputs = model.inputs();
    const Inputs inputs = random_inputs(content, 10, 1);
    const Scores got = run_with_scores(stream, inputs, 0, 10);
    step(stream, inputs, 0);
    CHECK(stream.argmax() < model.outputs());
    if (want.empty()) want = got;
    if (model.type() == Type::s8) CHECK(got == want);
  }
}

// Either refused, or good. Most is refused for its layout, which is quicker to find out.
Status load_and_run(ChangedImage& image) {
  Status status = image.load_layout();
  if (status != Status::ok) return status;
  status = image.load();
  if (status == Status::ok) run_everywhere(image.bytes());
  return status;
}

bool refused(Status status) {
  return status == Status::bad_layout || status == Status::bad_numbers;
}

// The fields of LayerRecord that say where an array is.
constexpr std::uint32_t LayerRecord::*k_offsets[] = {
    &LayerRecord::w,    &LayerRecord::u,      &LayerRecord::scale_w, &LayerRecord::scale_u,
    &LayerRecord::bias, &LayerRecord::sums_w, &LayerRecord::sums_u,  &LayerRecord::initial};

constexpr std::uint8_t k_values[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 64, 127, 128, 255};

}  // namespace

TEST_CASE("an offset that leaves the image, or is no multiple of 4, is refused") {
  for_every_image([](const Packed& packed, const ModelShape&) {
    const ChangedImage good(packed);
    const auto size = static_cast<std::uint32_t>(good.size());
    for (std::size_t layer = 0; layer < good.records.size(); ++layer) {
      for (const auto field : k_offsets) {
        const std::uint32_t right = good.records[layer].*field;
        for (const std::uint32_t wrong :
             {0xFFFFFFFFU, 0xFFFFFFFCU, 0x80000000U, size, size + 4, right + 1, right + 2,
              right + 3, 1U, 4U, 60U, size - 4 + (right == size - 4 ? 4 : 0)}) {
          if (wrong == size - 4 && field == &LayerRecord::initial &&
              good.records[layer].outputs == 1) {
            continue;  // an array of one number fits there
          }
          ChangedImage image(packed);
          image.records[layer].*field = wrong;
          CHECK(refused(image.load()));
          CHECK(image.load_layout() == Status::bad_layout);
        }
      }
    }
  });
}

TEST_CASE("an array that ends with the image is taken, one that ends a word behind it is not") {
  for_every_image([](const Packed& packed, const ModelShape&) {
    const ChangedImage good(packed);
    const auto size = static_cast<std::uint32_t>(good.size());
    for (std::size_t layer = 0; layer < good.records.size(); ++layer) {
      const LayerRecord& record = good.records[layer];
      const Sizes sizes = sizes_of(record, good.header.packing);
      const std::uint32_t weight = record.type == Type::f32 ? 4 : 1;
      const std::uint32_t initial = record.outputs * (record.kind == Kind::lstm ? 2 : 1);
      const std::uint32_t bytes[] = {weight * sizes.w, weight * sizes.u, 4 * sizes.rows,
                                     4 * sizes.rows,   4 * sizes.biases, 4 * sizes.rows,
                                     4 * sizes.rows,   4 * initial};
      for (std::size_t field = 0; field < std::size(k_offsets); ++field) {
        if (record.*k_offsets[field] == 0) continue;
        ChangedImage image(packed);
        image.records[layer].*k_offsets[field] = size - bytes[field];
        CHECK(image.load_layout() == Status::ok);
        image.records[layer].*k_offsets[field] += 4;
        CHECK(image.load_layout() == Status::bad_layout);
      }
    }
  });
}

TEST_CASE("an offset moved within the image is refused, or harmless") {
  int taken = 0;
  for_every_image([&](const Packed& packed, const ModelShape&) {
    const ChangedImage good(packed);
    for (std::size_t layer = 0; layer < good.records.size(); ++layer) {
      for (const auto field : k_offsets) {
        const std::uint32_t right = good.records[layer].*field;
        for (const std::uint32_t wrong :
             {0U, 64U, right - 64, right - 4, right + 4, right + 64, good.records[0].w,
              good.records[0].bias, good.records[0].scale_w}) {
          if (wrong == right) continue;
          ChangedImage image(packed);
          image.records[layer].*field = wrong;
          const Status status = load_and_run(image);
          CHECK((status == Status::ok || refused(status)));
          taken += status == Status::ok ? 1 : 0;
          // An image may well go without states to start from, but not without the others.
          if (wrong == 0 && field != &LayerRecord::initial) CHECK(status == Status::bad_layout);
        }
      }
    }
  });
  MESSAGE(taken << " images with a moved array were taken and ran");
}

TEST_CASE("any byte of a record changed is refused, or harmless") {
  for_every_image([](const Packed& packed, const ModelShape&) {
    const ChangedImage good(packed);
    for (std::size_t layer = 0; layer < good.records.size(); ++layer) {
      for (std::size_t at = 0; at < sizeof(LayerRecord); ++at) {
        for (const std::uint8_t value : k_values) {
          ChangedImage image(packed);
          auto* const bytes = reinterpret_cast<std::uint8_t*>(&image.records[layer]);
          if (bytes[at] == value) continue;
          bytes[at] = value;
          const Status status = load_and_run(image);
          CHECK((status == Status::ok || refused(status) || status == Status::cell_not_linked));
          // What can be another and still good: the mode of a float rnn; in int8 what U reads, a
          // shift; reset before or after; an offset.
          const LayerRecord& record = good.records[layer];
          const bool is_float = record.type == Type::f32;
          const bool integers = at == offsetof(LayerRecord, recurrent) ||
                                at == offsetof(LayerRecord, shift_w) ||
                                at == offsetof(LayerRecord, shift_u);
          const bool may =
              (at == offsetof(LayerRecord, mode) && is_float && record.kind == Kind::rnn) ||
              (integers && !is_float) || at == offsetof(LayerRecord, kind) ||
              (at >= offsetof(LayerRecord, w) && at < offsetof(LayerRecord, state));
          if (!may) REQUIRE(status != Status::ok);
        }
      }
    }
  });
}

TEST_CASE("any byte of the header changed is refused, or harmless") {
  for_every_image([](const Packed& packed, const ModelShape& shape) {
    for (std::size_t at = 0; at < sizeof(ImageHeader); ++at) {
      const auto in = [&](std::size_t first, std::size_t size) {
        return at >= first && at < first + size;
      };
      // load makes nothing of these but to show them; the CRC is made right here.
      const bool free = in(offsetof(ImageHeader, crc), 4) ||
                        in(offsetof(ImageHeader, model_id), 4) ||
                        in(offsetof(ImageHeader, user_version), 4);
      const bool may = in(offsetof(ImageHeader, packing), 1) ||
                       in(offsetof(ImageHeader, mean), 8) ||
                       in(offsetof(ImageHeader, metadata), 4) ||
                       (in(offsetof(ImageHeader, max_steps), 2) && shape.more.max_steps != 0);
      for (const std::uint8_t value : k_values) {
        ChangedImage image(packed);
        auto* const bytes = reinterpret_cast<std::uint8_t*>(&image.header);
        if (bytes[at] == value) continue;
        bytes[at] = value;
        if (free) {
          REQUIRE(image.load() == Status::ok);
          break;
        }
        const Status status = load_and_run(image);
        if (!may) REQUIRE(status != Status::ok);
      }
    }
  });
}

TEST_CASE("more layers than the image has bytes for are refused unread") {
  ChangedImage image({Type::f32, Format::f32, 1, {1}, 1}, Packing::cortex_m);
  REQUIRE(image.size() < k_most_layers * sizeof(LayerRecord));
  image.header.layers = k_most_layers;
  CHECK(image.load() == Status::bad_layout);
}

TEST_CASE("metadata that leaves the image is refused") {
  tool::ImageContent content = random_model(shapes_of(Kind::lstm)[0], 1);
  content.metadata = "{}  ";
  ChangedImage image(content);
  CHECK(image.load() == Status::ok);
  CHECK(metadata_of(image.bytes()).size() == 4);
  for (const std::uint32_t bytes : {5U, 0x80000000U, 0xFFFFFFFFU}) {
    image.header.metadata_bytes = bytes;
    CHECK(image.load() == Status::bad_layout);
    CHECK(metadata_of(image.bytes()).empty());
  }
  image.header.metadata_bytes = 0;
  CHECK(image.load() == Status::ok);
  image.header.metadata = 0;
  CHECK(image.load() == Status::ok);
  image.header.metadata_bytes = 1;
  CHECK(image.load() == Status::bad_layout);
}

TEST_CASE("an image that is cut short has no metadata") {
  tool::ImageContent content = random_model(shapes_of(Kind::lstm)[0], 1);
  content.metadata = "{}  ";
  ChangedImage image(content);
  const View<const std::uint8_t> whole = image.bytes();
  REQUIRE(metadata_of(whole).size() == 4);
  for (const std::size_t size :
       {std::size_t{0}, sizeof(ImageHeader) - 1, sizeof(ImageHeader), whole.size() - 1}) {
    CHECK(metadata_of({whole.data(), size}).empty());
  }
}

TEST_CASE("a layer of no inputs is refused") {
  for (const ModelShape& shape : shapes_of(Kind::gru)) {
    ChangedImage image(shape);
    image.header.inputs = image.records[0].inputs = 0;
    if (shape.more.max_steps != 0) image.records[1].inputs = 0;
    CHECK(image.load_layout() == Status::bad_layout);
  }
}

TEST_CASE("layers that do not fit together are refused") {
  const auto loads = [](const tool::ImageContent& content) { return ChangedImage(content).load(); };
  const ModelShape shape = {Type::s8, Format::token, 6, {5, 7}, 3};
  const tool::ImageContent good = random_model(shape, 1);
  const tool::ImageContent other = random_model({Type::f32, Format::token, 6, {5, 7}, 3}, 1);
  const auto changed = [&](auto change) {
    tool::ImageContent content = good;
    change(content.layers);
    return loads(content);
  };
  CHECK(changed([](auto&) {}) == Status::ok);
  CHECK(changed([](auto& layers) { layers.erase(layers.begin()); }) == Status::bad_layout);
  CHECK(changed([](auto& layers) { layers.erase(layers.begin() + 1); }) == Status::bad_layout);
  CHECK(changed([](auto& layers) { layers.pop_back(); }) == Status::bad_layout);
  CHECK(changed([](auto& layers) { std::swap(layers[0], layers[1]); }) == Status::bad_layout);
  CHECK(changed([](auto& layers) { std::swap(layers[1], layers[2]); }) == Status::bad_layout);
  CHECK(changed([](auto& layers) { layers.push_back(layers.back()); }) == Status::bad_layout);
  CHECK(changed([&](auto& layers) { layers[1] = other.layers[1]; }) == Status::bad_layout);
  CHECK(changed([&](auto& layers) { layers[2] = other.layers[2]; }) == Status::bad_layout);
  // Scores without any state are no sequence model.
  tool::ImageContent head = good;
  head.input = Format::s16;
  head.inputs = 7;
  head.mean.assign(7, 0);
  head.inv_step.assign(7, 1);
  head.layers.erase(head.layers.begin(), head.layers.begin() + 2);
  CHECK(loads(head) == Status::bad_layout);
}

TEST_CASE("as many layers as the format allows run, one more is refused") {
  for (const Type type : {Type::s8, Type::f32}) {
    ModelShape shape = {type, Format::token, 6, std::vector<std::uint32_t>(31, 4), 3};
    shape.more.kinds = {Kind::gru, Kind::lstm, Kind::rnn};
    ChangedImage image(shape);
    CHECK(load_and_run(image) == Status::ok);
    shape.hidden.push_back(4);
    CHECK(ChangedImage(shape).load() == Status::bad_layout);
  }
}
