// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Model::load and Model::measure: all validation. The header and the records are copied first and
// checked in the copy, so an image that changes meanwhile cannot slip past the checks.
#include <string.h>

#include <rondo/crc32.hpp>
#include <rondo/model.hpp>

#include "cell/check.hpp"

namespace rondo {
namespace {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "images are little-endian");

#ifdef RONDO_FIXED_ISA
constexpr bool k_any_packing = false;
constexpr Packing k_only_packing = Packing::cortex_m;
#else
constexpr bool k_any_packing = true;
constexpr Packing k_only_packing = Packing::host;
#endif

bool packing_allowed(Packing packing) noexcept {
  return k_any_packing ? static_cast<uint8_t>(packing) < k_packings : packing == k_only_packing;
}

// The arrays that turn a real input into steps.
Status check_input(View<const uint8_t> image, const ImageHeader& header, Check check) noexcept {
  if (header.input != Input::s16 && header.input != Input::s8) {
    return header.mean == 0 && header.inv_step == 0 ? Status::ok : Status::bad_layout;
  }
  if (!cell::inside(image, header.mean, header.inputs, 4) ||
      !cell::inside(image, header.inv_step, header.inputs, 4)) {
    return Status::bad_layout;
  }
  const bool good =
      check == Check::layout || (cell::all_finite(image, header.mean, header.inputs) &&
                                 cell::all_finite(image, header.inv_step, header.inputs));
  return good ? Status::ok : Status::bad_numbers;
}

// Not inlined, as measure_layer below: its locals would stay on the stack under all that follows.
[[gnu::noinline]] Status read_header(View<const uint8_t> bytes, Check check,
                                     ImageHeader& header) noexcept {
  if (bytes.data() == nullptr || bytes.size() < sizeof header) return Status::image_truncated;
  if (reinterpret_cast<uintptr_t>(bytes.data()) % 4 != 0) return Status::image_misaligned;
  memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != k_image_magic) return Status::bad_magic;
  if (header.version != k_format_version) return Status::unsupported_version;
  if (header.bytes > bytes.size()) return Status::image_truncated;
  if (header.bytes < sizeof header) return Status::bad_layout;
  if (check == Check::full &&
      crc32(bytes.data() + k_crc_from, header.bytes - k_crc_from) != header.crc) {
    return Status::crc_mismatch;
  }
  const View<const uint8_t> image(bytes.data(), header.bytes);
  const bool zeros = (header.reserved[0] | header.reserved[1] | header.reserved[2]) == 0 &&
                     (header.padding[0] | header.padding[1]) == 0;
  if (!zeros || header.features != 0 || static_cast<uint8_t>(header.input) > 3) {
    return Status::bad_layout;
  }
  if (static_cast<uint8_t>(header.packing) >= k_packings) return Status::bad_layout;
  if (!packing_allowed(header.packing)) return Status::wrong_packing;
  if (header.layers < 1 || header.layers > k_most_layers || header.inputs > k_most_inputs ||
      header.layers > (header.bytes - sizeof header) / sizeof(LayerRecord)) {
    return Status::bad_layout;
  }
  if (header.metadata != 0 || header.metadata_bytes != 0) {
    if (!cell::inside(image, header.metadata, header.metadata_bytes, 1)) return Status::bad_layout;
  }
  return check_input(image, header, check);
}

// What stands below a layer: the input of the model or another layer.
struct Below {
  Input input;  // what the layer must read
  uint32_t outputs;
  Type type;

  explicit Below(const ImageHeader& header) noexcept
      : input(header.input), outputs(header.inputs), type(Type::f32) {}
  explicit Below(const LayerRecord& record) noexcept
      : input(record.type == Type::f32 ? Input::f32
              : record.wide != 0       ? Input::s16
                                       : Input::s8),
        outputs(record.outputs),
        type(record.type) {}
};

// Whether this layer can stand at place `layer`.
bool fits(const LayerRecord& record, const Below& below, size_t layer,
          const ImageHeader& header) noexcept {
  const bool first = layer == 0, last = layer + 1U == header.layers;
  if ((record.kind == Kind::linear) != last) return false;
  if (last && (first || record.outputs != header.outputs)) return false;  // it reads a cell's h
  if (!first && record.type != below.type) return false;
  return record.input == below.input && record.inputs == below.outputs;
}

Status check_layer(View<const uint8_t> image, CellList cells, LayerRecord& record,
                   const Below& below, size_t layer, const ImageHeader& header,
                   Check check) noexcept {
  if (!fits(record, below, layer, header)) return Status::bad_layout;
  for (size_t i = 0; i < cells.size() && i < 256; ++i) {
    if (cells[i]->kind != record.kind || cells[i]->type != record.type) continue;
    const Status status = cells[i]->check(image, record, header.packing, check == Check::full);
    record.cell = static_cast<uint8_t>(i);
    return status;
  }
  return Status::cell_not_linked;
}

// int16 or int8 inputs, padded to a group; floats are used in place.
void add_input(Input input, uint32_t inputs, size_t align, ArenaBytes& bytes) noexcept {
  if (input != Input::s16 && input != Input::s8) return;
  const size_t each = input == Input::s16 ? 2 : 1;
  bytes.input = static_cast<uint32_t>(round_up(round_up(inputs, 4) * each, align));
  bytes.scratch += bytes.input;
}

// The largest scratch of the layers, all states; `record` gets its place in the state.
void add_bytes(LayerRecord& record, const Cell& cell, Packing packing, size_t align,
               ArenaBytes& bytes) noexcept {
  const LayerBytes layer = cell.bytes(record, packing, align);
  record.state = bytes.state;
  bytes.state += layer.state;
  bytes.scratch = layer.scratch > bytes.scratch ? layer.scratch : bytes.scratch;
}

ArenaBytes bytes_before_layers(size_t layers, size_t align) noexcept {
  return {static_cast<uint32_t>(round_up(layers * sizeof(LayerRecord), align)), 0, 0, 0};
}

// One layer for Model::measure, from the image itself; `below` becomes this layer.
[[gnu::noinline]] Status measure_layer(View<const uint8_t> image, CellList cells, size_t layer,
                                       const ImageHeader& header, size_t align, Below& below,
                                       ArenaBytes& sum) noexcept {
  LayerRecord record;
  memcpy(&record, image.data() + sizeof header + layer * sizeof record, sizeof record);
  const Status status = check_layer(image, cells, record, below, layer, header, Check::full);
  if (status != Status::ok) return status;
  add_bytes(record, *cells[record.cell], header.packing, align, sum);
  below = Below(record);
  return Status::ok;
}

}  // namespace

Status Model::measure(View<const uint8_t> bytes, CellList cells, ArenaBytes& result,
                      size_t align) noexcept {
  ImageHeader header;
  Status status = read_header(bytes, Check::full, header);
  if (status != Status::ok) return status;
  const View<const uint8_t> image(bytes.data(), header.bytes);
  ArenaBytes sum = bytes_before_layers(header.layers, align);
  Below below(header);
  for (size_t i = 0; i < header.layers; ++i) {
    status = measure_layer(image, cells, i, header, align, below, sum);
    if (status != Status::ok) return status;
  }
  add_input(header.input, header.inputs, align, sum);
  result = sum;
  return Status::ok;
}

Status Model::load(View<const uint8_t> bytes, CellList cells, Arena& arena, Check check) noexcept {
  ImageHeader header;
  Status status = read_header(bytes, check, header);
  if (status != Status::ok) return status;
  const View<const uint8_t> image(bytes.data(), header.bytes);
  const size_t before = arena.used();
  ArenaBytes sum = bytes_before_layers(header.layers, k_arena_align);
  LayerRecord* const records = static_cast<LayerRecord*>(arena.take(sum.model));
  if (records == nullptr) return Status::arena_too_small;
  memcpy(records, image.data() + sizeof header, header.layers * sizeof *records);
  for (size_t i = 0; i < header.layers; ++i) {
    const Below below = i == 0 ? Below(header) : Below(records[i - 1]);
    status = check_layer(image, cells, records[i], below, i, header, check);
    if (status != Status::ok) {
      arena.rewind(before);
      return status;
    }
    add_bytes(records[i], *cells[records[i].cell], header.packing, k_arena_align, sum);
  }
  image_ = image.data();
  records_ = records;
  cells_ = cells;
  inputs_ = header.inputs;
  outputs_ = header.outputs;
  model_id_ = header.model_id;
  user_version_ = header.user_version;
  mean_ = header.mean;
  inv_step_ = header.inv_step;
  input_ = header.input;
  packing_ = header.packing;
  layers_ = header.layers;
  return Status::ok;
}

ArenaBytes Model::arena_bytes() const noexcept {
  ArenaBytes sum = bytes_before_layers(layers_, k_arena_align);
  for (size_t i = 0; i < layers_; ++i) {
    LayerRecord record = records_[i];
    add_bytes(record, cell(i), packing_, k_arena_align, sum);
  }
  add_input(input_, inputs_, k_arena_align, sum);
  return sum;
}

View<const uint8_t> metadata_of(View<const uint8_t> image) noexcept {
  ImageHeader header;
  if (image.size() < sizeof header) return {};
  memcpy(&header, image.data(), sizeof header);
  if (header.metadata == 0 || header.bytes > image.size() ||
      !cell::inside({image.data(), header.bytes}, header.metadata, header.metadata_bytes, 1)) {
    return {};
  }
  return {image.data() + header.metadata, header.metadata_bytes};
}

}  // namespace rondo
