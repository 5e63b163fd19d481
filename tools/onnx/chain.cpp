// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See chain.hpp: dense layers, embeddings, activations and what scales and shifts.
#include "onnx/chain.hpp"

#include <algorithm>
#include <cmath>

namespace rondo::tool {
namespace {

// An activation behind a recurrent layer costs a square matrix; beyond this it is not worth it.
constexpr std::size_t k_most_identity = 4096;

std::vector<float> transposed(const std::vector<float>& w, std::size_t rows, std::size_t columns) {
  std::vector<float> t(w.size());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) t[c * rows + r] = w[r * columns + c];
  }
  return t;
}

// A number for each of n features; all axes but the last must be 1.
std::vector<float> per_feature(const NodeView& view, const Constant& c, std::size_t n) {
  if (c.reals.size() == 1) return std::vector<float>(n, c.reals[0]);
  if (c.reals.size() != n || c.dims.empty() || c.dims.back() != static_cast<std::int64_t>(n)) {
    view.refuse("its constant has " + std::to_string(c.reals.size()) +
                " elements, expected one for each of " + std::to_string(n) + " features");
  }
  return c.reals;
}

Activation activation_of(const std::string& op) {
  return op == "Relu" ? Activation::relu : op == "Tanh" ? Activation::tanh : Activation::sigmoid;
}

}  // namespace

std::size_t features_of(const NodeView& view, const Flow& flow, const Roles& roles) {
  if (flow.axes.empty()) view.refuse("its operand has no features");
  const Axis& a = flow.axes.back();
  std::size_t others = 0, inputs = 0;  // features and directions elsewhere; axes of the input
  for (std::size_t i = 0; i + 1 < flow.axes.size(); ++i) {
    const int id = flow.axes[i].id;
    others += id == k_feature_axis || id == k_direction_axis ? 1 : 0;
    inputs += id >= 0 ? 1 : 0;
  }
  // A model of one feature may have its axis put in by Unsqueeze.
  const bool own =
      a.id >= 0 ? a.id != roles.time && a.id != roles.batch : a.id == k_one_axis && inputs <= 2;
  const bool first = flow.layers == 0 && own;
  const bool features = others == 0 && (a.id == k_feature_axis || first);
  if (!features || a.size == k_unknown || flow.tokens) {
    view.refuse("the last axis of its operand is not the features",
                "export with a fixed number of features");
  }
  return static_cast<std::size_t>(a.size);
}

void Chain::require_top(const NodeView& view, const Flow& flow) const {
  if (!flow.end.empty()) {
    view.refuse("stands behind " + flow.end, "rondo's last layer gives the scores themselves");
  }
  if (flow.half != Half::both) {
    view.refuse("reads one direction of a bidirectional layer alone",
                "rondo hands both on, side by side");
  }
  if (flow.layers != links.size() || flow.edits != edits) {
    view.refuse("reads what stands " + std::to_string(links.size() - flow.layers) +
                    " layers below: the network branches",
                "rondo's layers follow one another in a chain");
  }
}

void Chain::add(const NodeView& view, const Flow& flow, ImageLayer layer, const std::string& text) {
  if (links.size() >= k_most_layers) view.refuse("is one layer more than rondo's 32");
  if (layer.outputs < 1 || layer.outputs > k_most_units || layer.inputs < 1 ||
      layer.inputs > k_most_inputs) {
    view.refuse("has " + std::to_string(layer.inputs) + " inputs and " +
                std::to_string(layer.outputs) +
                " outputs; rondo has layers of up to 65,536 and "
                "16,384");
  }
  for (const auto* const list : {&layer.w.f32, &layer.u.f32, &layer.bias_f32, &layer.initial_f32}) {
    for (const float v : *list) {
      if (!std::isfinite(v)) view.refuse("has a weight that is not a finite number");
    }
  }
  layer.type = Type::f32;
  layer.input = flow.one_hot || flow.tokens ? Format::token : Format::f32;
  layer.output = Format::f32;
  links.push_back({std::move(layer), flow.layers, false, text});
}

Flow Chain::dense(const NodeView& view, const Flow& flow, std::vector<float> w,
                  std::vector<float> bias) {
  require_top(view, flow);
  ImageLayer layer;
  layer.kind = Kind::dense;
  layer.inputs = static_cast<std::uint32_t>(w.size() / bias.size());
  layer.outputs = static_cast<std::uint32_t>(bias.size());
  layer.w.f32 = std::move(w);
  layer.bias_f32 = std::move(bias);
  Flow to = flow;
  const auto outputs = static_cast<std::int64_t>(layer.outputs);
  add(view, flow, std::move(layer), "dense");
  to.layers = links.size();
  to.axes.back() = {k_feature_axis, outputs};
  to.tokens = to.one_hot = false;
  return to;
}

Flow Chain::identity(const NodeView& view, const Flow& flow) {
  const std::size_t n = features_of(view, flow, roles);
  if (n > k_most_identity || n == 0) view.refuse("reads too many features");
  std::vector<float> w(n * n, 0.0F);
  for (std::size_t i = 0; i < n; ++i) w[i * n + i] = 1;
  Flow to = dense(view, flow, std::move(w), std::vector<float>(n, 0.0F));
  links.back().diagonal = true;
  return to;
}

Flow Chain::mat_mul(const NodeView& view) {
  const Flow* const flow = view.flow(0);
  if (flow == nullptr) {
    view.refuse("has the model's input on the right", "write it as input times weights");
  }
  const Constant& w = view.real(1, "matrix");
  const std::size_t inputs = features_of(view, *flow, roles);
  if (w.dims.size() != 2 || w.dims[0] != static_cast<std::int64_t>(inputs) || w.dims[1] < 1) {
    view.refuse("its matrix does not fit " + std::to_string(inputs) + " features");
  }
  const auto outputs = static_cast<std::size_t>(w.dims[1]);
  return dense(view, *flow, transposed(w.reals, inputs, outputs),
               std::vector<float>(outputs, 0.0F));
}

Flow Chain::gemm(const NodeView& view) {
  const Flow* const flow = view.flow(0);
  if (flow == nullptr || view.integer("transA", 0) != 0 || flow->axes.size() != 2) {
    view.refuse("expected a flow of (rows, features) as its first operand, not transposed");
  }
  const Constant& b = view.real(1, "matrix");
  const std::size_t inputs = features_of(view, *flow, roles);
  const bool transposed_b = view.integer("transB", 0) != 0;
  if (b.dims.size() != 2 || b.dims[transposed_b ? 1 : 0] != static_cast<std::int64_t>(inputs) ||
      b.dims[transposed_b ? 0 : 1] < 1) {
    view.refuse("its matrix does not fit " + std::to_string(inputs) + " features");
  }
  const auto outputs = static_cast<std::size_t>(b.dims[transposed_b ? 0 : 1]);
  std::vector<float> w = transposed_b ? b.reals : transposed(b.reals, inputs, outputs);
  for (float& v : w) v *= view.real("alpha", 1);
  std::vector<float> bias(outputs, 0.0F);
  if (view.input(2) != nullptr) {
    bias = per_feature(view, view.real(2, "bias"), outputs);
    for (float& v : bias) v *= view.real("beta", 1);
  }
  return dense(view, *flow, std::move(w), std::move(bias));
}

Flow Chain::embedding(const NodeView& view) {
  const Flow& flow = *view.flow(1);
  const Constant& table = view.real(0, "table");
  if (!flow.tokens || table.dims.size() != 2 || view.integer("axis", 0) != 0 ||
      table.reals.empty()) {
    view.refuse("expected a table of (tokens, features) and whole numbers as indices");
  }
  const auto rows = static_cast<std::size_t>(table.dims[0]);
  const auto columns = static_cast<std::size_t>(table.dims[1]);
  Flow wide = flow;
  wide.axes.push_back({k_feature_axis, table.dims[0]});
  bool unit = rows == columns;  // a table of one-hot rows is no layer
  for (std::size_t i = 0; unit && i < table.reals.size(); ++i) {
    unit = table.reals[i] == (i / columns == i % columns ? 1.0F : 0.0F);
  }
  if (unit) {
    require_top(view, flow);
    wide.tokens = false;
    wide.one_hot = true;
    return wide;
  }
  Flow to =
      dense(view, wide, transposed(table.reals, rows, columns), std::vector<float>(columns, 0.0F));
  links.back().text = "embedding";
  return to;
}

Flow Chain::one_hot(const NodeView& view) {
  const Flow* const flow = view.flow(0);
  if (flow == nullptr || !flow->tokens) view.refuse("expected the model's tokens as its indices");
  const Constant& depth = view.constant(1, "depth");
  const Constant& values = view.constant(2, "values");
  const auto value = [&](std::size_t i) {
    return values.real ? values.reals[i] : static_cast<float>(values.wholes[i].value);
  };
  if (values.size() != 2 || value(0) != 0 || value(1) != 1) view.refuse("its values are not 0, 1");
  if (depth.size() != 1) view.refuse("its depth is not one number");
  const std::int64_t n = depth.real
                             ? static_cast<std::int64_t>(std::clamp(depth.reals[0], 0.0F, 1e6F))
                             : depth.wholes[0].value;
  const std::int64_t axis = view.integer("axis", -1);
  if (axis != -1 && axis != static_cast<std::int64_t>(flow->axes.size())) {
    view.refuse("puts the one-hot axis elsewhere than last");
  }
  Flow to = *flow;
  to.tokens = false;
  to.one_hot = true;
  to.axes.push_back({k_feature_axis, n});
  return to;
}

Flow Chain::activation(const NodeView& view) {
  Flow flow = *view.flow(0);
  require_top(view, flow);
  const auto is_free = [&] {
    return !links.empty() && links.back().layer.kind == Kind::dense && links.back().layer.mode == 0;
  };
  if (!is_free()) {
    flow = identity(view, flow);
    notes.push_back("node \"" + shown(view.node.name) + "\" (" + shown(view.node.op) +
                    ") became a dense layer whose matrix is the identity");
  }
  flow.edits = ++edits;
  links.back().diagonal = false;
  links.back().layer.mode = static_cast<std::uint8_t>(activation_of(view.node.op));
  return flow;
}

Flow Chain::affine(const NodeView& view, Flow flow, const std::vector<float>& scale,
                   const std::vector<float>& shift) {
  require_top(view, flow);
  const bool merges =
      !links.empty() && links.back().layer.kind == Kind::dense && links.back().layer.mode == 0;
  if (!merges) flow = identity(view, flow);
  ImageLayer& layer = links.back().layer;
  if (layer.outputs != scale.size()) view.refuse("its operand is not the features of the layer");
  flow.edits = ++edits;
  for (std::size_t o = 0; o < layer.outputs; ++o) {
    for (std::size_t i = 0; i < layer.inputs; ++i) layer.w.f32[o * layer.inputs + i] *= scale[o];
    layer.bias_f32[o] = layer.bias_f32[o] * scale[o] + shift[o];
  }
  return flow;
}

Flow Chain::scale_shift(const NodeView& view) {
  const std::size_t side = view.flow(0) != nullptr ? 0 : 1;
  const Flow& flow = *view.flow(side);
  const std::size_t n = features_of(view, flow, roles);
  const std::vector<float> c = per_feature(view, view.real(1 - side, "constant"), n);
  const std::string& op = view.node.op;
  if (op == "Div" && side == 1) view.refuse("divides by what depends on the model's input");
  std::vector<float> scale(n, 1.0F), shift(n, 0.0F);
  for (std::size_t i = 0; i < n; ++i) {
    if (op == "Mul") scale[i] = c[i];
    if (op == "Div") scale[i] = 1 / c[i];
    if (op == "Add" || op == "Sub") shift[i] = op == "Sub" && side == 0 ? -c[i] : c[i];
    if (op == "Sub" && side == 1) scale[i] = -1;
    if (!std::isfinite(scale[i])) view.refuse("divides by zero");
  }
  return affine(view, flow, scale, shift);
}

// BatchNormalization as it is after training: (x - mean) / sqrt(variance + epsilon) * scale + B.
Flow Chain::normalization(const NodeView& view) {
  const Flow& flow = *view.flow(0);
  if (flow.axes.size() != 2) view.refuse("expected a flow of (rows, features)");
  const std::size_t n = features_of(view, flow, roles);
  std::vector<float> scale = per_feature(view, view.real(1, "scale"), n);
  std::vector<float> shift = per_feature(view, view.real(2, "B"), n);
  const std::vector<float> mean = per_feature(view, view.real(3, "mean"), n);
  const std::vector<float> variance = per_feature(view, view.real(4, "variance"), n);
  for (std::size_t i = 0; i < n; ++i) {
    scale[i] /= std::sqrt(variance[i] + view.real("epsilon", 1e-5F));
    shift[i] -= mean[i] * scale[i];
  }
  return affine(view, flow, scale, shift);
}

Flow Chain::pool(const NodeView& view) {
  Flow flow = *view.flow(0);
  const auto axes = view.axes(1);
  if (!axes || axes->size() != 1) view.refuse("expected the time axis alone in its axes");
  const std::size_t axis = view.axis((*axes)[0], flow.axes.size());
  if (flow.axes[axis].id != roles.time || roles.time == k_one_axis) {
    view.refuse("pools over another axis than time, or before the first recurrent layer");
  }
  require_top(view, flow);
  ImageLayer layer;
  layer.kind = Kind::pool;
  layer.mode = static_cast<std::uint8_t>(view.node.op == "ReduceMean" ? Pool::mean : Pool::max);
  Flow rest = flow;
  rest.axes.erase(rest.axes.begin() + static_cast<std::ptrdiff_t>(axis));
  layer.inputs = layer.outputs = static_cast<std::uint32_t>(features_of(view, rest, roles));
  add(view, flow, std::move(layer),
      view.node.op == "ReduceMean" ? "mean over time" : "max over time");
  flow.axes[axis] = {};
  if (view.integer("keepdims", 1) == 0) flow.axes = rest.axes;
  flow.layers = links.size();
  return flow;
}

Flow Chain::skip(const NodeView& view) {
  const bool second = view.flow(0)->layers == 0;
  const Flow &input = *view.flow(second ? 0 : 1), &flow = *view.flow(second ? 1 : 0);
  require_top(view, flow);
  const std::size_t n = features_of(view, flow, roles);
  bool same = input.layers == 0 && !input.tokens && !input.one_hot && view.node.op == "Add" &&
              input.axes.size() == flow.axes.size() && !flow.axes.empty();
  for (std::size_t i = 0; same && i + 1 < flow.axes.size(); ++i) {
    same = input.axes[i].id == flow.axes[i].id;
  }
  if (!same || input.axes.back().size != static_cast<std::int64_t>(n)) {
    view.refuse("joins two branches of the network",
                "of branches rondo has the model's input added to its scores, and no other");
  }
  ImageLayer layer;
  layer.kind = Kind::skip;
  layer.inputs = layer.outputs = static_cast<std::uint32_t>(n);
  layer.recurrent = Format::f32;
  add(view, flow, std::move(layer), "the model's input is added");
  Flow to = flow;
  to.layers = links.size();
  return to;
}

Flow Chain::join(const NodeView& view) {
  const Flow *const a = view.flow(0), *const b = view.flow(1);
  if (view.inputs() != 2 || a == nullptr || b == nullptr) {
    view.refuse("joins other things than the two directions of a layer");
  }
  Flow to = *a;
  const std::size_t axis = view.axis(view.integer("axis", 0), a->axes.size());
  bool halves = axis + 1 == a->axes.size() && b->axes.size() == a->axes.size();
  for (std::size_t i = 0; halves && i < axis; ++i) halves = a->axes[i].id == b->axes[i].id;
  // Two halves of one node, or two nodes that read the same, one of them in reverse.
  const bool one_node =
      a->half == Half::forward && b->half == Half::backward && a->layers == b->layers;
  if (halves && !one_node && links.size() >= 2) {
    Link &first = links[links.size() - 2], &second = links.back();
    const std::size_t n = links.size();
    if (a->layers == n && b->layers + 1 == n) std::swap(first, second);
    const auto reads = [&](const Flow& flow) { return flow.layers == n || flow.layers + 1 == n; };
    halves = a->layers != b->layers && reads(*a) && reads(*b) && first.reads == n - 2 &&
             second.reads == n - 2 && first.layer.kind == second.layer.kind &&
             first.layer.outputs == second.layer.outputs &&
             first.layer.direction == Direction::only &&
             second.layer.direction == Direction::backward;
    if (halves) first.layer.direction = Direction::forward;
  } else {
    halves = halves && one_node;
  }
  if (!halves) {
    view.refuse("joins other things than the outputs of a layer forward and backward",
                "rondo's layers follow one another in a chain");
  }
  to.layers = one_node ? a->layers : links.size();
  to.half = Half::both;
  to.axes.back().size *= 2;
  return to;
}

Flow Chain::finish(const NodeView& view) {
  Flow flow = *view.flow(0);
  require_top(view, flow);
  const std::size_t rank = flow.axes.size();
  const bool answer = view.node.op == "ArgMax";
  const std::int64_t fallback = answer ? 0 : view.opset() >= 13 ? -1 : 1;
  features_of(view, flow, roles);
  if (view.axis(view.integer("axis", fallback), rank) + 1 != rank) {
    view.refuse("goes over another axis than the scores");
  }
  flow.end = view.node.op;
  notes.push_back("node \"" + shown(view.node.name) + "\" (" + shown(view.node.op) +
                  ") is left out: rondo gives the scores before it, and predict their softmax");
  return flow;
}

}  // namespace rondo::tool
