// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Any bytes as an image. The first byte says how far the input is helped: its CRC is made right,
// and the sums of its rows, so that the fuzzer need not find numbers that only programs find. What
// load accepts runs, and nothing may leave the image or the arena (the sanitizers watch).
#include <algorithm>
#include <cstring>
#include <vector>

#include <rondo/crc32.hpp>
#include <rondo/rondo.hpp>

#include "formats/loaded_image.hpp"
#include "fuzz.hpp"

namespace {

using namespace rondo;

constexpr std::uint32_t k_most_arena = 1U << 20;

// Sums of the rows of one matrix of packing host, gate by gate in blocks of up to 64 rows.
void repair_sums(std::span<std::uint8_t> image, std::uint32_t w, std::uint32_t sums,
                 const Shape& shape, std::uint32_t inputs) {
  const std::uint64_t rows = shape.rows(), padded = shape.padded(inputs);
  if (sums % 4 != 0 || sums > image.size() || rows * 4 > image.size() - sums) return;
  if (w > image.size() || rows * padded > image.size() - w) return;
  std::uint64_t first = 0;
  for (std::uint32_t unit = 0; unit < shape.units; unit += shape.block_units) {
    const std::uint64_t block = shape.gates * std::min(shape.block_units, shape.units - unit);
    for (std::uint64_t r = 0; r < block; ++r) {
      std::int32_t sum = 0;
      for (std::uint64_t i = 0; i < padded; ++i) {
        const std::uint64_t at = first * padded + i / 4 * 4 * block + r * 4 + i % 4;
        sum += static_cast<std::int8_t>(image[w + at]);
      }
      std::memcpy(image.data() + sums + (first + r) * 4, &sum, sizeof sum);
    }
    first += block;
  }
}

void repair(std::span<std::uint8_t> image, bool rows) {
  ImageHeader header;
  if (image.size() < sizeof header) return;
  std::memcpy(&header, image.data(), sizeof header);
  header.bytes = static_cast<std::uint32_t>(image.size());
  for (std::size_t i = 0; rows && i < header.layers; ++i) {
    LayerRecord record;
    const std::size_t at = sizeof header + i * sizeof record;
    if (at + sizeof record > image.size()) break;
    std::memcpy(&record, image.data() + at, sizeof record);
    if (record.type != Type::s8 || header.packing != Packing::host) continue;
    if (record.inputs > image.size() || record.outputs > image.size()) continue;
    const Shape shape =
        shape_of(gates_of(record.kind), record.type, record.outputs, header.packing);
    if (record.sums_w != 0) repair_sums(image, record.w, record.sums_w, shape, record.inputs);
    if (record.sums_u != 0) repair_sums(image, record.u, record.sums_u, shape, record.outputs);
  }
  std::memcpy(image.data(), &header, sizeof header);
  header.crc = crc32(image.data() + k_crc_from, image.size() - k_crc_from);
  std::memcpy(image.data(), &header, sizeof header);
}

void run(Stream& stream, const Model& model) {
  const std::vector<float> x(model.inputs(), 0.5F);
  const std::vector<std::int16_t> steps(model.inputs(), -77);
  const std::uint32_t tokens[] = {0, model.inputs() - 1, model.inputs(), 1};
  for (const std::uint32_t token : tokens) {
    if (model.input() == Format::token) stream.step(token);
    if (model.input() != Format::token) stream.step_f32(x.data());
    if (model.input() == Format::s16 || model.input() == Format::s8) stream.step_s16(steps.data());
  }
  std::vector<float> scores(model.outputs());
  if (model.input() == Format::token) stream.run(tokens, 4, static_cast<std::int32_t*>(nullptr));
  stream.scores({scores.data(), scores.size()});
  fuzz::require(stream.argmax() < model.outputs());
  std::vector<std::uint8_t> blob(stream.save_bytes());
  fuzz::require(stream.save({blob.data(), blob.size()}) == Status::ok);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  tool::AlignedBytes image({data + 1, size - 1});
  if ((data[0] & 1) == 0) repair({image.data(), image.size()}, (data[0] & 2) == 0);
  const Check check = (data[0] & 4) != 0 ? Check::layout : Check::full;
  ArenaBytes needed;
  const Status measured = Model::measure(image.bytes(), all_cells(), needed);
  if (check == Check::full && measured != Status::ok) {
    alignas(64) std::uint8_t memory[k_most_layers * sizeof(LayerRecord)];
    Arena arena(memory);
    Model model;
    fuzz::require(model.load(image.bytes(), all_cells(), arena, check) == measured);
    fuzz::require(arena.used() == 0 && !model.loaded());
    return 0;
  }
  if (measured != Status::ok || needed.total() > k_most_arena) return 0;
  for (const Isa isa : isa_list()) {
    if (!isa_available(isa)) continue;
    tool::AlignedBytes memory(needed.total());
    Arena arena(memory.view());
    Model model;
    Stream stream;
    fuzz::require(model.load(image.bytes(), all_cells(), arena, check) == Status::ok);
    fuzz::require(stream.bind(model, arena, isa) == Status::ok);
    fuzz::require(arena.used() == needed.total());
    run(stream, model);
    const View<const std::uint8_t> metadata = metadata_of(image.bytes());
    if (!metadata.empty()) {
      const auto at = static_cast<std::size_t>(metadata.data() - image.data());
      fuzz::require(at < image.size() && metadata.size() <= image.size() - at);
    }
  }
  return 0;
}
