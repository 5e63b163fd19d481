// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See check.hpp. Nothing in an image can make these sums overflow: each is held against what is
// left of its limit before it is taken from there.
#include "cell/check.hpp"

#include <string.h>

#include <rondo/crc32.hpp>
#include <rondo/numeric.hpp>

#include "cell/blocks.hpp"

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

// The rows of some gates of a layer, as the proofs see them.
struct RowsS8 {
  View<const uint8_t> image;
  const LayerRecord& record;  // offsets are those of these gates
  Packing packing;
  uint32_t gates, bias_gates;
  uint32_t units;  // padded

  uint32_t count() const noexcept { return gates * units; }
  uint32_t matrices() const noexcept { return record.recurrent == Format::token ? 1 : 2; }
};

namespace {

// W and U have their numbers side by side in the record.
static_assert(offsetof(LayerRecord, outputs) == offsetof(LayerRecord, inputs) + 4 &&
                  offsetof(LayerRecord, u) == offsetof(LayerRecord, w) + 4 &&
                  offsetof(LayerRecord, scale_u) == offsetof(LayerRecord, scale_w) + 4 &&
                  offsetof(LayerRecord, sums_u) == offsetof(LayerRecord, sums_w) + 4,
              "see number_at");
uint32_t number_at(const LayerRecord& record, size_t offset, uint32_t matrix) noexcept {
  uint32_t number;
  const void* const start = &record;
  memcpy(&number, static_cast<const uint8_t*>(start) + offset + 4 * matrix, sizeof number);
  return number;
}

// 0: W, 1: U
[[gnu::noinline]] MatrixS8 matrix_of(const RowsS8& rows, uint32_t matrix) noexcept {
  const LayerRecord& record = rows.record;
  const Format input = matrix == 0 ? record.input : record.recurrent;
  const uint32_t shift = matrix == 0 ? record.shift_w : record.shift_u;
  MatrixS8 m;
  m.w = number_at(record, offsetof(LayerRecord, w), matrix);
  m.scale = number_at(record, offsetof(LayerRecord, scale_w), matrix);
  m.sums = number_at(record, offsetof(LayerRecord, sums_w), matrix);
  m.inputs = number_at(record, offsetof(LayerRecord, inputs), matrix);
  m.columns = input == Format::token;
  m.stored = m.columns ? m.inputs : padded_s8(rows.packing, m.inputs);
  m.bits = shift + (m.columns ? k_token_bits : input == Format::s16 ? 15U : 7U);
  return m;
}

bool matrix_inside(const RowsS8& rows, const MatrixS8& m) noexcept {
  const uint64_t weights = uint64_t{rows.count()} * m.stored;
  const uint32_t words = 4 * rows.count();
  const bool has_sums = known(rows.packing) == Packing::host && !m.columns;
  return weights <= UINT32_MAX && inside(rows.image, m.w, static_cast<uint32_t>(weights)) &&
         inside(rows.image, m.scale, words) &&
         (has_sums ? inside(rows.image, m.sums, words) : m.sums == 0);
}

// A row's number in its group of gates, and its block.
struct Row {
  uint32_t index;
  uint32_t block, block_rows;  // number of the first row, and how many
  bool padding;
};

// The input that weight k of a group belongs to.
uint32_t input_of(Packing packing, uint32_t k) noexcept {
  return packing == Packing::cortex_m && (k == 1 || k == 2) ? 3 - k : k;
}

// Takes the greatest |rdmulh32(acc << shift, scale)| that any input can cause from `room`; false
// where the row breaks a promise, or there is no such room.
[[gnu::noinline]] bool take_row(const RowsS8& rows, const MatrixS8& m, const Row& row,
                                uint32_t& room) noexcept {
  const Packing packing = known(rows.packing);
  const uint32_t group = m.columns ? 1 : padded_s8(packing, 1);
  const bool one_tile = packing == Packing::host;
  const uint32_t tile = one_tile ? row.block : row.index & ~3U;
  const uint32_t apart = m.columns ? rows.count() : one_tile ? row.block_rows : 4;
  const uint8_t* const w =
      rows.image.data() + m.w +
      (m.columns ? row.index : size_t{tile} * m.stored + group * (row.index - tile));
  uint32_t magnitude = 0;
  int32_t sum = 0;
  for (uint32_t i = 0; i < m.stored; ++i) {
    const uint32_t k = i & (group - 1), first = i - k;
    const int32_t value = static_cast<int8_t>(w[size_t{first} * apart + k]);
    if (value == -128) return false;
    if (value != 0 && (row.padding || first + input_of(packing, k) >= m.inputs)) return false;
    sum += value;
    // Of columns one is taken at a time.
    const uint32_t size = magnitude_of(value);
    magnitude = !m.columns ? magnitude + size : size > magnitude ? size : magnitude;
  }
  if (packing == Packing::host && m.sums != 0 && words_at(rows.image, m.sums)[row.index] != sum) {
    return false;
  }
  const int32_t scale = words_at(rows.image, m.scale)[row.index];
  if (scale <= 0 || magnitude >> (k_acc_bits - m.bits) != 0) return false;
  const uint64_t product = uint64_t{magnitude << m.bits} * static_cast<uint32_t>(scale);
  return take(static_cast<uint32_t>(product >> 31) + 1, room);
}

// All rows of a unit. `first`: the unit that its block starts with; `block`: units of the block.
bool unit_allowed(const RowsS8& rows, uint32_t unit, uint32_t first, uint32_t block) noexcept {
  const int32_t* bias =
      words_at(rows.image, rows.record.bias) + size_t{first} * rows.bias_gates + (unit - first);
  Row row = {first * rows.gates + (unit - first), first * rows.gates, block * rows.gates,
             unit >= rows.record.outputs};
  for (uint32_t gate = 1; gate <= rows.gates; ++gate, row.index += block) {
    uint32_t room = INT32_MAX - 128;  // 2^7 for the rounding shift of a gate
    // The last gate (gru: n) may have two biases.
    uint32_t biases = gate == rows.gates ? rows.bias_gates - gate + 1 : 1;
    for (; biases != 0; --biases, bias += block) {
      if (row.padding && *bias != 0) return false;
      if (!take(magnitude_of(*bias), room)) return false;
    }
    uint32_t matrix = 0;
    do {
      if (!take_row(rows, matrix_of(rows, matrix), row, room)) return false;
    } while (++matrix != rows.matrices());
  }
  return true;
}

bool rows_allowed(const RowsS8& rows) noexcept {
  const uint32_t most = block_units_of(rows.gates, known(rows.packing));
  for (uint32_t unit = 0; unit < rows.units; ++unit) {
    const uint32_t first = unit & ~(most - 1), left = rows.units - first;  // a power of two
    if (!unit_allowed(rows, unit, first, left < most ? left : most)) return false;
  }
  return true;
}

// What a kind of layer may say of itself: a bit for each Format of input, output and u, and one for
// each mode, in the order in which these are bytes of the record.
struct Form {
  uint8_t bits[4];
};
static_assert(offsetof(LayerRecord, output) == offsetof(LayerRecord, input) + 1 &&
                  offsetof(LayerRecord, recurrent) == offsetof(LayerRecord, input) + 2 &&
                  offsetof(LayerRecord, mode) == offsetof(LayerRecord, input) + 3,
              "see has_form");
constexpr uint8_t bit(Format format) noexcept {
  return static_cast<uint8_t>(1U << static_cast<uint8_t>(format));
}
constexpr uint8_t k_token = bit(Format::token), k_scores = bit(Format::s32);
constexpr uint8_t k_vectors = bit(Format::s16) | bit(Format::s8);
constexpr Form k_forms_s8[k_kinds] = {
    {{k_token | k_vectors, k_vectors, k_vectors, 1}},              // lstm
    {{k_token | k_vectors, k_vectors, k_vectors, 1}},              // gru
    {{k_token | k_vectors, k_vectors, k_vectors, 1}},              // gru_before
    {{k_token | k_vectors, k_vectors, k_vectors, 2}},              // rnn: tanh
    {{k_vectors, k_scores, k_token, 1}},                           // linear
    {{k_token | k_vectors, k_vectors | k_scores, k_token, 0x0F}},  // dense: any Activation
    {{k_vectors, k_vectors, k_token, 7}},                          // pool: any Pool
    {{k_scores, k_scores, k_vectors, 1}},                          // skip
};
constexpr uint8_t k_floats = bit(Format::f32);
constexpr Form k_forms_f32[k_kinds] = {
    {{k_token | k_floats, k_floats, k_floats, 1}},     // lstm
    {{k_token | k_floats, k_floats, k_floats, 1}},     // gru
    {{k_token | k_floats, k_floats, k_floats, 1}},     // gru_before
    {{k_token | k_floats, k_floats, k_floats, 0x0F}},  // rnn: any Activation
    {{k_floats, k_floats, k_token, 1}},                // linear
    {{k_token | k_floats, k_floats, k_token, 0x0F}},   // dense: any Activation
    {{k_floats, k_floats, k_token, 7}},                // pool: any Pool
    {{k_floats, k_floats, k_floats, 1}},               // skip
};

// Formats, mode, limits, fields that no layer has, and those that no layer without a state has.
// Inputs are as many as the outputs below, or those of the header.
bool has_form(const LayerRecord& record, const Form* forms) noexcept {
  const Form& form = forms[static_cast<uint8_t>(record.kind)];
  const void* const start = &record;
  uint8_t said[4];
  memcpy(said, static_cast<const uint8_t*>(start) + offsetof(LayerRecord, input), sizeof said);
  for (uint32_t i = 0; i < 4; ++i) {
    if (said[i] > 7 || (form.bits[i] >> said[i] & 1U) == 0) return false;
  }
  if (record.outputs - 1U >= k_most_units) return false;
  if ((record.cell | record.reserved[0] | record.reserved[1] | record.state) != 0) return false;
  return is_recurrent(record.kind) ||
         (record.u | record.scale_u | record.sums_u | record.shift_u | record.initial) == 0;
}

}  // namespace

bool inside(View<const uint8_t> image, uint32_t offset, uint32_t bytes) noexcept {
  return offset % 4 == 0 && offset >= sizeof(ImageHeader) && offset <= image.size() &&
         bytes <= image.size() - offset;
}

bool inside(View<const uint8_t> image, uint32_t offset, uint64_t count, uint32_t size) noexcept {
  return count <= UINT32_MAX / size && inside(image, offset, static_cast<uint32_t>(count) * size);
}

bool form_s8_allowed(const LayerRecord& record) noexcept {
  return has_form(record, k_forms_s8);
}

bool form_f32_allowed(const LayerRecord& record) noexcept {
  return has_form(record, k_forms_f32) && no_integers(record);
}

Status check_rows_s8(View<const uint8_t> image, const LayerRecord& record, uint32_t gates,
                     Packing packing, const Proofs* proofs) noexcept {
  const RowsS8 rows = {image,
                       record,
                       packing,
                       gates,
                       record.kind == Kind::gru ? gates + 1 : gates,
                       static_cast<uint32_t>(round_up(record.outputs, 4))};
  if (record.shift_w > k_shift_limit || record.shift_u > k_shift_limit ||
      !inside(image, record.bias, 4 * rows.units * rows.bias_gates)) {
    return Status::bad_layout;
  }
  uint32_t matrix = 0;
  do {
    if (!matrix_inside(rows, matrix_of(rows, matrix))) return Status::bad_layout;
  } while (++matrix != rows.matrices());
  return proofs == nullptr || proofs->rows(rows) ? Status::ok : Status::bad_numbers;
}

Status layer_s8_check(View<const uint8_t> image, const LayerRecord& record, Packing packing,
                      const Proofs* proofs) noexcept {
  if (!form_s8_allowed(record)) return Status::bad_layout;
  const uint32_t initial = record.kind == Kind::lstm ? 2 : 1;
  const bool has_initial = k_has_initial && record.initial != 0;
  if (has_initial && !inside(image, record.initial, 4 * initial * record.outputs)) {
    return Status::bad_layout;
  }
  const uint32_t gates = record.kind == Kind::gru_before ? 2 : gates_of(record.kind);
  const Status status = check_rows_s8(image, record, gates, packing, proofs);
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

bool no_integers(const LayerRecord& record) noexcept {
  return (record.shift_w | record.shift_u | record.scale_w | record.scale_u | record.sums_w |
          record.sums_u) == 0;
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
