// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See constants.hpp. What only moves elements about is in moves.hpp.
#include "onnx/constants.hpp"

#include <algorithm>

#include "onnx/moves.hpp"

namespace rondo::tool {
namespace {

// Both dims after numpy's rule. Sizes that are known at run time only count as 1: all that is
// spread along them is equal, and whoever uses it spreads it again.
Dims broadcast(const NodeView& view, const Dims& a, const Dims& b) {
  Dims dims(std::max(a.size(), b.size()), 1);
  for (std::size_t k = 0; k < dims.size(); ++k) {
    const std::int64_t x = k < a.size() ? a[a.size() - 1 - k] : 1;
    const std::int64_t y = k < b.size() ? b[b.size() - 1 - k] : 1;
    if (x != y && x != 1 && y != 1) view.refuse("its shapes do not fit together");
    dims[dims.size() - 1 - k] = x == 1 ? y : x;
  }
  return dims;
}

Constant arithmetic(const Maker& maker) {
  const NodeView& view = maker.view();
  const Constant &a = view.constant(0, "first operand"), &b = view.constant(1, "second operand");
  if (a.real != b.real) view.refuse("mixes floats and integers");
  const Dims dims = broadcast(view, a.dims, b.dims);
  Constant x = maker.spread(a, dims);
  const Constant y = maker.spread(b, dims);
  const char op = view.node.op[0] == 'S' ? '-' : view.node.op[0];
  for (std::size_t i = 0; i < x.reals.size(); ++i) {
    const float p = x.reals[i], q = y.reals[i];
    x.reals[i] = op == 'A' ? p + q : op == '-' ? p - q : op == 'M' ? p * q : p / q;
  }
  for (std::size_t i = 0; i < x.wholes.size(); ++i) {
    const Whole p = x.wholes[i], q = y.wholes[i];
    const std::int64_t limit = std::int64_t{1} << 31;  // of a size; products stay in 64 bits
    if (p.axis >= 0 || q.axis >= 0 || std::max(p.value, q.value) > limit ||
        std::min(p.value, q.value) < -limit || (op == 'D' && q.value == 0)) {
      view.refuse("reckons with sizes in a way that is not followed", "export with fixed sizes");
    }
    x.wholes[i].value = op == 'A'   ? p.value + q.value
                        : op == '-' ? p.value - q.value
                        : op == 'M' ? p.value * q.value
                                    : p.value / q.value;
  }
  return x;
}

Constant filled(const Maker& maker) {
  const NodeView& view = maker.view();
  Constant to;
  to.dims = dims_from(view, 0);
  const std::size_t size = maker.budget().spend(view, to.dims);
  const OnnxAttribute* const value = view.attribute("value");
  const Constant* const one = value == nullptr ? nullptr : value->tensor.get();
  if (one != nullptr && one->size() != 1) view.refuse("its value is not one number");
  to.real = one == nullptr || one->real;
  if (to.real) {
    to.reals.assign(size, one == nullptr ? 0.0F : one->reals[0]);
  } else {
    to.wholes.assign(size, one->wholes[0]);
  }
  return to;
}

// Constant: a tensor, or since version 12 a number or a list.
Constant given(const NodeView& view) {
  Constant to;
  if (const OnnxAttribute* const a = view.attribute("value"); a != nullptr && a->tensor) {
    return *a->tensor;
  }
  if (const OnnxAttribute* const a = view.attribute("value_float")) {
    to.reals = {a->real};
  } else if (const OnnxAttribute* const b = view.attribute("value_floats")) {
    to.reals = b->reals;
    to.dims = {static_cast<std::int64_t>(b->reals.size())};
  } else if (const OnnxAttribute* const c = view.attribute("value_int")) {
    to.real = false;
    to.wholes = {{c->integer}};
  } else if (const OnnxAttribute* const d = view.attribute("value_ints")) {
    to.real = false;
    for (const std::int64_t v : d->integers) to.wholes.push_back({v});
    to.dims = {static_cast<std::int64_t>(d->integers.size())};
  } else {
    to.unreadable = "it is a Constant of another kind than numbers";
  }
  return to;
}

Constant cast(const NodeView& view, const Constant& from) {
  const std::int64_t type = view.integer("to", 0);
  Constant to = from;
  to.real = is_real(type);
  if (to.real && !from.real) {
    for (const Whole& whole : from.wholes) {
      if (whole.axis >= 0) view.refuse("makes a float of a size");
      to.reals.push_back(static_cast<float>(whole.value));
    }
    to.wholes.clear();
  } else if (!to.real && from.real) {
    for (const float v : from.reals) {
      if (!(v > -0x1p31F && v < 0x1p31F)) view.refuse("makes an integer of " + std::to_string(v));
      to.wholes.push_back({static_cast<std::int64_t>(v)});
    }
    to.reals.clear();
  }
  return to;
}

Constant dims_of(const Constant& from) {
  Constant to;
  to.real = false;
  to.dims = {static_cast<std::int64_t>(from.dims.size())};
  for (const std::int64_t d : from.dims) to.wholes.push_back({d});
  return to;
}

}  // namespace

std::size_t Budget::spend(const NodeView& view, const std::vector<std::int64_t>& dims) {
  const auto size = elements_of(dims, left_);
  if (!size || dims.size() > 16) view.refuse("makes a tensor of impossible or excessive size");
  left_ -= *size;
  return *size;
}

std::vector<Constant> evaluate(const NodeView& view, Budget& budget) {
  const std::string& op = view.node.op;
  const Maker maker(view, budget);
  if (op == "Constant") return {given(view)};
  if (op == "ConstantOfShape") return {filled(maker)};
  if (op == "Concat") return {maker.concat()};
  if (op == "Add" || op == "Sub" || op == "Mul" || op == "Div") return {arithmetic(maker)};
  const Constant& from = view.constant(0, "operand");
  if (op == "Identity" || op == "Dropout" || op == "Cast") budget.spend(view, from.dims);
  if (op == "Identity" || op == "Dropout") return {from};
  if (op == "Shape") {
    budget.spend(view, {static_cast<std::int64_t>(from.dims.size())});
    return {dims_of(from)};
  }
  if (op == "Cast") return {cast(view, from)};
  if (op == "Gather") return {maker.gather(from, view.constant(1, "indices"))};
  if (op == "Unsqueeze") return {maker.unsqueeze(from)};
  if (op == "Squeeze") return {maker.squeeze(from)};
  if (op == "Reshape") return {maker.reshape(from)};
  if (op == "Transpose") return {maker.transpose(from)};
  if (op == "Slice") return {maker.cut(from, cuts_of(view, from.dims.size()))};
  if (op == "Split") return maker.split(from);
  if (op == "Expand") {
    return {maker.spread(from, broadcast(view, from.dims, dims_from(view, 1)))};
  }
  view.refuse("is not understood where its operands are constant",
              "simplify the graph: export with constant folding");
}

Constant shape_of(const NodeView& view, const Flow& flow) {
  Constant shape;
  shape.real = false;
  for (const Axis& axis : flow.axes) {
    if (axis.id == k_merged_axis) view.refuse("asks for the size of time and batch as one");
    shape.wholes.push_back({axis.size, axis.id >= 0 ? axis.id : -1});
  }
  shape.dims = {static_cast<std::int64_t>(shape.wholes.size())};
  return shape;
}

}  // namespace rondo::tool
