// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// PlainCell: makes of plain matrices what an image would hold, and runs the cell on it.
#include <rondo/plain_cell.hpp>

#include <string.h>

#include "cell/gates_f32.hpp"
#include "model/chain.hpp"

namespace rondo {
namespace {

#ifdef RONDO_FIXED_ISA
constexpr Packing k_packing = Packing::cortex_m;
#else
constexpr Packing k_packing = Packing::host;
#endif

uint32_t rows_of(Kind kind, uint32_t units) noexcept {
  return gates_of(kind) * static_cast<uint32_t>(round_up(units, 4));
}
uint32_t biases_of(Kind kind, uint32_t units) noexcept {
  return rows_of(kind, units) + (kind == Kind::gru ? static_cast<uint32_t>(round_up(units, 4)) : 0);
}

// Where the arrays stand behind each other.
LayerRecord record_of(const Cell& cell, const PlainWeights& weights) noexcept {
  LayerRecord record = {};
  const uint32_t rows = rows_of(cell.kind, weights.units);
  record.kind = cell.kind;
  record.type = Type::f32;
  record.input = record.output = record.recurrent = Format::f32;
  record.mode = static_cast<uint8_t>(weights.activation);
  record.inputs = weights.inputs;
  record.outputs = weights.units;
  record.u = 4 * rows * weights.inputs;
  record.bias = record.u + 4 * rows * weights.units;
  return record;
}

uint32_t array_bytes(const LayerRecord& record) noexcept {
  return record.bias + 4 * biases_of(record.kind, record.outputs);
}

float at_or_zero(const float* values, size_t index) noexcept {
  return values == nullptr ? 0.0F : values[index];
}

// The rows of a group of gates, from `first_gate` on, in packed order.
void pack(const PlainWeights& plain, const cell::GatesF32& gates, uint32_t first_gate,
          uint8_t* arrays) noexcept {
  for (uint32_t unit = 0; unit < gates.shape.units; unit += gates.shape.block_units) {
    const cell::Block block = cell::block_at(gates.shape, unit);
    float* const w = cell::in<float>(arrays, gates.w) + size_t{block.row} * plain.inputs;
    float* const u = cell::in<float>(arrays, gates.u) + size_t{block.row} * plain.units;
    float* const bias = cell::in<float>(arrays, gates.bias) + size_t{unit} * gates.bias_gates;
    for (uint32_t r = 0; r < block.rows; ++r) {
      const uint32_t gate = first_gate + r / block.units, own = unit + r % block.units;
      if (own >= plain.units) continue;  // padding stays zero
      const size_t row = size_t{gate} * plain.units + own;
      for (uint32_t i = 0; i < plain.inputs; ++i) {
        w[size_t{i} * block.rows + r] = plain.weight_ih[row * plain.inputs + i];
      }
      for (uint32_t i = 0; i < plain.units; ++i) {
        u[size_t{i} * block.rows + r] = plain.weight_hh[row * plain.units + i];
      }
      // A GRU that resets after the product keeps the second bias of n apart.
      const bool apart = gates.bias_gates > gates.shape.gates && gate == 2;
      bias[r] = at_or_zero(plain.bias_ih, row) + (apart ? 0.0F : at_or_zero(plain.bias_hh, row));
      if (apart) bias[r + block.units] = at_or_zero(plain.bias_hh, row);
    }
  }
}

// Bytes are counted in 32 bits, as in an image.
bool countable(const Cell& cell, const PlainWeights& weights) noexcept {
  const uint64_t numbers =
      uint64_t{rows_of(cell.kind, weights.units)} * (uint64_t{weights.inputs} + weights.units + 2);
  return numbers < UINT32_MAX / 8;
}

bool allowed(const Cell& cell, const PlainWeights& weights) noexcept {
  const bool rnn = cell.kind == Kind::rnn;
  return cell.type == Type::f32 && is_recurrent(cell.kind) && weights.inputs >= 1 &&
         weights.inputs <= k_most_inputs && weights.units >= 1 && weights.units <= k_most_units &&
         (rnn || weights.activation == Activation::none) &&
         static_cast<uint8_t>(weights.activation) < k_activations && countable(cell, weights);
}

}  // namespace

size_t PlainCell::arena_bytes(const Cell& cell, const PlainWeights& weights) noexcept {
  if (!allowed(cell, weights)) return 0;
  const LayerRecord record = record_of(cell, weights);
  const LayerBytes bytes = cell.bytes(record, k_packing, k_arena_align);
  return round_up(array_bytes(record), k_arena_align) + bytes.state + bytes.scratch;
}

Status PlainCell::bind(const Cell& cell, const PlainWeights& weights, Arena& arena,
                       Isa isa) noexcept {
  if (!allowed(cell, weights)) return Status::bad_layout;
  if (!isa_available(isa)) return Status::isa_not_available;
  const LayerRecord record = record_of(cell, weights);
  const LayerBytes bytes = cell.bytes(record, k_packing, k_arena_align);
  const size_t arrays = round_up(array_bytes(record), k_arena_align);
  void* const memory = arena.take(arrays + bytes.state + bytes.scratch);
  if (memory == nullptr) return Status::arena_too_small;
  record_ = record;
  cell_ = &cell;
#ifndef RONDO_FIXED_ISA
  kernels_ = &kernel::f32(isa);
#endif
  arrays_ = static_cast<uint8_t*>(memory);
  state_ = arrays_ + arrays;
  scratch_ = state_ + bytes.state;
  memset(arrays_, 0, arrays);
  pack(weights, cell::gates_f32(record_, k_packing), 0, arrays_);
  if (cell.kind == Kind::gru_before) {
    pack(weights, cell::candidate_f32(record_, k_packing), 2, arrays_);
  }
  reset();
  return Status::ok;
}

LayerArgs PlainCell::args() const noexcept {
  LayerArgs args = {};
  args.image = arrays_;
  args.record = &record_;
  args.packing = k_packing;
  args.kernels = kernels_;
  args.state = state_;
  args.scratch = scratch_;
  return args;
}

void PlainCell::reset() noexcept {
  memset(state_, 0, cell_->bytes(record_, k_packing, k_arena_align).state);
}

void PlainCell::step(const float* x) noexcept {
  run(x, 1, nullptr);
}

void PlainCell::run(const float* x, size_t steps, float* h) noexcept {
  LayerArgs group = args();
  group.x_stride = sizeof(float) * record_.inputs;
  group.y_stride = sizeof(float) * record_.outputs;
  const size_t most = steps_at_once(k_packing, Type::f32);
  for (size_t first = 0; first < steps; first += most) {
    const size_t left = steps - first;
    group.steps = static_cast<uint32_t>(left < most ? left : most);
    group.x = x + first * record_.inputs;
    group.y = h == nullptr ? nullptr : h + first * record_.outputs;
    cell_->run(group);
  }
}

const float* PlainCell::h() const noexcept {
  return static_cast<const float*>(cell_->output(args()));
}

}  // namespace rondo
