// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See check.hpp. Sums are 64 bits wide: nothing in an image can make these checks overflow.
#include "cell/check.hpp"

#include <rondo/crc32.hpp>
#include <rondo/numeric.hpp>

#include "cell/gates_s8.hpp"

namespace rondo::cell {
namespace {

const int8_t* bytes_at(View<const uint8_t> image, uint32_t offset) noexcept {
  return reinterpret_cast<const int8_t*>(image.data() + offset);
}

const int32_t* words_at(View<const uint8_t> image, uint32_t offset) noexcept {
  return static_cast<const int32_t*>(static_cast<const void*>(image.data() + offset));
}

int32_t magnitude_of(int32_t a) noexcept {
  return a < 0 ? -a : a;
}

// W or U of a layer.
struct MatrixS8 {
  uint32_t w, scale, sums;  // offsets into the image
  uint32_t inputs;          // without padding; tokens: the size of the vocabulary
  uint32_t shift;
  Format input;

  bool columns() const noexcept { return input == Format::token; }
  int32_t largest() const noexcept {
    return columns() ? k_token_one : input == Format::s16 ? k_largest_s16 : k_largest_s8;
  }
};

MatrixS8 w_of(const LayerRecord& record, const GatesS8& gates) noexcept {
  return {gates.w, gates.scale_w, gates.sums_w, record.inputs, record.shift_w, record.input};
}
MatrixS8 u_of(const LayerRecord& record, const GatesS8& gates) noexcept {
  return {gates.u, gates.scale_u, gates.sums_u, record.outputs, record.shift_u, record.recurrent};
}

bool matrix_inside(View<const uint8_t> image, const MatrixS8& m, const Shape& shape,
                   Packing packing) noexcept {
  const uint64_t rows = shape.rows();
  const uint64_t stored = stored_inputs(m.input, m.inputs, shape);
  if (m.shift > k_shift_limit) return false;
  if (!inside(image, m.w, rows * stored, 1) || !inside(image, m.scale, rows, 4)) return false;
  const bool has_sums = known(packing) == Packing::host && !m.columns();
  return has_sums ? inside(image, m.sums, rows, 4) : m.sums == 0;
}

struct Row {
  uint32_t index;        // in block order
  uint32_t block_first;  // index of its block's first row
  uint32_t block_rows;
  bool padding;
};

// The weights of one row in one group of inputs (packed matrix), or for one token. Their order
// within the group does not matter here but where the group is cut by the end of the inputs.
const int8_t* weights_of(View<const uint8_t> image, const MatrixS8& m, const Shape& shape,
                         const Row& row, uint32_t group) noexcept {
  const int8_t* const w = bytes_at(image, m.w);
  if (m.columns()) return w + size_t{group} * shape.rows() + row.index;
  const uint32_t in_block = row.index - row.block_first;
  const uint32_t tile_rows = shape.tile_rows == 0 ? row.block_rows : shape.tile_rows;
  const uint32_t tile = in_block / tile_rows * tile_rows;
  return w + size_t{row.block_first + tile} * shape.padded(m.inputs) +
         size_t{shape.group} * (size_t{group} * tile_rows + (in_block - tile));
}

// The input that weight k of a group belongs to.
uint32_t input_of(Packing packing, uint32_t k) noexcept {
  return packing == Packing::cortex_m && (k == 1 || k == 2) ? 3 - k : k;
}

// The greatest |rdmulh32(acc << shift, scale)| that any input can cause, or -1 where the row breaks
// a promise.
int64_t bound_of(View<const uint8_t> image, const MatrixS8& m, const Shape& shape, Packing packing,
                 const Row& row) noexcept {
  const uint32_t width = m.columns() ? 1 : shape.group;
  const uint32_t groups = stored_inputs(m.input, m.inputs, shape) / width;
  int64_t magnitude = 0, largest = 0, sum = 0;
  for (uint32_t g = 0; g < groups; ++g) {
    const int8_t* const w = weights_of(image, m, shape, row, g);
    for (uint32_t k = 0; k < width; ++k) {
      const int32_t value = w[k];
      if (value == -128) return -1;
      const uint32_t input = g * width + (width == 1 ? 0 : input_of(known(packing), k));
      if (value != 0 && (row.padding || input >= m.inputs)) return -1;
      const int32_t size = magnitude_of(value);
      magnitude += size;
      largest = size > largest ? size : largest;
      sum += value;
    }
  }
  const int32_t scale = words_at(image, m.scale)[row.index];
  if (scale <= 0) return -1;
  if (m.sums != 0 && words_at(image, m.sums)[row.index] != sum) return -1;
  const int64_t acc = (m.columns() ? largest : magnitude) * m.largest() * (int64_t{1} << m.shift);
  if (acc >= k_acc_limit) return -1;
  return ((acc * scale) >> 31) + 1;
}

// The sum of the magnitudes of a unit's biases that meet in this row, or -1 where padding is not
// zero. gru: n has two.
int64_t bias_bound(View<const uint8_t> image, const GatesS8& gates, const Row& row, uint32_t unit,
                   uint32_t units) noexcept {
  const int32_t* const bias = words_at(image, gates.bias) + size_t{unit} * gates.bias_gates;
  const uint32_t in_block = row.index - row.block_first;
  int64_t bound = 0;
  for (uint32_t r = in_block; r < gates.bias_gates * units; r += units) {
    const bool own = r == in_block;
    const bool second_of_last = r >= gates.shape.gates * units && in_block + units == r;
    if (!own && !second_of_last) continue;
    if (row.padding && bias[r] != 0) return -1;
    bound += bias[r] < 0 ? -int64_t{bias[r]} : int64_t{bias[r]};
  }
  return bound;
}

}  // namespace

bool inside(View<const uint8_t> image, uint32_t offset, uint64_t count, uint32_t size) noexcept {
  if (offset % 4 != 0 || offset < sizeof(ImageHeader) || offset > image.size()) return false;
  return count <= (image.size() - offset) / size;
}

bool gates_inside(View<const uint8_t> image, const LayerRecord& record, const GatesS8& gates,
                  Packing packing) noexcept {
  const uint64_t biases = uint64_t{gates.shape.units} * gates.bias_gates;
  if (!matrix_inside(image, w_of(record, gates), gates.shape, packing)) return false;
  if (!inside(image, gates.bias, biases, 4)) return false;
  if (record.recurrent == Format::token) return true;
  return matrix_inside(image, u_of(record, gates), gates.shape, packing);
}

Status prove_rows(View<const uint8_t> image, const LayerRecord& record, const GatesS8& gates,
                  Packing packing) noexcept {
  const Shape& shape = gates.shape;
  const MatrixS8 w = w_of(record, gates), u = u_of(record, gates);
  for (uint32_t unit = 0; unit < shape.units; unit += shape.block_units) {
    const Block block = block_at(shape, unit);
    Row row = {0, block.row, block.rows, false};
    for (uint32_t r = 0; r < block.rows; ++r) {
      row.index = block.row + r;
      row.padding = unit + r % block.units >= record.outputs;
      const int64_t of_bias = bias_bound(image, gates, row, unit, block.units);
      const int64_t of_w = bound_of(image, w, shape, packing, row);
      const int64_t of_u =
          record.recurrent == Format::token ? 0 : bound_of(image, u, shape, packing, row);
      if (of_bias < 0 || of_w < 0 || of_u < 0) return Status::bad_numbers;
      // 2^7 for the rounding shift of a gate.
      if (of_bias + of_w + of_u > INT32_MAX - 128) return Status::bad_numbers;
    }
  }
  return Status::ok;
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

uint32_t crc_of(const uint8_t* bytes, size_t size) noexcept {
  return crc32(bytes, size);
}

}  // namespace

const Proofs k_proofs = {crc_of, cell::prove_rows, cell::initial_allowed, cell::all_finite};

}  // namespace rondo
