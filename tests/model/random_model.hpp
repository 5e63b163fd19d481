// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Random models of any shape for the tests of load and Stream, and memory to run them in. The last
// layer is always a linear one; the other layers without a state are not made here.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <rondo/rondo.hpp>

#include "formats/image.hpp"
#include "formats/loaded_image.hpp"

namespace rondo::test {

// How the recurrent layers are. Where a list is shorter than `hidden`, its last element counts for
// the remaining layers.
struct LayerShapes {
  std::vector<Kind> kinds = {Kind::lstm};
  std::vector<bool> bidirectional = {false};
  std::uint32_t max_steps = 0;               // to be set where a layer is bidirectional
  Activation activation = Activation::tanh;  // of rnn
  bool initial = false;                      // states to start from that are not 0
  Format recurrent = Format::s8;             // int8: what u reads,
  Format between = Format::s8;               // what the next recurrent layer reads,
  Format head = Format::s16;                 // and the linear one
};

// Five fields make a stack of LSTMs as the quantizer writes them; a sixth says what is different:
//   {Type::s8, Format::s16, 3, {20, 33}, 5, {.kinds = {Kind::gru}, .recurrent = Format::s16}}
struct ModelShape {
  Type type;
  Format input;
  std::uint32_t inputs;
  std::vector<std::uint32_t> hidden;  // units of each recurrent layer
  std::uint32_t outputs;
  LayerShapes more = {};
};
std::string text_of(const ModelShape& shape);

using tool::AlignedBytes;

// int8: weights of all values; pre-activations of some units, so that gates are open, closed and
// between. f32: recurrent weights that let differences fade, so that errors do not pile up.
tool::ImageContent random_model(const ModelShape& shape, std::uint64_t seed);

// The packings of this build: hosts run all of them.
#ifdef RONDO_FIXED_ISA
constexpr Packing k_every_packing[] = {Packing::cortex_m};
#else
constexpr Packing k_every_packing[] = {Packing::host, Packing::cortex_m, Packing::helium};
#endif

// Model and Stream in an arena of exactly the size asked for, which was full of NaN and -1 before.
struct Runner {
  AlignedBytes image;
  AlignedBytes memory;
  Arena arena;
  Model model;
  Stream stream;
  explicit Runner(const tool::ImageContent& content, Packing packing = k_every_packing[0],
                  Isa isa = isa_best(), CellList cells = all_cells());
};

// The kernel sets that this CPU can run.
std::vector<Isa> available_sets();

}  // namespace rondo::test
