// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Model::load and Model::measure: all validation. The header and the records are copied first and
// checked in the copy, so an image that changes meanwhile cannot slip past the checks.
#include <string.h>

#include <rondo/model.hpp>

#include "cell/check.hpp"
#include "model/chain.hpp"

namespace rondo {
namespace {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "images are little-endian");

// A firmware build has the kernels of one packing, a host those of all.
bool packing_allowed(Packing packing) noexcept {
#if defined(RONDO_FIXED_ISA) && defined(__ARM_FEATURE_MVE)
  return packing == Packing::helium;
#elif defined(RONDO_FIXED_ISA)
  return packing == Packing::cortex_m;
#else
  return static_cast<uint8_t>(packing) < k_packings;
#endif
}

// Whether the vectors of a whole sequence of a bidirectional model are few enough for one buffer: 1
// GiB, so that sums of sizes stay within 32 bits. The same on every target.
bool sequence_fits(const ImageHeader& header, uint32_t width, Format format) noexcept {
  return uint64_t{header.max_steps} * stride_of(width, format, 64) <= uint64_t{1} << 30;
}

// The arrays that turn a real input into steps.
Status check_input(View<const uint8_t> image, const ImageHeader& header,
                   const Proofs* proofs) noexcept {
  if (header.input != Format::s16 && header.input != Format::s8) {
    return header.mean == 0 && header.inv_step == 0 ? Status::ok : Status::bad_layout;
  }
  if (!cell::inside(image, header.mean, header.inputs, 4) ||
      !cell::inside(image, header.inv_step, header.inputs, 4) ||
      !sequence_fits(header, header.inputs, header.input)) {
    return Status::bad_layout;
  }
  const bool good = proofs == nullptr || (proofs->finite(image, header.mean, header.inputs) &&
                                          proofs->finite(image, header.inv_step, header.inputs));
  return good ? Status::ok : Status::bad_numbers;
}

// Not inlined, as measure_layer below: its locals would stay on the stack under all that follows.
[[gnu::noinline]] Status read_header(View<const uint8_t> bytes, const Proofs* proofs,
                                     ImageHeader& header) noexcept {
  if (bytes.data() == nullptr || bytes.size() < sizeof header) return Status::image_truncated;
  if (reinterpret_cast<uintptr_t>(bytes.data()) % 4 != 0) return Status::image_misaligned;
  memcpy(&header, bytes.data(), sizeof header);
  if (header.magic != k_image_magic) return Status::bad_magic;
  if (header.version != k_format_version) return Status::unsupported_version;
  if (header.bytes > bytes.size()) return Status::image_truncated;
  if (header.bytes < sizeof header) return Status::bad_layout;
  if (proofs != nullptr &&
      proofs->crc(bytes.data() + k_crc_from, header.bytes - k_crc_from) != header.crc) {
    return Status::crc_mismatch;
  }
  const View<const uint8_t> image(bytes.data(), header.bytes);
  const bool zeros =
      (header.reserved[0] | header.reserved[1] | header.reserved[2]) == 0 && header.padding == 0;
  if (!zeros || header.features != 0 || static_cast<uint8_t>(header.input) > 3) {
    return Status::bad_layout;
  }
  if (static_cast<uint8_t>(header.packing) >= k_packings) return Status::bad_layout;
  if (!packing_allowed(header.packing)) return Status::wrong_packing;
  if (header.layers < 1 || header.layers > k_most_layers || header.inputs > k_most_inputs ||
      header.max_steps > k_most_steps ||
      header.layers > (header.bytes - sizeof header) / sizeof(LayerRecord)) {
    return Status::bad_layout;
  }
  if (header.metadata != 0 || header.metadata_bytes != 0) {
    if (!cell::inside(image, header.metadata, header.metadata_bytes, 1)) return Status::bad_layout;
  }
  return check_input(image, header, proofs);
}

// What goes from layer to layer.
struct Flow {
  Format format;
  uint32_t width;
};

// What both halves of a bidirectional layer have in common, besides what they read.
struct Half {
  Kind kind = Kind::lstm;
  Format output = Format::token;
  Format recurrent = Format::token;
  uint32_t outputs = 0;

  Half() noexcept = default;
  explicit Half(const LayerRecord& record) noexcept
      : kind(record.kind),
        output(record.output),
        recurrent(record.recurrent),
        outputs(record.outputs) {}
};

// The layers so far, as the next one sees them.
struct Chain {
  Flow out;      // of the layers so far
  Flow in;       // what the forward half of the open layer reads
  Half forward;  // that half
  bool open;     // until its backward one has come
  uint32_t layers;
  Type type;
  bool recurrent, bidirectional, scored;

  explicit Chain(const ImageHeader& header) noexcept
      : out{header.input, header.inputs},
        in(out),
        forward{},
        open(false),
        layers(0),
        type(Type::f32),
        recurrent(false),
        bidirectional(false),
        scored(false) {}

  bool add(const LayerRecord& record, const ImageHeader& header) noexcept;

 private:
  bool add_half(const LayerRecord& record) noexcept;
};

// Both halves of a layer have the same shape and read the same.
bool Chain::add_half(const LayerRecord& record) noexcept {
  bidirectional = true;
  if (record.direction == Direction::forward) {
    in = out;
    forward = Half(record);
    open = true;
    return true;
  }
  out.width = 2 * record.outputs;
  open = false;
  const Half half(record);
  return forward.kind == half.kind && forward.output == half.output &&
         forward.recurrent == half.recurrent && forward.outputs == half.outputs;
}

// Whether this layer can stand here.
bool Chain::add(const LayerRecord& record, const ImageHeader& header) noexcept {
  const bool last = ++layers == header.layers;
  if (static_cast<uint8_t>(record.kind) >= k_kinds) return false;
  if (static_cast<uint8_t>(record.direction) > 2) return false;
  if (layers > 1 && record.type != type) return false;
  if (open != (record.direction == Direction::backward)) return false;
  const Flow& below = open ? in : out;
  if (record.input != below.format || record.inputs != below.width) return false;
  type = record.type;
  // The scores come last, from the outputs of a recurrent layer; only a skip may stand behind them.
  if (scored && record.kind != Kind::skip) return false;
  scored = record.kind == Kind::linear;
  if (scored && !recurrent) return false;
  recurrent = recurrent || is_recurrent(record.kind);
  if (record.direction != Direction::only) {
    if (last || !is_recurrent(record.kind) || !add_half(record)) return false;
  } else {
    out.width = record.outputs;
  }
  out.format = record.output;
  if (!open && !sequence_fits(header, out.width, out.format)) return false;
  if (record.kind == Kind::skip && (!last || record.recurrent != header.input ||
                                    header.input == Format::token || out.width > header.inputs)) {
    return false;
  }
  if (!last) return true;
  const Format scores = type == Type::f32 ? Format::f32 : Format::s32;
  return out.format == scores && out.width == header.outputs && recurrent && !open &&
         bidirectional == (header.max_steps != 0);
}

Status check_layer(View<const uint8_t> image, CellList cells, LayerRecord& record, Chain& chain,
                   const ImageHeader& header, const Proofs* proofs) noexcept {
  if (!chain.add(record, header)) return Status::bad_layout;
  for (size_t i = 0; i < cells.size() && i < 256; ++i) {
    if (cells[i]->kind != record.kind || cells[i]->type != record.type) continue;
    const Status status = cells[i]->check(image, record, header.packing, proofs);
    record.cell = static_cast<uint8_t>(i);
    return status;
  }
  return Status::cell_not_linked;
}

// Sums up what the layers need, one after the other.
struct Sum {
  ArenaBytes bytes;
  Packing packing;
  uint32_t max_steps;   // of a bidirectional model, or 0
  bool whole_sequence;  // bidirectional: the scores have a place, even where no step was taken
  uint32_t turn;        // which buffer between layers the next one writes
  size_t align;

  Sum(size_t layers, Packing packing_of_image, uint32_t most_steps, size_t aligned) noexcept
      : bytes{static_cast<uint32_t>(round_up(layers * sizeof(LayerRecord), aligned)), 0, 0, {}, 0},
        packing(packing_of_image),
        max_steps(most_steps),
        whole_sequence(most_steps != 0),
        turn(0),
        align(aligned) {}

  // That go through the layers together.
  uint32_t steps_of(Type type) const noexcept {
    return max_steps != 0 ? max_steps : steps_at_once(packing, type);
  }

  // `record` gets its place in the state.
  void add(LayerRecord& record, const Cell& cell) noexcept {
    const LayerBytes layer = cell.bytes(record, packing, align);
    record.state = bytes.state;
    bytes.state += layer.state;
    bytes.scratch = layer.scratch > bytes.scratch ? layer.scratch : bytes.scratch;
    if (record.direction == Direction::backward) return;
    const uint32_t steps = steps_of(record.type);
    // One step of a layer with a state leaves its outputs there.
    if (steps > 1 || whole_sequence || cell.output == nullptr) {
      const uint32_t width = halves_of(record) * record.outputs;
      const uint32_t needed = steps * static_cast<uint32_t>(stride_of(width, record.output, align));
      uint32_t& between = bytes.between[turn];
      between = needed > between ? needed : between;
    }
    turn ^= 1U;
  }

  // Floats are read in place, int16 and int8 are made of them.
  void add_input(Format input, uint32_t inputs) noexcept {
    if (input == Format::s16 || input == Format::s8) {
      bytes.input = steps_of(Type::s8) * static_cast<uint32_t>(stride_of(inputs, input, align));
    }
    bytes.scratch += bytes.between[0] + bytes.between[1] + bytes.input;
  }
};

// One layer for Model::measure, from the image itself.
[[gnu::noinline]] Status measure_layer(View<const uint8_t> image, CellList cells, size_t layer,
                                       const ImageHeader& header, Chain& chain, Sum& sum) noexcept {
  LayerRecord record;
  memcpy(&record, image.data() + sizeof header + layer * sizeof record, sizeof record);
  const Status status = check_layer(image, cells, record, chain, header, &k_proofs);
  if (status == Status::ok) sum.add(record, *cells[record.cell]);
  return status;
}

}  // namespace

Status Model::measure(View<const uint8_t> bytes, CellList cells, ArenaBytes& result,
                      size_t align) noexcept {
  ImageHeader header;
  Status status = read_header(bytes, &k_proofs, header);
  if (status != Status::ok) return status;
  const View<const uint8_t> image(bytes.data(), header.bytes);
  Sum sum(header.layers, header.packing, header.max_steps, align);
  Chain chain(header);
  for (size_t i = 0; i < header.layers; ++i) {
    status = measure_layer(image, cells, i, header, chain, sum);
    if (status != Status::ok) return status;
  }
  sum.add_input(header.input, header.inputs);
  result = sum.bytes;
  return Status::ok;
}

Status Model::load(View<const uint8_t> bytes, CellList cells, Arena& arena,
                   const Proofs* proofs) noexcept {
  ImageHeader header;
  Status status = read_header(bytes, proofs, header);
  if (status != Status::ok) return status;
  const View<const uint8_t> image(bytes.data(), header.bytes);
  const size_t before = arena.used();
  Sum sum(header.layers, header.packing, header.max_steps, k_arena_align);
  LayerRecord* const records = static_cast<LayerRecord*>(arena.take(sum.bytes.model));
  if (records == nullptr) return Status::arena_too_small;
  memcpy(records, image.data() + sizeof header, header.layers * sizeof *records);
  Chain chain(header);
  for (size_t i = 0; i < header.layers; ++i) {
    status = check_layer(image, cells, records[i], chain, header, proofs);
    if (status != Status::ok) {
      arena.rewind(before);
      return status;
    }
    sum.add(records[i], *cells[records[i].cell]);
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
  max_steps_ = header.max_steps;
  input_ = header.input;
  packing_ = header.packing;
  layers_ = header.layers;
  return Status::ok;
}

ArenaBytes Model::arena_bytes() const noexcept {
  Sum sum(layers_, packing_, max_steps_, k_arena_align);
  for (size_t i = 0; i < layers_; ++i) {
    LayerRecord record = records_[i];
    sum.add(record, cell(i));
  }
  sum.add_input(input_, inputs_);
  return sum.bytes;
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
