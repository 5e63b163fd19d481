// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// An .onnx file as plain structs: nodes, initializers, inputs and outputs of its main graph.
// read_onnx_graph reads the bytes and checks sizes; what the nodes mean is trace.hpp's affair.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "onnx/wire.hpp"

namespace rondo::tool {

inline constexpr std::int64_t k_unknown = -1;  // a size that is known at run time only

// An integer of a constant. Shape makes integers that stand for the size of an axis of the model's
// input, whether that size is known or not.
struct Whole {
  std::int64_t value = 0;  // k_unknown where axis >= 0 and the size is not given
  int axis = -1;
};

// A tensor that does not depend on the model's input.
struct Constant {
  std::vector<std::int64_t> dims;
  bool real = true;
  std::vector<float> reals;   // float, double and the two halves
  std::vector<Whole> wholes;  // integers and bool
  std::string unreadable;     // why it has no numbers: another element type, data elsewhere

  std::size_t size() const { return real ? reals.size() : wholes.size(); }
};
using ConstantPointer = std::shared_ptr<const Constant>;

struct OnnxAttribute {
  float real = 0;
  std::int64_t integer = 0;
  std::string text;
  std::vector<float> reals;
  std::vector<std::int64_t> integers;
  std::vector<std::string> texts;
  ConstantPointer tensor;
};

struct OnnxNode {
  std::string name, op, domain;
  std::vector<std::string> inputs, outputs;  // "" where an optional one is left out
  std::map<std::string, OnnxAttribute> attributes;
};

struct OnnxValue {
  std::string name;
  std::int64_t type = 0;           // an ElementType
  std::vector<std::int64_t> dims;  // k_unknown where symbolic
};

struct OnnxGraph {
  std::int64_t opset = 0;
  std::string producer;
  std::vector<OnnxNode> nodes;
  std::map<std::string, ConstantPointer> constants;
  std::map<std::string, std::string> metadata;
  std::vector<OnnxValue> inputs, outputs;  // inputs without those that are constants too
};

// Of onnx.proto; others are refused where they are used.
enum class ElementType : std::uint8_t {
  f32 = 1,
  u8 = 2,
  s8 = 3,
  u16 = 4,
  s16 = 5,
  s32 = 6,
  s64 = 7,
  boolean = 9,
  f16 = 10,
  f64 = 11,
  u32 = 12,
  u64 = 13,
  bf16 = 16,
};
bool is_real(std::int64_t element_type);

// Throws Error naming `place` where the bytes are damaged or hold no graph.
OnnxGraph read_onnx_graph(Bytes file, const std::string& place);

// The product of the dimensions; nothing where one is negative or the product passes `most`.
std::optional<std::size_t> elements_of(const std::vector<std::int64_t>& dims, std::size_t most);

}  // namespace rondo::tool
