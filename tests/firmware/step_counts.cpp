// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Instructions of one step of an int8 layer: the whole cell, as Stream calls it. One line a layer:
// core, cell, inputs x units, instructions, bytes of the image that the step reads. counts.py holds
// them against counts.txt. Contents are arbitrary: no kernel's path depends on them.
#include <stdint.h>
#include <string.h>

#include <rondo/arena.hpp>
#include <rondo/cells.hpp>

#include "icount.hpp"
#include "semihost.hpp"

namespace {

using rondo::firmware::print;

#ifdef __ARM_FEATURE_MVE
constexpr rondo::Packing k_packing = rondo::Packing::helium;
#else
constexpr rondo::Packing k_packing = rondo::Packing::cortex_m;
#endif

// The greatest layer that the board has room for: the micro:bit has 16 KiB.
#if __ARM_ARCH == 6
constexpr uint32_t k_most_inputs = 32, k_most_units = 32;
#else
constexpr uint32_t k_most_inputs = 64, k_most_units = 128;
#endif
constexpr uint32_t k_most_rows = 4 * k_most_units;

// What an image has of a layer: enough for the greatest one.
struct Image {
  int32_t scale[k_most_rows];
  int32_t bias[k_most_rows];
  alignas(16) int8_t w[k_most_rows * k_most_inputs];
  int8_t u[k_most_rows * k_most_units];
} image;
int16_t x[k_most_inputs];
alignas(16) uint8_t state[8 * k_most_units];
alignas(16) uint8_t scratch[2 * (k_most_inputs + k_most_units) + 8 * rondo::k_block_rows];

rondo::LayerRecord record_of(rondo::Kind kind, rondo::Format activations, uint32_t inputs,
                             uint32_t units) noexcept {
  rondo::LayerRecord record = {};
  record.kind = kind;
  record.type = rondo::Type::s8;
  record.input = record.output = record.recurrent = activations;
  record.shift_w = 2;
  record.shift_u = 1;
  record.inputs = inputs;
  record.outputs = units;
  record.scale_w = record.scale_u = offsetof(Image, scale);
  record.bias = offsetof(Image, bias);
  record.w = offsetof(Image, w);
  record.u = offsetof(Image, u);
  return record;
}

// Same numbers each time (a linear congruential generator; multiplier of Knuth's MMIX).
class Noise {
 public:
  uint32_t next() noexcept {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<uint32_t>(state_ >> 33);
  }

 private:
  uint64_t state_ = 1;
};

void fill() noexcept {
  Noise noise;
  for (int8_t& weight : image.w) weight = static_cast<int8_t>(noise.next() % 255 - 127);
  for (int8_t& weight : image.u) weight = static_cast<int8_t>(noise.next() % 255 - 127);
  for (int32_t& scale : image.scale) scale = static_cast<int32_t>(noise.next() | 1);
  for (int32_t& bias : image.bias) bias = static_cast<int32_t>(noise.next() >> 10);
  for (int16_t& value : x) value = static_cast<int16_t>(noise.next());
  memset(state, 0, sizeof state);
}

void report(const char* name, const rondo::LayerRecord& record, uint32_t instructions) noexcept {
  const uint32_t gates = rondo::gates_of(record.kind);
  const rondo::Shape shape = rondo::shape_of(gates, record.type, record.outputs, k_packing);
  const uint32_t row_bytes =
      shape.padded(record.inputs) + shape.padded(record.outputs) + 2 * sizeof image.scale[0];
  const uint32_t biases = 4;  // of a unit, in both cells
  const uint32_t bytes = shape.rows() * row_bytes + shape.units * biases * sizeof image.bias[0];
  print(RONDO_CORE, " ", name, " ", record.inputs, "x", record.outputs, " ");
  print(instructions, " ", bytes, "\n");
}

// Twice, and the second is reported: a step is to cost the same whatever the state.
bool measure(const rondo::firmware::InstructionCounter& counter, const char* name,
             const rondo::Cell& cell, const rondo::LayerRecord& record) noexcept {
  if (record.inputs > k_most_inputs || record.outputs > k_most_units) return true;
  const rondo::LayerBytes bytes = cell.bytes(record, k_packing, rondo::k_arena_align);
  if (bytes.state > sizeof state || bytes.scratch > sizeof scratch) {
    print("no room for ", name, "\n");
    return false;
  }
  fill();
  rondo::LayerArgs args = {};
  args.image = static_cast<const uint8_t*>(static_cast<const void*>(&image));
  args.record = &record;
  args.packing = k_packing;
  args.state = state;
  args.scratch = scratch;
  args.steps = 1;
  args.x = x;
  const uint32_t first = counter.count([&] { cell.run(args); });
  const uint32_t second = counter.count([&] { cell.run(args); });
  report(name, record, second);
  return first == second;
}

}  // namespace

int main() {
  using rondo::Format;
  using rondo::Kind;
  constexpr uint32_t k_shapes[][2] = {{1, 20}, {32, 32}, {64, 64}, {57, 128}};
  const rondo::firmware::InstructionCounter counter;
  print("compiler " RONDO_COMPILER "\n");
  bool constant = true;
  for (const uint32_t(&shape)[2] : k_shapes) {
    const auto record = [&](Kind kind, Format activations) {
      return record_of(kind, activations, shape[0], shape[1]);
    };
    namespace cell = rondo::cell;
    constant &= measure(counter, "lstm_a8", cell::lstm_s8, record(Kind::lstm, Format::s8));
    constant &= measure(counter, "lstm_a16", cell::lstm_s8, record(Kind::lstm, Format::s16));
    constant &= measure(counter, "gru_a8", cell::gru_s8, record(Kind::gru, Format::s8));
    constant &= measure(counter, "gru_a16", cell::gru_s8, record(Kind::gru, Format::s16));
  }
  if (!constant) print("a step took another number of instructions the second time\n");
  return constant ? 0 : 1;
}
