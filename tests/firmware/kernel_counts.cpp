// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Instructions of one step of an int8 layer made of this core's kernels, nothing around them: both
// operands prepared, then for each block of units the products and the pointwise part. One line a
// layer: core, cell, inputs x units, instructions, bytes of the image that the step reads.
// counts.py holds them against counts.txt. Contents are arbitrary: no kernel's path depends on
// them.
#include <stdint.h>
#include <string.h>

#include <rondo/arena.hpp>

#include "icount.hpp"
#include "kernel/kernels.hpp"
#include "semihost.hpp"

namespace {

using rondo::firmware::print;
namespace kernel = rondo::kernel;

#ifdef __ARM_FEATURE_MVE
constexpr rondo::Packing k_packing = rondo::Packing::helium;
#else
constexpr rondo::Packing k_packing = rondo::Packing::cortex_m;
#endif
constexpr const kernel::S8& k_set = kernel::s8(rondo::Isa::scalar, k_packing);

// The greatest layer that the board has room for: the micro:bit has 16 KiB.
#if __ARM_ARCH == 6
constexpr uint32_t k_most_inputs = 32, k_most_units = 32;
#else
constexpr uint32_t k_most_inputs = 64, k_most_units = 128;
#endif
constexpr uint32_t k_most_rows = 4 * k_most_units;

alignas(16) int8_t weights[k_most_rows * (k_most_inputs + k_most_units)];
int32_t scale_w[k_most_rows], scale_u[k_most_rows], bias[k_most_rows];
int16_t x[k_most_inputs], h[k_most_units];
int32_t main_state[k_most_units];  // c of an LSTM, h of a GRU
alignas(16) uint8_t operand_x[kernel::operand_bytes(k_packing, k_most_inputs)];
alignas(16) uint8_t operand_h[kernel::operand_bytes(k_packing, k_most_units)];
int32_t t_x[rondo::k_block_rows], t_h[rondo::k_block_rows];

struct Layer {
  uint32_t inputs;
  uint32_t units;
  uint32_t gates;

  rondo::Shape shape() const noexcept {
    return rondo::shape_of(gates, rondo::Type::s8, units, k_packing);
  }
};

// Activations of 8 or 16 bits.
template <bool wide>
void prepare(const int16_t* from, uint32_t inputs, uint32_t padded, uint8_t* operand) noexcept {
  if constexpr (wide) {
    k_set.prepare_s16(from, inputs, padded, operand);
  } else {
    k_set.prepare_s8(static_cast<const int8_t*>(static_cast<const void*>(from)), inputs, padded,
                     operand);
  }
}

template <bool wide>
void multiply(const kernel::ProductS8& product) noexcept {
  if constexpr (wide) {
    k_set.product_s16(product);
  } else {
    k_set.product_s8(product);
  }
}

template <bool wide>
int8_t* h8(uint32_t unit) noexcept {
  return wide ? nullptr : static_cast<int8_t*>(static_cast<void*>(h)) + unit;
}
template <bool wide>
int16_t* h16(uint32_t unit) noexcept {
  return wide ? h + unit : nullptr;
}

// The products of W and U for the block at the front of both; next() goes on to the block behind.
struct Products {
  kernel::ProductS8 of_w, of_u;

  void next() noexcept {
    for (kernel::ProductS8* const p : {&of_w, &of_u}) {
      p->w += p->rows * p->padded;
      p->scale += p->rows;
    }
  }
};

// Calls block(unit, units, products) for each block of units; where the products read and write
// their sums is the block's to say.
template <bool wide, class Block>
void each_block(const Layer& layer, Block block) noexcept {
  const rondo::Shape shape = layer.shape();
  const uint32_t padded_x = shape.padded(layer.inputs), padded_h = shape.padded(layer.units);
  prepare<wide>(x, layer.inputs, padded_x, operand_x);
  prepare<wide>(h, layer.units, padded_h, operand_h);
  const int8_t* const u = weights + shape.rows() * padded_x;
  Products products = {
      {weights, scale_w, nullptr, 0, padded_x, 2, 1, operand_x, 0, nullptr, 0, t_x, 0},
      {u, scale_u, nullptr, 0, padded_h, 1, 1, operand_h, 0, nullptr, 0, t_x, 0}};
  for (uint32_t unit = 0; unit < shape.units; unit += shape.block_units, products.next()) {
    const uint32_t left = shape.units - unit;
    const uint32_t units = left < shape.block_units ? left : shape.block_units;
    products.of_w.rows = products.of_u.rows = units * shape.gates;
    block(unit, units, products);
  }
}

template <bool wide>
void step_lstm(const Layer& layer) noexcept {
  each_block<wide>(layer, [](uint32_t unit, uint32_t units, Products& products) {
    products.of_w.from = bias + unit * rondo::k_lstm_gates;
    products.of_u.from = t_x;
    multiply<wide>(products.of_w);
    multiply<wide>(products.of_u);
    k_set.lstm_s8({t_x, units, main_state + unit, h8<wide>(unit), h16<wide>(unit)});
  });
}

// The biases of a block: (r, z, n of the input, n of h).
template <bool wide>
void step_gru(const Layer& layer) noexcept {
  each_block<wide>(layer, [](uint32_t unit, uint32_t units, Products& products) {
    const int32_t* const biases = bias + unit * (rondo::k_gru_gates + 1);
    memset(t_h, 0, 2 * units * sizeof t_h[0]);
    memcpy(t_h + 2 * units, biases + rondo::k_gru_gates * units, units * sizeof t_h[0]);
    products.of_w.from = biases;
    products.of_u.from = products.of_u.t = t_h;
    multiply<wide>(products.of_w);
    multiply<wide>(products.of_u);
    k_set.gru_s8({t_x, t_h, units, main_state + unit, h8<wide>(unit), h16<wide>(unit)});
  });
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
  for (int8_t& weight : weights) weight = static_cast<int8_t>(noise.next() % 255 - 127);
  for (uint32_t r = 0; r < k_most_rows; ++r) {
    scale_w[r] = scale_u[r] = static_cast<int32_t>(noise.next() | 1);
    bias[r] = static_cast<int32_t>(noise.next() >> 10);
  }
  for (int16_t& value : x) value = static_cast<int16_t>(noise.next());
  memset(h, 0, sizeof h);
  memset(main_state, 0, sizeof main_state);
}

void report(const char* cell, const Layer& layer, uint32_t gates_of_bias,
            uint32_t instructions) noexcept {
  const rondo::Shape shape = layer.shape();
  const uint32_t row_bytes = shape.padded(layer.inputs) + shape.padded(layer.units) +
                             sizeof scale_w[0] + sizeof scale_u[0];
  const uint32_t bytes = shape.rows() * row_bytes + shape.units * gates_of_bias * sizeof bias[0];
  print(RONDO_CORE, " ", cell, " ", layer.inputs, "x", layer.units, " ");
  print(instructions, " ", bytes, "\n");
}

using Step = void (*)(const Layer&) noexcept;

// Twice, and the second is reported: a step is to cost the same whatever the state.
bool measure(const rondo::firmware::InstructionCounter& counter, const char* cell, Step step,
             const Layer& layer, uint32_t gates_of_bias) noexcept {
  if (layer.inputs > k_most_inputs || layer.units > k_most_units) return true;
  fill();
  const uint32_t first = counter.count([&] { step(layer); });
  const uint32_t second = counter.count([&] { step(layer); });
  report(cell, layer, gates_of_bias, second);
  return first == second;
}

}  // namespace

int main() {
  constexpr uint32_t k_shapes[][2] = {{1, 20}, {32, 32}, {64, 64}, {57, 128}};
  const rondo::firmware::InstructionCounter counter;
  print("compiler " RONDO_COMPILER "\n");
  bool constant = true;
  for (const uint32_t(&shape)[2] : k_shapes) {
    const Layer lstm = {shape[0], shape[1], rondo::k_lstm_gates};
    const Layer gru = {shape[0], shape[1], rondo::k_gru_gates};
    constant &= measure(counter, "lstm_a8", step_lstm<false>, lstm, rondo::k_lstm_gates);
    constant &= measure(counter, "lstm_a16", step_lstm<true>, lstm, rondo::k_lstm_gates);
    constant &= measure(counter, "gru_a8", step_gru<false>, gru, rondo::k_gru_gates + 1);
    constant &= measure(counter, "gru_a16", step_gru<true>, gru, rondo::k_gru_gates + 1);
  }
  if (!constant) print("a step took another number of instructions the second time\n");
  return constant ? 0 : 1;
}
