// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See check.hpp. Sums are 64 bits wide: nothing in an image can make these checks overflow.
#include "cell/check.hpp"

#include <rondo/numeric.hpp>

namespace rondo::cell {
namespace {

const int8_t* bytes_at(View<const uint8_t> image, uint32_t offset) noexcept {
  return reinterpret_cast<const int8_t*>(image.data() + offset);
}

const int32_t* words_at(View<const uint8_t> image, uint32_t offset) noexcept {
  return static_cast<const int32_t*>(static_cast<const void*>(image.data() + offset));
}

struct Row {
  uint32_t index;        // in block order
  uint32_t block_first;  // index of its block's first row
  uint32_t block_rows;
  bool padding;
};

// The weights of one row in one group of inputs (packed matrix), or for one token.
const int8_t* weights_of(View<const uint8_t> image, const MatrixS8& m, const Shape& shape,
                         const Row& row, uint32_t group, uint32_t padded) noexcept {
  const int8_t* const w = bytes_at(image, m.w);
  if (m.columns) return w + size_t{group} * shape.rows() + row.index;
  return w + size_t{row.block_first} * padded +
         size_t{4} * (size_t{group} * row.block_rows + (row.index - row.block_first));
}

// The greatest |rdmulh32(acc << shift, scale)| that any input can cause, or -1 where the row breaks
// a promise.
int64_t bound_of(View<const uint8_t> image, const MatrixS8& m, const Shape& shape, Packing packing,
                 const Row& row) noexcept {
  const uint32_t padded = m.columns ? m.inputs : shape.padded(m.inputs);
  const uint32_t groups = m.columns ? padded : padded / 4;
  const uint32_t width = m.columns ? 1 : 4;
  int64_t magnitude = 0, largest = 0, sum = 0;
  for (uint32_t g = 0; g < groups; ++g) {
    const int8_t* const w = weights_of(image, m, shape, row, g, padded);
    for (uint32_t k = 0; k < width; ++k) {
      const int32_t value = w[k];
      if (value == -128) return -1;
      if (value != 0 && (row.padding || g * width + k >= m.inputs)) return -1;
      const int32_t size = value < 0 ? -value : value;
      magnitude += size;
      largest = size > largest ? size : largest;
      sum += value;
    }
  }
  const int32_t scale = words_at(image, m.scale)[row.index];
  if (scale <= 0) return -1;
  if (packing == Packing::host && !m.columns && words_at(image, m.sums)[row.index] != sum)
    return -1;
  const int64_t acc = (m.columns ? largest : magnitude) * m.largest * (int64_t{1} << m.shift);
  if (acc >= k_acc_limit) return -1;
  return ((acc * scale) >> 31) + 1;
}

}  // namespace

bool inside(View<const uint8_t> image, uint32_t offset, uint64_t count, uint32_t size) noexcept {
  if (offset % 4 != 0 || offset < sizeof(ImageHeader) || offset > image.size()) return false;
  return count <= (image.size() - offset) / size;
}

bool matrix_inside(View<const uint8_t> image, const MatrixS8& m, const Shape& shape,
                   Packing packing) noexcept {
  const uint64_t rows = shape.rows();
  const uint64_t padded = m.columns ? m.inputs : shape.padded(m.inputs);
  if (m.shift > k_shift_limit) return false;
  if (!inside(image, m.w, rows * padded, 1) || !inside(image, m.scale, rows, 4)) return false;
  const bool has_sums = packing == Packing::host && !m.columns;
  return has_sums ? inside(image, m.sums, rows, 4) : m.sums == 0;
}

Status prove_rows(View<const uint8_t> image, const LayerRecord& record, const Shape& shape,
                  Packing packing, const MatrixS8& first, const MatrixS8* second) noexcept {
  const int32_t* const bias = words_at(image, record.bias);
  for (uint32_t unit = 0; unit < shape.units; unit += shape.block_units) {
    const uint32_t left = shape.units - unit;
    const uint32_t units = left < shape.block_units ? left : shape.block_units;
    Row row = {0, unit * shape.gates, units * shape.gates, false};
    for (uint32_t r = 0; r < row.block_rows; ++r) {
      row.index = row.block_first + r;
      row.padding = unit + r % units >= record.outputs;
      if (row.padding && bias[row.index] != 0) return Status::bad_numbers;
      int64_t bound = bias[row.index];
      bound = bound < 0 ? -bound : bound;
      const int64_t of_first = bound_of(image, first, shape, packing, row);
      const int64_t of_second =
          second == nullptr ? 0 : bound_of(image, *second, shape, packing, row);
      if (of_first < 0 || of_second < 0) return Status::bad_numbers;
      // 2^7 for the rounding shift of a gate.
      if (bound + of_first + of_second > INT32_MAX - 128) return Status::bad_numbers;
    }
  }
  return Status::ok;
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
         record.outputs <= k_most_units && record.cell == 0 && record.reserved == 0 &&
         record.state == 0 && record.wide <= 1;
}

}  // namespace rondo::cell
