// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 dense layer, anywhere in the chain: y = f(W x + b). Of tokens it is an embedding. As the
// last layer it gives scores.
#include <rondo/numeric.hpp>

#include "cell/check.hpp"
#include "cell/gates_s8.hpp"

namespace rondo::cell {
namespace {

// Scratch: operands of the steps that go together | t int32[those steps][rows of a block].
struct Scratch {
  size_t x_stride, t_stride;
  uint32_t t, bytes;

  Scratch(const LayerRecord& record, Packing packing, size_t align) noexcept {
    const uint32_t batch = steps_at_once(packing);
    const uint32_t padded = padded_s8(packing, record.inputs);
    x_stride = round_up(kernel::operand_bytes(packing, padded), align);
    t_stride = round_up(size_t{4} * block_rows(packing), align);
    t = record.input == Format::token ? 0 : static_cast<uint32_t>(batch * x_stride);
    bytes = t + static_cast<uint32_t>(batch * t_stride);
  }
};

LayerBytes bytes(const LayerRecord& record, Packing packing, size_t align) noexcept {
  return {0, Scratch(record, packing, align).bytes};
}

// The bits of one output. load has proved that t leaves room for the rounding.
int32_t activated(Activation f, Format output, int32_t t) noexcept {
  if (f == Activation::tanh || f == Activation::sigmoid) {
    const int16_t gate = f == Activation::tanh ? tanh_gate(t) : sigmoid_gate(t);
    return output == Format::s16 ? gate : output == Format::s8 ? narrow_s8(gate) : gate * 2;
  }
  if (f == Activation::relu && t < 0) t = 0;
  if (output == Format::s32) return t;
  const int32_t steps = rshr(t, k_dense_bits);
  return output == Format::s16 ? sat16(steps) : sat8(steps);
}

// One block of one step. y: the whole vector.
void put_block(const LayerArgs& args, const Block& block, const int32_t* t, uint8_t* y) noexcept {
  const Activation f = static_cast<Activation>(args.record->mode);
  const Format output = args.record->output;
  y += size_t{block.unit} * size_of(output);
  int8_t* const y8 = output == Format::s8 ? in<int8_t>(y) : nullptr;
  int16_t* const y16 = output == Format::s16 ? in<int16_t>(y) : nullptr;
  if (f == Activation::tanh && output != Format::s32) {
    kernels_s8(args).tanh_s8({t, block.units, y8, y16});
    return;
  }
  for (uint32_t k = 0; k < block.units; ++k) {
    const int32_t value = activated(f, output, t[k]);
    if (y8 != nullptr) {
      y8[k] = static_cast<int8_t>(value);
    } else if (y16 != nullptr) {
      y16[k] = static_cast<int16_t>(value);
    } else {
      in<int32_t>(y)[k] = value;
    }
  }
}

bool has_product(const LayerArgs& args) noexcept {
  return args.record->input != Format::token && args.x != nullptr;
}

// t of a step, where its input is a token or nothing.
const int32_t* column_of(const LayerArgs& args, const GatesS8& rows, const Block& block,
                         uint32_t step, int32_t* t) noexcept {
  const bool has_token = args.record->input == Format::token && args.tokens != nullptr;
  if (!has_token || args.tokens[step] >= args.record->inputs) return bias_of(args, rows, block);
  add_token_s8(args, rows, block, args.tokens[step], t);
  return t;
}

// One block of the steps first .. first + count - 1, whose operands are prepared. Not inlined:
// frames stay small.
[[gnu::noinline]] void run_block(const LayerArgs& args, const GatesS8& rows, const Block& block,
                                 uint32_t first, uint32_t count) noexcept {
  const Scratch scratch(*args.record, args.packing, k_arena_align);
  int32_t* const t = in<int32_t>(args.scratch, scratch.t);
  const bool product = has_product(args);
  if (product) {
    add_inputs_s8(args, rows, block, {args.scratch, scratch.x_stride, count},
                  {bias_of(args, rows, block), 0, t, scratch.t_stride});
  }
  for (uint32_t s = 0; s < count; ++s) {
    const int32_t* const t_s =
        product ? vector_at<int32_t>(static_cast<const void*>(t), scratch.t_stride, s)
                : column_of(args, rows, block, first + s, t);
    put_block(args, block, t_s, vector_at<uint8_t>(args.y, args.y_stride, first + s));
  }
}

// Steps first .. first + count - 1, which fit into the scratch.
void run_group(const LayerArgs& args, const GatesS8& rows, uint32_t first,
               uint32_t count) noexcept {
  if (has_product(args)) {
    const size_t stride = Scratch(*args.record, args.packing, k_arena_align).x_stride;
    prepare_inputs_s8(args, rows.shape.padded(args.record->inputs), first, count, stride);
  }
  for (uint32_t unit = 0; unit < rows.shape.units; unit += rows.shape.block_units) {
    run_block(args, rows, block_at(rows.shape, unit), first, count);
  }
}

void run(const LayerArgs& args) noexcept {
  const GatesS8 rows = gates_s8(*args.record, args.packing);
  const uint32_t most = steps_at_once(args.packing);
  for (uint32_t first = 0; first < steps_of(args); first += most) {
    const uint32_t left = steps_of(args) - first;
    run_group(args, rows, first, left < most ? left : most);
  }
}

}  // namespace

const Cell rondo_dense_s8 = {Kind::dense, Type::s8, layer_s8_check, bytes,
                             run,         nullptr,  nullptr,        nullptr};

}  // namespace rondo::cell
