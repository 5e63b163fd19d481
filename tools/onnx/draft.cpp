// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See draft.hpp. Numbers of fields and types are those of onnx.proto.
#include "onnx/draft.hpp"

#include <bit>

#include "onnx/graph.hpp"

namespace rondo::tool {
namespace {

static_assert(std::endian::native == std::endian::little, "raw_data is little-endian");

// Version 14 of the operators came with version 7 of the file format.
constexpr std::int64_t k_opset = 14;
constexpr std::int64_t k_ir_version = 7;

// AttributeProto.type.
enum class AttributeType : std::uint8_t {
  integer = 2,
  text = 3,
  reals = 6,
  integers = 7,
  texts = 8
};

WireWriter attribute(const std::string& name, AttributeType type) {
  WireWriter message;
  message.text(1, name);
  message.integer(20, static_cast<std::int64_t>(type));
  return message;
}

template <class T>
WireWriter tensor(const std::string& name, ElementType type, const std::vector<std::int64_t>& dims,
                  const std::vector<T>& values) {
  WireWriter message;
  for (const std::int64_t dim : dims) message.integer(1, dim);
  message.integer(2, static_cast<std::int64_t>(type));
  message.text(8, name);
  message.bytes(9,
                {reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(T)});
  return message;
}

// ValueInfoProto: sizes that are words are open.
struct Size {
  std::string word;
  std::int64_t number;
};

WireWriter value_info(const std::string& name, ElementType type, const std::vector<Size>& sizes) {
  WireWriter shape, tensor_type, type_message, value;
  for (const Size& size : sizes) {
    WireWriter dimension;
    if (size.word.empty()) {
      dimension.integer(1, size.number);
    } else {
      dimension.text(2, size.word);
    }
    shape.message(1, dimension);
  }
  tensor_type.integer(1, static_cast<std::int64_t>(type));
  tensor_type.message(2, shape);
  type_message.message(1, tensor_type);
  value.text(1, name);
  value.message(2, type_message);
  return value;
}

void add_attributes(const OnnxAttributes& attributes, WireWriter& node) {
  for (const auto& [name, value] : attributes.integers) {
    WireWriter message = attribute(name, AttributeType::integer);
    message.integer(3, value);
    node.message(5, message);
  }
  for (const auto& [name, values] : attributes.lists) {
    WireWriter message = attribute(name, AttributeType::integers);
    for (const std::int64_t value : values) message.integer(8, value);
    node.message(5, message);
  }
  if (!attributes.direction.empty()) {
    WireWriter message = attribute("direction", AttributeType::text);
    message.text(4, attributes.direction);
    node.message(5, message);
  }
  if (!attributes.activations.empty()) {
    WireWriter message = attribute("activations", AttributeType::texts);
    for (const std::string& name : attributes.activations) message.text(9, name);
    node.message(5, message);
  }
  if (!attributes.affine) return;
  WireWriter alpha = attribute("activation_alpha", AttributeType::reals);
  WireWriter beta = attribute("activation_beta", AttributeType::reals);
  for (std::size_t i = 0; i < attributes.activations.size(); ++i) {
    alpha.real(7, 1);
    beta.real(7, 0);
  }
  node.message(5, alpha);
  node.message(5, beta);
}

}  // namespace

// "W", "W_2", "W_3", ...
std::string OnnxDraft::fresh(const std::string& name) {
  const int count = ++used_[name];
  return count == 1 ? name : name + "_" + std::to_string(count);
}

std::string OnnxDraft::floats(const std::string& name, const std::vector<std::int64_t>& dims,
                              const std::vector<float>& values) {
  std::string own = fresh(name);
  initializers_.message(5, tensor(own, ElementType::f32, dims, values));
  return own;
}

std::string OnnxDraft::integers(const std::string& name, const std::vector<std::int64_t>& values) {
  std::string own = fresh(name);
  const auto size = static_cast<std::int64_t>(values.size());
  initializers_.message(5, tensor(own, ElementType::s64, {size}, values));
  return own;
}

std::string OnnxDraft::integer(const std::string& name, std::int64_t value) {
  std::string own = fresh(name);
  initializers_.message(5, tensor(own, ElementType::s64, {}, std::vector<std::int64_t>{value}));
  return own;
}

std::string OnnxDraft::node(const std::string& op, const std::vector<std::string>& inputs,
                            const OnnxAttributes& attributes) {
  std::string own = fresh(op);
  WireWriter message;
  for (const std::string& name : inputs) message.text(1, name);
  message.text(2, own);
  message.text(3, own);
  message.text(4, op);
  add_attributes(attributes, message);
  nodes_.message(1, message);
  return own;
}

void OnnxDraft::input(const std::string& name, bool tokens, std::int64_t features) {
  std::vector<Size> sizes = {{"time", 0}, {"batch", 0}};
  if (features != 0) sizes.push_back({"", features});
  const ElementType type = tokens ? ElementType::s64 : ElementType::f32;
  ends_.message(11, value_info(name, type, sizes));
}

void OnnxDraft::output(const std::string& name, const std::string& value, bool time,
                       std::int64_t features) {
  WireWriter message;
  message.text(1, value);
  message.text(2, name);
  message.text(3, name);
  message.text(4, "Identity");
  nodes_.message(1, message);
  std::vector<Size> sizes = {{"batch", 0}, {"", features}};
  if (time) sizes.insert(sizes.begin(), {"time", 0});
  ends_.message(12, value_info(name, ElementType::f32, sizes));
}

void OnnxDraft::metadata(const std::string& key, const std::string& value) {
  WireWriter entry;
  entry.text(1, key);
  entry.text(2, value);
  metadata_.message(14, entry);
}

std::vector<std::uint8_t> OnnxDraft::file(const std::string& graph_name) const {
  WireWriter name, graph, operators, model;
  operators.text(1, "");
  operators.integer(2, k_opset);
  name.text(2, graph_name);
  graph.append(nodes_);
  graph.append(name);
  graph.append(initializers_);
  graph.append(ends_);
  model.integer(1, k_ir_version);
  model.text(2, "rondo");
  model.message(7, graph);
  model.message(8, operators);
  model.append(metadata_);
  return model.data();
}

}  // namespace rondo::tool
