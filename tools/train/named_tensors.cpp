// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See named_tensors.hpp.
#include "train/named_tensors.hpp"

#include <algorithm>
#include <utility>

namespace rondo::tool {
namespace {

std::vector<std::size_t> shape_of(const Parameter& parameter) {
  if (parameter.bias) return {parameter.outputs};
  return {parameter.outputs, parameter.inputs};
}

}  // namespace

std::vector<Tensor> tensors_of(const Network& net, const float* block, const std::string& prefix) {
  std::vector<Tensor> tensors;
  for (const Parameter& p : parameters_of(net.shape, net.layout)) {
    std::vector<float> values;
    values.reserve(p.outputs * p.inputs);
    for (std::size_t out = 0; out < p.outputs; ++out) {
      for (std::size_t in = 0; in < p.inputs; ++in) values.push_back(block[p.place(out, in)]);
    }
    tensors.push_back({prefix + p.name, shape_of(p), std::move(values)});
  }
  return tensors;
}

void block_from(const Network& net, const TensorFile& file, const std::string& place, float* block,
                const std::string& prefix) {
  std::fill_n(block, net.layout.size, 0.0F);
  for (const Parameter& p : parameters_of(net.shape, net.layout)) {
    const Tensor& tensor = find_tensor(file, prefix + p.name, place);
    const std::vector<float>& values = floats_of(tensor, shape_of(p), place);
    require_finite(tensor, place);
    const float* value = values.data();
    for (std::size_t out = 0; out < p.outputs; ++out) {
      for (std::size_t in = 0; in < p.inputs; ++in) block[p.place(out, in)] = *value++;
    }
  }
}

}  // namespace rondo::tool
