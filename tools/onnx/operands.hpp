// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What goes along the edges of a graph while it is traced: constants, and the flow, which is all
// that depends on the model's input; and a node with its operands at hand. Used by the parts of the
// tracer (constants.hpp, axes.hpp, layers.hpp, recurrent.hpp).
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "onnx/graph.hpp"

namespace rondo::tool {

// What an axis of the flow counts. An axis of the model's input has its number, 0, 1, ...; which of
// them is time, the first recurrent node tells.
inline constexpr int k_feature_axis = -1;
inline constexpr int k_direction_axis = -2;  // the two halves of a bidirectional layer
inline constexpr int k_one_axis = -3;        // of size 1, put in by Unsqueeze and its like
inline constexpr int k_merged_axis = -4;     // time and batch made one by Reshape, in some order
inline constexpr int k_no_axis = -5;

struct Axis {
  int id = k_one_axis;
  std::int64_t size = 1;  // or k_unknown
};

enum class Half : std::uint8_t { both, forward, backward };

// The outputs of the layers so far, and how they lie.
struct Flow {
  std::size_t layers = 0;  // how many of the chain it has gone through
  std::size_t edits = 0;   // how often one of those had been changed: Chain::edits
  std::vector<Axis> axes;
  Axis merged[2];          // what k_merged_axis is made of
  bool tokens = false;     // the model's input as whole numbers
  bool one_hot = false;    // the same as one-hot vectors
  Half half = Half::both;  // one of a bidirectional layer
  std::string end;         // the operator that made probabilities or answers of the scores
};

// One of the four.
struct Value {
  ConstantPointer constant;
  std::optional<Flow> flow;
  bool outside = false;  // made of a second input of the model: a state that the caller keeps
  std::string lost;      // why nothing can be made of it

  Value() = default;
  explicit Value(Flow of) : flow(std::move(of)) {}
  explicit Value(Constant of) : constant(std::make_shared<const Constant>(std::move(of))) {}
};

class NodeView {
 public:
  // Values of inputs that are left out are nullptr.
  NodeView(const OnnxNode& of, const OnnxGraph& graph, const std::string& place,
           std::vector<const Value*> inputs)
      : node(of), graph_(graph), place_(place), inputs_(std::move(inputs)) {}

  const OnnxNode& node;
  std::int64_t opset() const { return graph_.opset; }
  std::size_t inputs() const { return inputs_.size(); }

  // An Error that names the file and the node.
  [[noreturn]] void refuse(const std::string& problem, const std::string& hint = {}) const;

  const Value* input(std::size_t i) const { return i < inputs_.size() ? inputs_[i] : nullptr; }
  const Flow* flow(std::size_t i) const;
  // The constant there, or refused: missing, not constant, without numbers.
  const Constant& constant(std::size_t i, const std::string& name) const;
  const Constant& real(std::size_t i, const std::string& name) const;
  // A list of integers, or one, whose values are all known.
  std::vector<std::int64_t> integers(std::size_t i, const std::string& name) const;
  const std::string& name_of_input(std::size_t i) const { return node.inputs[i]; }

  const OnnxAttribute* attribute(const std::string& name) const;
  std::int64_t integer(const std::string& name, std::int64_t fallback) const;
  float real(const std::string& name, float fallback) const;
  // The axes of Squeeze, Unsqueeze and others: an attribute once, the second input today.
  std::optional<std::vector<std::int64_t>> axes(std::size_t input) const;
  // An axis in 0 .. rank - 1; negative ones count from the end.
  std::size_t axis(std::int64_t axis, std::size_t rank) const;

 private:
  const OnnxGraph& graph_;
  const std::string& place_;
  std::vector<const Value*> inputs_;
};

// A name out of a file as people may see it: what is not printable ASCII becomes '?', and the rest
// of a long one is left out.
std::string shown(const std::string& name);

// One axis of a Slice as the node has it: not yet cut to the size of the axis.
struct Cut {
  std::size_t axis;
  std::int64_t start, end, step;
};
std::vector<Cut> cuts_of(const NodeView& view, std::size_t rank);

// The sizes of the parts of a Split.
std::vector<std::int64_t> parts_of(const NodeView& view, std::int64_t size);

}  // namespace rondo::tool
