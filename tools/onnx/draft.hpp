// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// An ONNX file while it grows: initializers, nodes, input and output as messages. It knows nothing
// of networks; export_onnx.cpp does.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "onnx/wire.hpp"

namespace rondo::tool {

struct OnnxAttributes {
  OnnxAttributes() = default;
  OnnxAttributes(std::initializer_list<std::pair<const std::string, std::int64_t>> list)
      : integers(list) {}

  std::map<std::string, std::int64_t> integers;
  std::map<std::string, std::vector<std::int64_t>> lists;
  std::string direction;                 // of recurrent nodes
  std::vector<std::string> activations;  // the same
  bool affine = false;                   // the activation is x * 1 + 0
};

class OnnxDraft {
 public:
  // Initializers; each gives the name under which nodes read it, made from `name`.
  std::string floats(const std::string& name, const std::vector<std::int64_t>& dims,
                     const std::vector<float>& values);
  std::string integers(const std::string& name, const std::vector<std::int64_t>& values);
  std::string integer(const std::string& name, std::int64_t value);

  // Adds a node, "" among its inputs for one that is left out; the name of its output.
  std::string node(const std::string& op, const std::vector<std::string>& inputs,
                   const OnnxAttributes& attributes = {});

  // (time, batch), and features where those are not 0.
  void input(const std::string& name, bool tokens, std::int64_t features);
  // `value` under the name `name`: (time, batch, features), or without time.
  void output(const std::string& name, const std::string& value, bool time, std::int64_t features);
  void metadata(const std::string& key, const std::string& value);

  // The whole file.
  std::vector<std::uint8_t> file(const std::string& graph_name) const;

 private:
  std::string fresh(const std::string& name);

  WireWriter nodes_, initializers_, ends_, metadata_;
  std::map<std::string, int> used_;
};

}  // namespace rondo::tool
