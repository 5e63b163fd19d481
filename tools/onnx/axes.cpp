// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See axes.hpp.
#include "onnx/axes.hpp"

#include <algorithm>
#include <set>

namespace rondo::tool {
namespace {

std::string size_text(std::int64_t size) {
  return size == k_unknown ? "?" : std::to_string(size);
}

// Takes element `index` of an axis; negative ones count from the end.
void select(const NodeView& view, const Roles& roles, Flow& flow, std::size_t axis,
            std::int64_t index) {
  Axis& a = flow.axes[axis];
  const bool last = index == -1 || (a.size != k_unknown && index == a.size - 1);
  if (a.id == k_direction_axis) {
    if (index < -2 || index > 1) view.refuse("takes a third direction");
    flow.half = last ? Half::backward : Half::forward;
  } else if (a.size != 1 && (a.id != roles.time || !last)) {
    if (a.id == roles.time) {
      view.refuse("takes step " + std::to_string(index) + " of " + size_text(a.size),
                  "rondo answers after every step or after the last one");
    }
    view.refuse("takes element " + std::to_string(index) + " of axis " + std::to_string(axis),
                "only the last step can be taken, or one direction");
  } else if (a.size == 1 && index != 0 && index != -1) {
    view.refuse("takes element " + std::to_string(index) + " of 1");
  }
  a = {};
}

Flow gather(const NodeView& view, const Roles& roles, Flow flow) {
  const std::size_t axis = view.axis(view.integer("axis", 0), flow.axes.size());
  const std::vector<std::int64_t> index = view.integers(1, "indices");
  if (index.size() != 1) view.refuse("takes several elements of an axis");
  select(view, roles, flow, axis, index[0]);
  if (view.constant(1, "indices").dims.empty()) {
    flow.axes.erase(flow.axes.begin() + static_cast<std::ptrdiff_t>(axis));
  }
  return flow;
}

Flow slice(const NodeView& view, const Roles& roles, Flow flow) {
  for (const Cut& cut : cuts_of(view, flow.axes.size())) {
    const std::int64_t size = flow.axes[cut.axis].size;
    const bool known = size != k_unknown;
    if (cut.step != 1) {
      view.refuse("goes through axis " + std::to_string(cut.axis) + " in steps of " +
                      std::to_string(cut.step),
                  "to read a sequence backward, use a node with direction = \"reverse\"");
    }
    const bool to_end = cut.end >= (known ? size : std::int64_t{INT32_MAX});
    if (to_end && (cut.start == 0 || (known && cut.start <= -size))) continue;
    const std::int64_t end = known && cut.end < 0 ? cut.end + size : cut.end;
    const std::int64_t start = known && cut.start < 0 ? cut.start + size : cut.start;
    const bool one = to_end ? start == -1 || (known && start == size - 1)
                            : start < INT32_MAX && end == start + 1;
    if (!one) {
      view.refuse("cuts axis " + std::to_string(cut.axis) + " to " + std::to_string(cut.start) +
                      " ... " + std::to_string(cut.end),
                  "only the last step can be taken, or one direction");
    }
    select(view, roles, flow, cut.axis, to_end ? -1 : start);
  }
  return flow;
}

std::vector<Flow> split(const NodeView& view, const Roles& roles, const Flow& flow) {
  const std::size_t axis = view.axis(view.integer("axis", 0), flow.axes.size());
  const std::vector<std::int64_t> parts = parts_of(view, flow.axes[axis].size);
  std::vector<Flow> outputs;
  if (parts.size() == 1) return {flow};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] != 1 || flow.axes[axis].id != k_direction_axis) {
      view.refuse("cuts the outputs of a layer apart", "rondo's layers follow one another whole");
    }
    outputs.push_back(flow);
    select(view, roles, outputs.back(), axis, static_cast<std::int64_t>(i));
  }
  return outputs;
}

Flow transpose(const NodeView& view, const Flow& flow) {
  const std::size_t rank = flow.axes.size();
  std::vector<std::int64_t> order;
  if (const OnnxAttribute* const perm = view.attribute("perm")) {
    order = perm->integers;
  } else {
    for (std::size_t i = rank; i-- > 0;) order.push_back(static_cast<std::int64_t>(i));
  }
  Flow to = flow;
  to.axes.clear();
  std::set<std::size_t> taken;
  for (const std::int64_t a : order) {
    const std::size_t axis = view.axis(a, rank);
    taken.insert(axis);
    to.axes.push_back(flow.axes[axis]);
  }
  if (order.size() != rank || taken.size() != rank)
    view.refuse("its perm does not fit its operand");
  return to;
}

Flow squeeze(const NodeView& view, const Roles& roles, const Flow& flow) {
  const auto axes = view.axes(1);
  std::set<std::size_t> gone;
  for (std::size_t i = 0; i < flow.axes.size(); ++i) {
    if (!axes && flow.axes[i].size == 1) gone.insert(i);
  }
  for (std::size_t i = 0; axes && i < axes->size(); ++i) {
    const std::size_t axis = view.axis((*axes)[i], flow.axes.size());
    const Axis& a = flow.axes[axis];
    // A batch of unknown size is one sequence here, since Squeeze takes sizes of 1 only.
    if (a.size != 1 && !(a.id == roles.batch && a.size == k_unknown)) {
      view.refuse("takes away axis " + std::to_string(axis) + " of size " + size_text(a.size));
    }
    gone.insert(axis);
  }
  Flow to = flow;
  to.axes.clear();
  for (std::size_t i = 0; i < flow.axes.size(); ++i) {
    if (gone.count(i) == 0) to.axes.push_back(flow.axes[i]);
  }
  return to;
}

Flow unsqueeze(const NodeView& view, const Flow& flow) {
  const auto axes = view.axes(1);
  if (!axes || axes->size() > 4) view.refuse("has no axes");
  const std::size_t rank = flow.axes.size() + axes->size();
  std::set<std::size_t> added;
  for (const std::int64_t a : *axes) added.insert(view.axis(a, rank));
  if (added.size() != axes->size()) view.refuse("names an axis twice");
  Flow to = flow;
  to.axes.clear();
  std::size_t next = 0;
  for (std::size_t i = 0; i < rank; ++i) {
    to.axes.push_back(added.count(i) != 0 ? Axis{} : flow.axes[next++]);
  }
  return to;
}

// Several neighboring axes as one; false where that would mix things that rondo keeps apart.
bool merge(std::vector<Axis> axes, Flow& flow, Axis& merged) {
  if (axes.size() > 1) std::erase_if(axes, [](const Axis& a) { return a.size == 1; });
  if (axes.empty()) {
    merged = {};
    return true;
  }
  merged = axes[0];
  if (axes.size() == 1) return true;
  if (axes.size() != 2) return false;
  if (axes[0].id == k_direction_axis && axes[1].id == k_feature_axis) {
    merged = {k_feature_axis, 2 * axes[1].size};
    return true;
  }
  if (axes[0].id < 0 || axes[1].id < 0) return false;
  flow.merged[0] = axes[0];
  flow.merged[1] = axes[1];
  merged = {k_merged_axis, k_unknown};
  return true;
}

// Finds for each new size the old axes that it is made of, from the first to the last.
class Reshaper {
 public:
  Reshaper(const Flow& flow, std::vector<Whole> sizes) : to_(flow), sizes_(std::move(sizes)) {
    to_.axes.clear();
    for (const Axis& a : flow.axes) {
      if (a.id == k_merged_axis) {
        old_.insert(old_.end(), flow.merged, flow.merged + 2);
      } else {
        old_.push_back(a);
      }
    }
  }

  bool run() { return match(0, 0); }
  const Flow& result() const { return to_; }

 private:
  // Old axes first ... end - 1 become the next new one.
  bool take(std::size_t size, std::size_t first, std::size_t end) {
    Axis merged;
    const std::vector<Axis> parts(old_.begin() + static_cast<std::ptrdiff_t>(first),
                                  old_.begin() + static_cast<std::ptrdiff_t>(end));
    if (!merge(parts, to_, merged)) return false;
    to_.axes.push_back(merged);
    if (match(size + 1, end)) return true;
    to_.axes.pop_back();
    return false;
  }

  // One size is -1 at most, so this tries no more than a few ways.
  bool match(std::size_t size, std::size_t next) {
    if (size == sizes_.size()) {
      return std::all_of(old_.begin() + static_cast<std::ptrdiff_t>(next), old_.end(),
                         [](const Axis& a) { return a.size == 1; });
    }
    const Whole& wanted = sizes_[size];
    if (wanted.axis < 0 && wanted.value == -1) {
      for (std::size_t end = old_.size() + 1; end-- > next;) {
        if (take(size, next, end)) return true;
      }
      return false;
    }
    if (wanted.axis < 0 && wanted.value == 1) {
      return take(size, next, next < old_.size() && old_[next].size == 1 ? next + 1 : next);
    }
    const auto fits = [&](const Axis& a) {
      if (wanted.axis >= 0) return a.id == wanted.axis;
      return wanted.value > 0 && (a.size == wanted.value || a.size == k_unknown);
    };
    while (next < old_.size() && old_[next].size == 1 && !fits(old_[next])) ++next;
    if (next == old_.size()) return false;
    if (fits(old_[next])) return take(size, next, next + 1);
    const bool pair = next + 1 < old_.size() && old_[next].id == k_direction_axis &&
                      2 * old_[next + 1].size == wanted.value;
    return pair && take(size, next, next + 2);
  }

  Flow to_;
  std::vector<Whole> sizes_;
  std::vector<Axis> old_;
};

Flow reshape(const NodeView& view, const Flow& flow) {
  std::vector<Whole> sizes = view.constant(1, "shape").wholes;
  int open = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i].axis < 0 && sizes[i].value == 0 && i < flow.axes.size()) {
      const Axis& a = flow.axes[i];
      sizes[i] = a.id == k_merged_axis ? Whole{-1, -1} : Whole{a.size, a.id >= 0 ? a.id : -1};
    }
    if (sizes[i].axis < 0 && sizes[i].value == -1) ++open;
  }
  Reshaper reshaper(flow, sizes);
  if (open > 1 || sizes.size() > 8 || flow.axes.size() > 8 || !reshaper.run()) {
    view.refuse("mixes steps, sequences and features in a way that rondo's chain of layers has not",
                "only the two directions, or time and batch, can become one axis");
  }
  return reshaper.result();
}

Flow flatten(const NodeView& view, const Flow& flow) {
  const std::int64_t at = view.integer("axis", 1);
  const auto rank = static_cast<std::int64_t>(flow.axes.size());
  if (at < -rank || at > rank) view.refuse("names an axis that is not there");
  const auto middle = flow.axes.begin() + (at < 0 ? at + rank : at);
  Flow to = flow;
  Axis first, second;
  const bool good =
      merge({flow.axes.begin(), middle}, to, first) && merge({middle, flow.axes.end()}, to, second);
  if (!good || second.id == k_merged_axis) {
    view.refuse("makes features of the steps of a sequence",
                "rondo's linear layer reads one step; take the last one, or pool over time");
  }
  to.axes = {first, second};
  return to;
}

Flow cast(const NodeView& view, const Flow& flow) {
  if (is_real(view.integer("to", 1)) == flow.tokens) {
    view.refuse("changes between whole numbers and floats",
                "rondo reads tokens (whole numbers) or vectors of floats");
  }
  return flow;
}

}  // namespace

bool moves_axes(const std::string& op) {
  static const std::set<std::string> k_known = {"Identity", "Dropout",   "Cast",    "Transpose",
                                                "Squeeze",  "Unsqueeze", "Reshape", "Flatten",
                                                "Slice",    "Split",     "Gather",  "Expand"};
  return k_known.count(op) != 0;
}

std::vector<Flow> move_axes(const NodeView& view, const Roles& roles) {
  const std::string& op = view.node.op;
  const Flow* const flow = view.flow(0);
  if (flow == nullptr) view.refuse("its first operand does not come from the model's input");
  if (op == "Transpose") return {transpose(view, *flow)};
  if (op == "Squeeze") return {squeeze(view, roles, *flow)};
  if (op == "Unsqueeze") return {unsqueeze(view, *flow)};
  if (op == "Reshape") return {reshape(view, *flow)};
  if (op == "Flatten") return {flatten(view, *flow)};
  if (op == "Slice") return {slice(view, roles, *flow)};
  if (op == "Gather") return {gather(view, roles, *flow)};
  if (op == "Split") return split(view, roles, *flow);
  if (op == "Cast") return {cast(view, *flow)};
  if (op == "Expand") view.refuse("repeats what depends on the model's input");
  return {*flow};
}

}  // namespace rondo::tool
