// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Chains of layers of any kind for the tests of dense, pool and skip: random content, a second and
// plain implementation of it, and memory to run it in. The plain one goes layer by layer through
// the whole sequence and knows no blocks, packing, arena or kernels.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include <rondo/rondo.hpp>

#include "formats/image.hpp"
#include "formats/loaded_image.hpp"
#include "random_model.hpp"  // k_every_packing

namespace rondo::test {

struct LayerSpec {
  Kind kind;
  Format output;
  std::uint32_t outputs;
  std::uint8_t mode = 0;
  Format recurrent = Format::token;
  Direction direction = Direction::only;
};

struct ChainSpec {
  std::string name;
  Format input;
  std::uint32_t inputs;
  std::vector<LayerSpec> layers;
  std::uint32_t max_steps = 0;
};

constexpr std::uint8_t mode_of(Activation activation) {
  return static_cast<std::uint8_t>(activation);
}
constexpr std::uint8_t mode_of(Pool pool) {
  return static_cast<std::uint8_t>(pool);
}

tool::ImageContent random_chain(const ChainSpec& spec, Type type, std::uint64_t seed);

// A sequence of tokens or vectors; both empty where a step has no input.
template <class T>
struct Steps {
  std::vector<std::uint32_t> tokens;
  std::vector<std::vector<T>> x;
};

// The scores after each step.
std::vector<std::vector<std::int32_t>> plain_s8(const tool::ImageContent& content,
                                                const Steps<std::int32_t>& steps);
std::vector<std::vector<double>> plain_f32(const tool::ImageContent& content,
                                           const Steps<double>& steps);

// Every kernel set of this machine.
std::vector<Isa> isas();

// Model and Stream in an arena and a scratch of exactly the sizes asked for, guards behind both.
struct Rig {
  tool::AlignedBytes image;
  tool::AlignedBytes memory;
  tool::AlignedBytes scratch;
  Arena arena;
  Model model;
  Stream stream;
  explicit Rig(const tool::ImageContent& content, Packing packing = Packing::host,
               Isa isa = Isa::scalar);
  explicit Rig(tool::AlignedBytes image, Isa isa = Isa::scalar);
  ~Rig();
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  std::vector<std::uint8_t> save() const;
};

}  // namespace rondo::test
