// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See check.hpp. Nothing in an image can make these sums overflow: each is held against what is
// left of its limit before it is taken from there.
#include "cell/check.hpp"

#include <rondo/crc32.hpp>
#include <rondo/numeric.hpp>

#include "cell/gates_s8.hpp"

namespace rondo::cell {
namespace {

const int32_t* words_at(View<const uint8_t> image, uint32_t offset) noexcept {
  return static_cast<const int32_t*>(static_cast<const void*>(image.data() + offset));
}

uint32_t magnitude_of(int32_t a) noexcept {
  return a < 0 ? 0U - static_cast<uint32_t>(a) : static_cast<uint32_t>(a);
}

bool take(uint32_t size, uint32_t& room) noexcept {
  if (size > room) return false;
  room -= size;
  return true;
}

// W or U of a layer.
struct MatrixS8 {
  uint32_t w, scale, sums;  // offsets into the image
  uint32_t inputs;          // without padding; tokens: the size of the vocabulary
  uint32_t stored;          // with padding
  uint32_t bits;            // |weight| is shifted up so far at most: activations by powers of two
  bool columns;             // of tokens
};

}  // namespace

// The rows of a group of gates, as the proofs see them.
struct RowsS8 {
  View<const uint8_t> image;
  const GatesS8& gates;
  uint32_t units;  // without padding
  Packing packing;
  uint32_t matrices;
  MatrixS8 matrix[2];
};

namespace {

[[gnu::noinline]] MatrixS8 matrix_of(Format input, uint32_t inputs, uint32_t shift,
                                     const Shape& shape) noexcept {
  const bool columns = input == Format::token;
  const uint32_t activation = columns ? k_token_bits : input == Format::s16 ? 15 : 7;
  return {0, 0, 0, inputs, stored_inputs(input, inputs, shape), shift + activation, columns};
}

bool matrix_inside(const RowsS8& rows, const MatrixS8& m) noexcept {
  const uint32_t count = rows.gates.shape.rows();
  if (!inside(rows.image, m.w, uint64_t{count} * m.stored, 1) ||
      !inside(rows.image, m.scale, count, 4)) {
    return false;
  }
  const bool has_sums = rows.packing == Packing::host && !m.columns;
  return has_sums ? inside(rows.image, m.sums, count, 4) : m.sums == 0;
}

struct Row {
  uint32_t index;     // in block order
  uint32_t in_block;  // the same from its block's first row on
  bool padding;
};

// The input that weight k of a group belongs to.
uint32_t input_of(Packing packing, uint32_t k) noexcept {
  return packing == Packing::cortex_m && (k == 1 || k == 2) ? 3 - k : k;
}

// Takes the greatest |rdmulh32(acc << shift, scale)| that any input can cause from `room`; false
// where the row breaks a promise, or there is no such room.
[[gnu::noinline]] bool take_row(const RowsS8& rows, const MatrixS8& m, const Block& block,
                                const Row& row, uint32_t& room) noexcept {
  const Packing packing = known(rows.packing);
  const uint32_t tile_rows = packing == Packing::host ? block.rows : 4;
  const uint32_t in_tile = packing == Packing::host ? row.in_block : row.in_block % 4;
  const uint32_t group = rows.gates.shape.group;
  const uint32_t last = m.columns ? 0 : group - 1;  // of a group of inputs
  const uint32_t apart = m.columns ? rows.gates.shape.rows() : tile_rows;
  const uint8_t* const w =
      rows.image.data() + m.w +
      (m.columns ? row.index : size_t{row.index - in_tile} * m.stored + group * in_tile);
  uint32_t magnitude = 0;
  int32_t sum = 0;
  for (uint32_t i = 0; i < m.stored; ++i) {
    const uint32_t k = i & last, first = i - k;
    const int32_t value = static_cast<int8_t>(w[size_t{first} * apart + k]);
    if (value == -128) return false;
    if (value != 0 && (row.padding || first + input_of(packing, k) >= m.inputs)) return false;
    sum += value;
    // Of columns one is taken at a time.
    const uint32_t size = magnitude_of(value);
    magnitude = !m.columns ? magnitude + size : size > magnitude ? size : magnitude;
  }
  if (packing == Packing::host && m.sums != 0 && words_at(rows.image, m.sums)[row.index] != sum)
    return false;
  const int32_t scale = words_at(rows.image, m.scale)[row.index];
  if (scale <= 0 || magnitude >> (k_acc_bits - m.bits) != 0) return false;
  const uint64_t product = uint64_t{magnitude << m.bits} * static_cast<uint32_t>(scale);
  return take(static_cast<uint32_t>(product >> 31) + 1, room);
}

// The same for the biases of a unit that meet in this row: of the last gate (gru: n) there may be
// two.
bool take_biases(const RowsS8& rows, const Block& block, const Row& row, uint32_t& room) noexcept {
  const uint32_t gates = rows.gates.bias_gates;
  const int32_t* const bias = words_at(rows.image, rows.gates.bias) + size_t{block.unit} * gates;
  const bool last_gate = row.in_block + block.units >= block.rows;
  const uint32_t end = last_gate ? gates * block.units : row.in_block + 1;
  for (uint32_t r = row.in_block; r < end; r += block.units) {
    if (row.padding && bias[r] != 0) return false;
    if (!take(magnitude_of(bias[r]), room)) return false;
  }
  return true;
}

bool row_allowed(const RowsS8& rows, const Block& block, const Row& row) noexcept {
  uint32_t room = INT32_MAX - 128;  // 2^7 for the rounding shift of a gate
  if (!take_biases(rows, block, row, room)) return false;
  for (uint32_t i = 0; i < rows.matrices; ++i) {
    if (!take_row(rows, rows.matrix[i], block, row, room)) return false;
  }
  return true;
}

bool rows_allowed(const RowsS8& rows) noexcept {
  const Shape& shape = rows.gates.shape;
  Row row = {0, 0, false};
  for (uint32_t unit = 0; unit < shape.units; unit += shape.block_units) {
    const Block block = block_at(shape, unit);
    uint32_t of = unit;
    for (row.in_block = 0; row.in_block < block.rows; ++row.in_block, ++row.index) {
      row.padding = of >= rows.units;
      if (!row_allowed(rows, block, row)) return false;
      ++of;
      if (of == unit + block.units) of = unit;  // the next gate
    }
  }
  return true;
}

// What a kind of layer may say of itself: a bit for each Format, and one for each mode.
struct Form {
  uint8_t inputs, outputs, recurrent, modes;
};
constexpr uint8_t bit(Format format) noexcept {
  return static_cast<uint8_t>(1U << static_cast<uint8_t>(format));
}
constexpr uint8_t k_token = bit(Format::token), k_scores = bit(Format::s32);
constexpr uint8_t k_vectors = bit(Format::s16) | bit(Format::s8);
constexpr Form k_forms[k_kinds] = {
    {k_token | k_vectors, k_vectors, k_vectors, 1},              // lstm
    {k_token | k_vectors, k_vectors, k_vectors, 1},              // gru
    {k_token | k_vectors, k_vectors, k_vectors, 1},              // gru_before
    {k_token | k_vectors, k_vectors, k_vectors, 2},              // rnn: tanh
    {k_vectors, k_scores, k_token, 1},                           // linear
    {k_token | k_vectors, k_vectors | k_scores, k_token, 0x0F},  // dense: any Activation
    {k_vectors, k_vectors, k_token, 7},                          // pool: any Pool
    {k_scores, k_scores, k_vectors, 1},                          // skip
};

bool among(uint32_t bits, uint32_t value) noexcept {
  return value < 8 && (bits >> value & 1U) != 0;
}

}  // namespace

bool inside(View<const uint8_t> image, uint32_t offset, uint64_t count, uint32_t size) noexcept {
  if (offset % 4 != 0 || offset < sizeof(ImageHeader) || offset > image.size()) return false;
  return count <= (image.size() - offset) / size;
}

bool form_allowed(const LayerRecord& record) noexcept {
  const Form& form = k_forms[static_cast<uint8_t>(record.kind)];
  return shape_allowed(record) && among(form.inputs, static_cast<uint8_t>(record.input)) &&
         among(form.outputs, static_cast<uint8_t>(record.output)) &&
         among(form.recurrent, static_cast<uint8_t>(record.recurrent)) &&
         among(form.modes, record.mode) &&
         (is_recurrent(record.kind) ||
          (record.u | record.scale_u | record.sums_u | record.shift_u | record.initial) == 0);
}

Status check_rows_s8(View<const uint8_t> image, const LayerRecord& record, const GatesS8& gates,
                     Packing packing, const Proofs* proofs) noexcept {
  if (record.shift_w > k_shift_limit || record.shift_u > k_shift_limit) return Status::bad_layout;
  const bool has_u = record.recurrent != Format::token;
  RowsS8 rows = {image,
                 gates,
                 record.outputs,
                 known(packing),
                 has_u ? 2U : 1U,
                 {matrix_of(record.input, record.inputs, record.shift_w, gates.shape),
                  matrix_of(record.recurrent, record.outputs, record.shift_u, gates.shape)}};
  MatrixS8& w = rows.matrix[0];
  MatrixS8& u = rows.matrix[1];
  w.w = gates.w, w.scale = gates.scale_w, w.sums = gates.sums_w;
  u.w = gates.u, u.scale = gates.scale_u, u.sums = gates.sums_u;
  if (!inside(image, gates.bias, uint64_t{gates.shape.units} * gates.bias_gates, 4) ||
      !matrix_inside(rows, w) || (has_u && !matrix_inside(rows, u))) {
    return Status::bad_layout;
  }
  return proofs == nullptr || proofs->rows(rows) ? Status::ok : Status::bad_numbers;
}

Status layer_s8_check(View<const uint8_t> image, const LayerRecord& record, Packing packing,
                      const Proofs* proofs) noexcept {
  if (!form_allowed(record)) return Status::bad_layout;
  const uint32_t initial = record.kind == Kind::lstm ? 2 : 1;
  const bool has_initial = k_has_initial && record.initial != 0;
  if (has_initial && !inside(image, record.initial, initial * record.outputs, 4)) {
    return Status::bad_layout;
  }
  const Status status = check_rows_s8(image, record, gates_s8(record, packing), packing, proofs);
  if (status != Status::ok || !has_initial || proofs == nullptr) return status;
  return proofs->initial(image, record) ? Status::ok : Status::bad_numbers;
}

bool initial_allowed(View<const uint8_t> image, const LayerRecord& record) noexcept {
  const int32_t* words = words_at(image, record.initial);
  if (record.kind == Kind::lstm) words += record.outputs;  // c may be any number
  const bool gru = record.kind == Kind::gru || record.kind == Kind::gru_before;
  const int32_t limit = gru ? k_gru_one : 32767;
  for (uint32_t i = 0; i < record.outputs; ++i) {
    if (words[i] < -limit || words[i] > limit) return false;
  }
  return true;
}

bool all_finite(View<const uint8_t> image, uint32_t offset, uint64_t count) noexcept {
  const int32_t* const words = words_at(image, offset);
  for (uint64_t i = 0; i < count; ++i) {
    if ((static_cast<uint32_t>(words[i]) & 0x7F800000U) == 0x7F800000U) return false;
  }
  return true;
}

bool shape_allowed(const LayerRecord& record) noexcept {
  return record.inputs >= 1 && record.inputs <= k_most_inputs && record.outputs >= 1 &&
         record.outputs <= k_most_units && record.cell == 0 &&
         (record.reserved[0] | record.reserved[1]) == 0 && record.state == 0;
}

bool no_recurrence(const LayerRecord& record) noexcept {
  return record.recurrent == Format::token && record.direction == Direction::only &&
         record.u == 0 && record.scale_u == 0 && record.sums_u == 0 && record.shift_u == 0 &&
         record.initial == 0;
}

bool no_integers(const LayerRecord& record) noexcept {
  return record.shift_w == 0 && record.shift_u == 0 && record.scale_w == 0 && record.scale_u == 0 &&
         record.sums_w == 0 && record.sums_u == 0;
}

}  // namespace rondo::cell

namespace rondo {
namespace {

#ifdef __OPTIMIZE_SIZE__
// The same as below bit by bit, without the table.
uint32_t crc_of(const uint8_t* bytes, size_t size) noexcept {
  uint32_t crc = UINT32_MAX;
  for (const uint8_t* const end = bytes + size; bytes != end; ++bytes) {
    crc ^= *bytes;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? k_crc32_polynomial : 0);
  }
  return ~crc;
}
#else
uint32_t crc_of(const uint8_t* bytes, size_t size) noexcept {
  return crc32(bytes, size);
}
#endif

}  // namespace

// What no image that this build accepts needs is not linked.
const Proofs k_proofs = {crc_of, cell::rows_allowed,
                         k_has_initial ? cell::initial_allowed : nullptr,
                         k_has_floats ? cell::all_finite : nullptr};

}  // namespace rondo
