// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See operands.hpp.
#include "onnx/operands.hpp"

#include "base/error.hpp"

namespace rondo::tool {

std::string shown(const std::string& name) {
  constexpr std::size_t k_most = 100;
  std::string text = name.substr(0, k_most);
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  return text + (name.size() > k_most ? "..." : "");
}

void NodeView::refuse(const std::string& problem, const std::string& hint) const {
  const std::string name = !node.name.empty()     ? node.name
                           : node.outputs.empty() ? "?"
                                                  : node.outputs.front();
  throw Error(place_ + ": node \"" + shown(name) + "\" (" + shown(node.op) + ")", problem, hint);
}

const Flow* NodeView::flow(std::size_t i) const {
  const Value* const value = input(i);
  return value != nullptr && value->flow ? &*value->flow : nullptr;
}

const Constant& NodeView::constant(std::size_t i, const std::string& name) const {
  const Value* const value = input(i);
  if (value == nullptr) refuse("has no " + name);
  if (!value->constant) {
    refuse("its " + name + " is not constant: it depends on the model's input",
           "rondo has layers whose weights and shapes are fixed");
  }
  if (!value->constant->unreadable.empty()) {
    refuse("its " + name + " \"" + name_of_input(i) +
               "\" cannot be read: " + value->constant->unreadable,
           "save the model as one file, with float weights");
  }
  return *value->constant;
}

const Constant& NodeView::real(std::size_t i, const std::string& name) const {
  const Constant& c = constant(i, name);
  if (!c.real) refuse("its " + name + " are integers, expected floats");
  return c;
}

std::vector<std::int64_t> NodeView::integers(std::size_t i, const std::string& name) const {
  const Constant& c = constant(i, name);
  if (c.real || c.dims.size() > 1) refuse("its " + name + " are no list of integers");
  std::vector<std::int64_t> list;
  for (const Whole& whole : c.wholes) {
    if (whole.axis >= 0 && whole.value == k_unknown) {
      refuse("its " + name + " depend on a size that is known at run time only",
             "export with fixed sizes");
    }
    list.push_back(whole.value);
  }
  return list;
}

const OnnxAttribute* NodeView::attribute(const std::string& name) const {
  const auto found = node.attributes.find(name);
  return found == node.attributes.end() ? nullptr : &found->second;
}

std::int64_t NodeView::integer(const std::string& name, std::int64_t fallback) const {
  const OnnxAttribute* const a = attribute(name);
  return a == nullptr ? fallback : a->integer;
}

float NodeView::real(const std::string& name, float fallback) const {
  const OnnxAttribute* const a = attribute(name);
  return a == nullptr ? fallback : a->real;
}

std::optional<std::vector<std::int64_t>> NodeView::axes(std::size_t input) const {
  if (const OnnxAttribute* const a = attribute("axes")) return a->integers;
  if (this->input(input) == nullptr) return std::nullopt;
  return integers(input, "axes");
}

std::size_t NodeView::axis(std::int64_t axis, std::size_t rank) const {
  const auto n = static_cast<std::int64_t>(rank);
  if (axis < -n || axis >= n) {
    refuse("names axis " + std::to_string(axis) + " of " + std::to_string(rank));
  }
  return static_cast<std::size_t>(axis < 0 ? axis + n : axis);
}

std::vector<Cut> cuts_of(const NodeView& view, std::size_t rank) {
  std::vector<std::int64_t> starts, ends, axes, steps;
  if (view.attribute("starts") != nullptr) {  // before version 10
    starts = view.attribute("starts")->integers;
    if (view.attribute("ends") != nullptr) ends = view.attribute("ends")->integers;
    if (view.attribute("axes") != nullptr) axes = view.attribute("axes")->integers;
  } else {
    starts = view.integers(1, "starts");
    ends = view.integers(2, "ends");
    if (view.input(3) != nullptr) axes = view.integers(3, "axes");
    if (view.input(4) != nullptr) steps = view.integers(4, "steps");
  }
  for (std::size_t i = axes.size(); axes.size() < starts.size() && i < starts.size(); ++i) {
    axes.push_back(static_cast<std::int64_t>(i));
  }
  steps.resize(starts.size(), 1);
  if (ends.size() != starts.size() || axes.size() != starts.size() || starts.size() > rank) {
    view.refuse("starts, ends and axes differ in number");
  }
  std::vector<Cut> cuts;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    if (steps[i] == 0) view.refuse("has a step of 0");
    cuts.push_back({view.axis(axes[i], rank), starts[i], ends[i], steps[i]});
    for (std::size_t k = 0; k < i; ++k) {
      if (cuts[k].axis == cuts[i].axis) view.refuse("cuts an axis twice");
    }
  }
  return cuts;
}

std::vector<std::int64_t> parts_of(const NodeView& view, std::int64_t size) {
  std::vector<std::int64_t> parts;
  if (view.attribute("split") != nullptr) {
    parts = view.attribute("split")->integers;
  } else if (view.input(1) != nullptr) {
    parts = view.integers(1, "split");
  } else {
    const auto count = static_cast<std::int64_t>(view.node.outputs.size());
    if (count == 0 || size < 0 || size % count != 0) view.refuse("cannot cut into equal parts");
    parts.assign(view.node.outputs.size(), size / count);
  }
  std::int64_t left = size;
  for (const std::int64_t part : parts) {
    if (part < 0 || part > left) view.refuse("its parts do not add up to the axis");
    left -= part;
  }
  if (left != 0 || parts.size() != view.node.outputs.size()) {
    view.refuse("its parts do not add up to the axis");
  }
  return parts;
}

}  // namespace rondo::tool
