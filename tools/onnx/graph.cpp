// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See graph.hpp. The numbers of fields are those of onnx.proto. Graphs inside attributes (If, Loop,
// Scan) are not opened, so that no depth of nesting costs anything.
#include "onnx/graph.hpp"

#include "base/error.hpp"
#include "onnx/tensor.hpp"

namespace rondo::tool {
namespace {

// The messages inside a message.
template <class Visit>
void each_field(Bytes message, const std::string& place, Visit visit) {
  WireReader reader(message, place);
  for (WireField field; reader.next(field);) visit(field);
}

OnnxAttribute read_attribute(Bytes message, const std::string& place, std::string& name) {
  OnnxAttribute attribute;
  each_field(message, place, [&](const WireField& field) {
    switch (field.number) {
      case 1:
        name = field.text();
        break;
      case 2:
        attribute.real = field.real();
        break;
      case 3:
        attribute.integer = field.integer();
        break;
      case 4:
        attribute.text = field.text();
        break;
      case 5:
        attribute.tensor = read_tensor(field.bytes, place).second;
        break;
      case 7:
        add_floats(field, place, attribute.reals);
        break;
      case 8:
        add_integers(field, place, attribute.integers);
        break;
      case 9:
        attribute.texts.push_back(field.text());
        break;
      default:
        break;
    }
  });
  return attribute;
}

OnnxNode read_node(Bytes message, const std::string& place) {
  OnnxNode node;
  each_field(message, place, [&](const WireField& field) {
    switch (field.number) {
      case 1:
        node.inputs.push_back(field.text());
        break;
      case 2:
        node.outputs.push_back(field.text());
        break;
      case 3:
        node.name = field.text();
        break;
      case 4:
        node.op = field.text();
        break;
      case 5: {
        std::string name;
        OnnxAttribute attribute = read_attribute(field.bytes, place, name);
        node.attributes[name] = std::move(attribute);
        break;
      }
      case 7:
        node.domain = field.text();
        break;
      default:
        break;
    }
  });
  return node;
}

std::vector<std::int64_t> read_shape(Bytes message, const std::string& place) {
  std::vector<std::int64_t> dims;
  each_field(message, place, [&](const WireField& dimension) {
    if (dimension.number != 1) return;
    std::int64_t size = k_unknown;
    each_field(dimension.bytes, place, [&](const WireField& field) {
      if (field.number == 1 && field.integer() > 0) size = field.integer();
    });
    dims.push_back(size);
  });
  return dims;
}

// ValueInfoProto: a name and a TypeProto, of which only the tensor's is looked at.
OnnxValue read_value(Bytes message, const std::string& place) {
  OnnxValue value;
  each_field(message, place, [&](const WireField& field) {
    if (field.number == 1) value.name = field.text();
    if (field.number != 2) return;
    each_field(field.bytes, place, [&](const WireField& type) {
      if (type.number != 1) return;
      each_field(type.bytes, place, [&](const WireField& part) {
        if (part.number == 1) value.type = part.integer();
        if (part.number == 2) value.dims = read_shape(part.bytes, place);
      });
    });
  });
  return value;
}

void read_graph(Bytes message, const std::string& place, OnnxGraph& graph) {
  std::vector<OnnxValue> inputs;
  each_field(message, place, [&](const WireField& field) {
    switch (field.number) {
      case 1:
        graph.nodes.push_back(read_node(field.bytes, place));
        break;
      case 5:
        graph.constants.insert(read_tensor(field.bytes, place));
        break;
      case 11:
        inputs.push_back(read_value(field.bytes, place));
        break;
      case 12:
        graph.outputs.push_back(read_value(field.bytes, place));
        break;
      default:
        break;
    }
  });
  // Files of the third version and before list initializers as inputs too.
  for (OnnxValue& input : inputs) {
    if (graph.constants.count(input.name) == 0) graph.inputs.push_back(std::move(input));
  }
}

void read_metadata(Bytes message, const std::string& place, OnnxGraph& graph) {
  std::string key, value;
  each_field(message, place, [&](const WireField& field) {
    if (field.number == 1) key = field.text();
    if (field.number == 2) value = field.text();
  });
  graph.metadata[key] = value;
}

}  // namespace

bool is_real(std::int64_t element_type) {
  return element_type == static_cast<int>(ElementType::f32) ||
         element_type == static_cast<int>(ElementType::f64) ||
         element_type == static_cast<int>(ElementType::f16) ||
         element_type == static_cast<int>(ElementType::bf16);
}

std::optional<std::size_t> elements_of(const std::vector<std::int64_t>& dims, std::size_t most) {
  std::size_t product = 1;
  bool none = false;
  for (const std::int64_t dim : dims) {
    if (dim < 0) return std::nullopt;
    if (dim == 0) {
      none = true;
      continue;
    }
    if (static_cast<std::uint64_t>(dim) > most / product) return std::nullopt;
    product *= static_cast<std::size_t>(dim);
  }
  return none ? 0 : product;
}

OnnxGraph read_onnx_graph(Bytes file, const std::string& place) {
  OnnxGraph graph;
  bool found = false;
  each_field(file, place, [&](const WireField& field) {
    if (field.number == 2) graph.producer = field.text();
    if (field.number == 7) {
      read_graph(field.bytes, place, graph);
      found = true;
    }
    if (field.number == 14) read_metadata(field.bytes, place, graph);
    if (field.number != 8) return;
    std::string domain;
    std::int64_t version = 0;
    each_field(field.bytes, place, [&](const WireField& part) {
      if (part.number == 1) domain = part.text();
      if (part.number == 2) version = part.integer();
    });
    if (domain.empty() || domain == "ai.onnx") graph.opset = version;
  });
  if (!found || graph.nodes.empty()) {
    throw Error(place, "holds no ONNX graph", "expected a file that torch.onnx.export wrote");
  }
  return graph;
}

}  // namespace rondo::tool
