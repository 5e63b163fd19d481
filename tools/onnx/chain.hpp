// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The chain of layers that grows while a graph is traced: nodes with weights become layers of
// ImageContent. Called by the tracer; recurrent nodes are added by recurrent.hpp.
#pragma once
#include <string>
#include <vector>

#include "formats/image.hpp"
#include "onnx/axes.hpp"

namespace rondo::tool {

struct Link {
  ImageLayer layer;
  std::size_t reads = 0;  // how many layers of the chain the flow had gone through before this one
  bool diagonal = false;  // a dense layer that only scales and shifts: may be folded into the next
  std::string text;       // for people
};

class Chain {
 public:
  Roles roles;
  std::vector<Link> links;
  std::vector<std::string> notes;

  // Bias, scale and activation go into the layer before them. Who read that layer as it was would
  // otherwise read it as it has become.
  std::size_t edits = 0;

  // The flow must be what the last layer gives, as a whole, and no answer yet.
  void require_top(const NodeView& view, const Flow& flow) const;

  // Nodes that add or change a layer; each gives the flow behind it.
  Flow mat_mul(const NodeView& view);
  Flow gemm(const NodeView& view);
  Flow embedding(const NodeView& view);    // Gather of a constant by the flow
  Flow one_hot(const NodeView& view);      // no layer: the next one reads tokens
  Flow activation(const NodeView& view);   // Relu, Tanh, Sigmoid
  Flow scale_shift(const NodeView& view);  // Add, Sub, Mul, Div with a constant
  Flow normalization(const NodeView& view);
  Flow pool(const NodeView& view);    // ReduceMean, ReduceMax over time
  Flow skip(const NodeView& view);    // Add of the model's input
  Flow join(const NodeView& view);    // Concat of two directions
  Flow finish(const NodeView& view);  // Softmax, LogSoftmax, ArgMax

  // Adds a layer, of which kind, sizes and weights are set; checks sizes and numbers.
  void add(const NodeView& view, const Flow& flow, ImageLayer layer, const std::string& text);

  // After the last node: folds, makes the last layer the head, fills in what the chain implies.
  ImageContent content(const Flow& flow, const std::string& place);

 private:
  Flow dense(const NodeView& view, const Flow& flow, std::vector<float> w, std::vector<float> bias);
  Flow identity(const NodeView& view, const Flow& flow);
  Flow affine(const NodeView& view, Flow flow, const std::vector<float>& scale,
              const std::vector<float>& shift);
  void fold_diagonals();
};

// The size of the features, which are the last axis; refused where another axis stands there.
std::size_t features_of(const NodeView& view, const Flow& flow, const Roles& roles);

}  // namespace rondo::tool
