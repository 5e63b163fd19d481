// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Model::load and Model::measure: all validation. The header and the records are copied first and
// checked in the copy, so an image that changes meanwhile cannot slip past the checks.
#include <string.h>

#include <rondo/features.hpp>
#include <rondo/model.hpp>

#include "cell/check.hpp"
#include "model/chain.hpp"

namespace rondo {
namespace {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "images are little-endian");

// A firmware build has the kernels of one packing, a host those of all.
#if defined(RONDO_FIXED_ISA) && defined(__ARM_FEATURE_MVE)
constexpr Packing k_only_packing = Packing::helium;
#elif defined(RONDO_FIXED_ISA)
constexpr Packing k_only_packing = Packing::cortex_m;
#endif

// Whether this build has the code for such a layer (features.hpp).
bool built_for(const LayerRecord& record) noexcept {
  if (!k_has_sequences && record.direction != Direction::only) return false;
  if (!k_has_initial && record.initial != 0) return false;
  if (!k_has_skip && record.kind == Kind::skip) return false;
  if (!k_has_floats && record.type != Type::s8) return false;
  return !is_recurrent(record.kind) ||
         (known(k_recurrent_input, record.input) == record.input &&
          known(k_recurrent_output, record.output) == record.output &&
          known(k_recurrent_state, record.recurrent) == record.recurrent);
}

// What goes from layer to layer.
struct Flow {
  Format format;
  uint32_t width;
};

// What both halves of a bidirectional layer have in common, besides what they read.
struct Half {
  Kind kind;
  Format output, recurrent;
  uint32_t outputs;
};

// The one pass over an image: checks and sums, layer by layer. One object with all that is known so
// far, so that little is handed from function to function.
class Loader {
 public:
  Loader(View<const uint8_t> given, CellList cells, const Proofs* proofs, size_t align) noexcept
      : image_(given), cells_(cells), proofs_(proofs), align_(align) {}

  Status read_header() noexcept;
  // The layers; into `records` where these are not nullptr.
  Status read_layers(LayerRecord* records) noexcept;
  View<const uint8_t> image() const noexcept { return image_; }
  // Layers up to and with the last one that has a state.
  uint8_t recurrent_layers() const noexcept { return recurrent_layers_; }

 private:
  // That go through the layers together.
  uint32_t steps() const noexcept {
    return k_has_sequences && header.max_steps != 0 ? header.max_steps
                                                    : steps_at_once(header.packing, type_);
  }
  Status check_input() const noexcept;
  bool sequence_fits(const Flow& flow) const noexcept;
  Status add(LayerRecord& record) noexcept;
  bool chain(const LayerRecord& record) noexcept;
  bool chain_half(const LayerRecord& record) noexcept;
  void sum(LayerRecord& record, const Cell& cell) noexcept;

  // What is asked for most stands first, where a Thumb instruction of two bytes reaches it.
  uint8_t layers_ = 0;
  uint8_t recurrent_layers_ = 0;
  bool open_ = false;  // until the backward half of a layer has come
  bool recurrent_ = false, bidirectional_ = false, scored_ = false;
  Type type_ = Type::f32;
  uint8_t turn_ = 0;  // which buffer between layers the next one writes
  Flow out_ = {};     // of the layers so far

 public:
  ArenaBytes bytes = {};
  ImageHeader header;

 private:
  View<const uint8_t> image_;
  CellList cells_;
  const Proofs* proofs_;
  size_t align_;
  Flow in_ = {};       // what the forward half of the open layer reads
  Half forward_ = {};  // that half
};

// Whether the vectors of a whole sequence of a bidirectional model are few enough for one buffer: 1
// GiB, so that sums of sizes stay within 32 bits. The same on every target. A vector takes at most
// 2^18 bytes, so the product stays within 2^28.
bool Loader::sequence_fits(const Flow& flow) const noexcept {
  if (!k_has_sequences) return true;
  const size_t lines = round_up(round_up(flow.width, 4) * size_of(flow.format), 64) / 64;
  return lines * header.max_steps <= size_t{1} << 24;
}

// The arrays that turn a real input into steps.
Status Loader::check_input() const noexcept {
  if (!in_steps(header.input)) {
    return (header.mean | header.inv_step) == 0 ? Status::ok : Status::bad_layout;
  }
  if (!cell::inside(image_, header.mean, 4 * header.inputs) ||
      !cell::inside(image_, header.inv_step, 4 * header.inputs) || !sequence_fits(out_)) {
    return Status::bad_layout;
  }
  const bool good = proofs_ == nullptr || (proofs_->finite(image_, header.mean, header.inputs) &&
                                           proofs_->finite(image_, header.inv_step, header.inputs));
  return good ? Status::ok : Status::bad_numbers;
}

Status Loader::read_header() noexcept {
  const uint8_t* const at = image_.data();
  if (at == nullptr || image_.size() < sizeof header) return Status::image_truncated;
  if (reinterpret_cast<uintptr_t>(at) % 4 != 0) return Status::image_misaligned;
  memcpy(&header, at, sizeof header);
  if (header.magic != k_image_magic) return Status::bad_magic;
  if (header.version != k_format_version) return Status::unsupported_version;
  if (header.bytes > image_.size()) return Status::image_truncated;
  if (header.bytes < sizeof header) return Status::bad_layout;
  if (proofs_ != nullptr &&
      proofs_->crc(at + k_crc_from, header.bytes - k_crc_from) != header.crc) {
    return Status::crc_mismatch;
  }
  image_ = {at, header.bytes};
  // The input's byte and the three reserved ones behind it, as one number.
  static_assert(offsetof(ImageHeader, reserved) == offsetof(ImageHeader, input) + 1, "see input");
  uint32_t input;
  const void* const copy = &header;
  memcpy(&input, static_cast<const uint8_t*>(copy) + offsetof(ImageHeader, input), sizeof input);
  if (input > 3 || (header.padding | header.features) != 0 ||
      static_cast<uint8_t>(header.packing) >= k_packings) {
    return Status::bad_layout;
  }
#ifdef RONDO_FIXED_ISA
  if (header.packing != k_only_packing) return Status::wrong_packing;
#endif
  if (header.layers - 1U >= k_most_layers || header.inputs - 1U >= k_most_inputs ||
      header.max_steps > k_most_steps ||
      header.layers * sizeof(LayerRecord) > header.bytes - sizeof header) {
    return Status::bad_layout;
  }
  if ((header.metadata | header.metadata_bytes) != 0 &&
      !cell::inside(image_, header.metadata, header.metadata_bytes)) {
    return Status::bad_layout;
  }
  if (known(k_model_input, header.input) != header.input) return Status::cell_not_linked;
  bytes.model =
      static_cast<uint32_t>(round_up(header.layers * sizeof(LayerRecord), known_align(align_)));
  out_ = {header.input, header.inputs};
  return check_input();
}

// Both halves of a layer have the same shape and read the same.
bool Loader::chain_half(const LayerRecord& record) noexcept {
  bidirectional_ = true;
  const Half half = {record.kind, record.output, record.recurrent, record.outputs};
  open_ = record.direction == Direction::forward;
  if (open_) {
    in_ = out_;
    forward_ = half;
    return true;
  }
  out_.width = 2 * record.outputs;
  return forward_.kind == half.kind && forward_.output == half.output &&
         forward_.recurrent == half.recurrent && forward_.outputs == half.outputs;
}

// Whether this layer can stand here.
bool Loader::chain(const LayerRecord& record) noexcept {
  const bool last = ++layers_ == header.layers;
  const Direction direction = k_has_sequences ? record.direction : Direction::only;
  if (static_cast<uint8_t>(record.kind) >= k_kinds) return false;
  if (static_cast<uint8_t>(direction) > 2) return false;
  if (layers_ == 1) type_ = record.type;
  if (k_has_floats && record.type != type_) return false;
  if (k_has_sequences && open_ != (direction == Direction::backward)) return false;
  const Flow& below = open_ && k_has_sequences ? in_ : out_;
  if (record.input != below.format || record.inputs != below.width) return false;
  // The scores come last, from the outputs of a recurrent layer; only a skip may stand behind them.
  const bool skip = k_has_skip && record.kind == Kind::skip;
  if (scored_ && !skip) return false;
  scored_ = record.kind == Kind::linear;
  if (scored_ && !recurrent_) return false;
  recurrent_ = recurrent_ || is_recurrent(record.kind);
  if (direction == Direction::only) {
    out_.width = record.outputs;
  } else {
    if (last || !is_recurrent(record.kind) || !chain_half(record)) return false;
  }
  out_.format = record.output;
  if (k_has_sequences && !open_ && !sequence_fits(out_)) return false;
  if (skip && (!last || record.recurrent != header.input || header.input == Format::token ||
               out_.width > header.inputs)) {
    return false;
  }
  if (!last) return true;
  const Format scores = k_has_floats && type_ == Type::f32 ? Format::f32 : Format::s32;
  return out_.format == scores && out_.width == header.outputs && recurrent_ &&
         (k_has_sequences && bidirectional_) == (header.max_steps != 0);
}

// Sums up what the layers need, one after the other. `record` gets its place in the state.
void Loader::sum(LayerRecord& record, const Cell& cell) noexcept {
  const LayerBytes layer = cell.bytes(record, header.packing, align_);
  record.state = bytes.state;
  bytes.state += layer.state;
  bytes.scratch = layer.scratch > bytes.scratch ? layer.scratch : bytes.scratch;
  const bool whole_sequence = k_has_sequences && header.max_steps != 0;
  // A bidirectional model knows its scores when the sequence ends, and keeps nothing else of it.
  if (whole_sequence || cell.output != nullptr) recurrent_layers_ = layers_;
  if (k_has_sequences && record.direction == Direction::backward) return;
  // One step of a layer with a state leaves its outputs there. The scores of a sequence have a
  // place, even where no step was taken.
  if (steps() > 1 || whole_sequence || cell.output == nullptr) {
    const uint32_t width = halves_of(record) * record.outputs;
    const uint32_t needed =
        steps() * static_cast<uint32_t>(stride_of(width, record.output, align_));
    uint32_t& between = bytes.between[turn_];
    between = needed > between ? needed : between;
  }
  turn_ ^= 1;
}

Status Loader::add(LayerRecord& record) noexcept {
  if (!built_for(record)) return Status::cell_not_linked;
  if (!chain(record)) return Status::bad_layout;
  for (size_t i = 0; i < cells_.size() && i < 256; ++i) {
    const Cell& cell = *cells_[i];
    if (cell.kind != record.kind || cell.type != record.type) continue;
    const Status status = cell.check(image_, record, header.packing, proofs_);
    if (status != Status::ok) return status;
    record.cell = static_cast<uint8_t>(i);
    sum(record, cell);
    return status;
  }
  return Status::cell_not_linked;
}

Status Loader::read_layers(LayerRecord* records) noexcept {
  LayerRecord own;
  const uint8_t* from = image_.data() + sizeof header;
  while (layers_ < header.layers) {
    LayerRecord* const record = records == nullptr ? &own : records++;
    memcpy(record, from, sizeof *record);
    from += sizeof *record;
    const Status status = add(*record);
    if (status != Status::ok) return status;
  }
  // Floats are read in place, int16 and int8 are made of them.
  if (in_steps(header.input)) {
    bytes.input = steps() * static_cast<uint32_t>(stride_of(header.inputs, header.input, align_));
  }
  bytes.scratch += bytes.between[0] + bytes.between[1] + bytes.input;
  return Status::ok;
}

}  // namespace

void* Arena::take(size_t size, size_t align) noexcept {
  const size_t address = reinterpret_cast<uintptr_t>(bytes_.data()) + used_;
  const size_t skip = round_up(address, align) - address;
  const size_t left = bytes_.size() - used_;
  if (skip > left || size > left - skip) return nullptr;
  void* const piece = bytes_.data() + used_ + skip;
  used_ += skip + size;
  return piece;
}

Status Model::measure(View<const uint8_t> image, CellList cells, ArenaBytes& result,
                      size_t align) noexcept {
  Loader loader(image, cells, &k_proofs, align);
  Status status = loader.read_header();
  if (status == Status::ok) status = loader.read_layers(nullptr);
  if (status == Status::ok) result = loader.bytes;
  return status;
}

Status Model::load(View<const uint8_t> image, CellList cells, Arena& arena,
                   const Proofs* proofs) noexcept {
  Loader loader(image, cells, proofs, k_arena_align);
  Status status = loader.read_header();
  if (status != Status::ok) return status;
  const size_t before = arena.used();
  LayerRecord* const records = static_cast<LayerRecord*>(arena.take(loader.bytes.model));
  if (records == nullptr) return Status::arena_too_small;
  status = loader.read_layers(records);
  if (status != Status::ok) {
    arena.rewind(before);
    return status;
  }
  const ImageHeader& header = loader.header;
  image_ = image.data();
  records_ = records;
  cells_ = cells;
  bytes_ = loader.bytes;
  outputs_ = header.outputs;
  model_id_ = header.model_id;
  if (k_has_floats) {
    mean_ = header.mean;
    inv_step_ = header.inv_step;
  }
  if (k_has_sequences) max_steps_ = header.max_steps;
  packing_ = header.packing;
  layers_ = header.layers;
  recurrent_ = loader.recurrent_layers();
  return Status::ok;
}

View<const uint8_t> metadata_of(View<const uint8_t> image) noexcept {
  ImageHeader header;
  if (image.size() < sizeof header) return {};
  memcpy(&header, image.data(), sizeof header);
  if (header.metadata == 0 || header.bytes > image.size() ||
      !cell::inside({image.data(), header.bytes}, header.metadata, header.metadata_bytes)) {
    return {};
  }
  return {image.data() + header.metadata, header.metadata_bytes};
}

}  // namespace rondo
