// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See moves.hpp.
#include "onnx/moves.hpp"

#include <algorithm>

namespace rondo::tool {
namespace {

// How far apart the elements of each axis stand.
std::vector<std::size_t> strides_of(const Dims& dims) {
  std::vector<std::size_t> strides(dims.size(), 1);
  for (std::size_t i = dims.size(); i-- > 1;) {
    strides[i - 1] = strides[i] * static_cast<std::size_t>(dims[i]);
  }
  return strides;
}

Dims steps_of(const Dims& dims) {
  const auto strides = strides_of(dims);
  return {strides.begin(), strides.end()};
}

Constant empty(const Constant& like, const Dims& dims) {
  Constant to;
  to.dims = dims;
  to.real = like.real;
  return to;
}

void append(const Constant& from, std::size_t i, Constant& to) {
  if (from.real) {
    to.reals.push_back(from.reals[i]);
  } else {
    to.wholes.push_back(from.wholes[i]);
  }
}

}  // namespace

Constant Maker::strided(const Constant& from, const Dims& dims, std::size_t start,
                        const std::vector<std::int64_t>& step) const {
  const std::size_t size = budget_.spend(view_, dims);
  Constant to = empty(from, dims);
  std::vector<std::int64_t> at(dims.size(), 0);
  auto place = static_cast<std::int64_t>(start);
  for (std::size_t n = 0; n < size; ++n) {
    append(from, static_cast<std::size_t>(place), to);
    for (std::size_t k = dims.size(); k-- > 0;) {
      place += step[k];
      if (++at[k] < dims[k]) break;
      place -= step[k] * dims[k];
      at[k] = 0;
    }
  }
  return to;
}

Constant Maker::reshaped(const Constant& from, const Dims& dims) const {
  if (budget_.spend(view_, dims) != from.size()) view_.refuse("changes the number of elements");
  Constant to = from;
  to.dims = dims;
  return to;
}

Constant Maker::cut(const Constant& from, const std::vector<Cut>& cuts) const {
  Dims dims = from.dims;
  std::vector<std::int64_t> step = steps_of(from.dims);
  const std::vector<std::size_t> strides = strides_of(from.dims);
  std::size_t start = 0;
  for (const Cut& c : cuts) {
    const std::int64_t size = from.dims[c.axis];
    const bool up = c.step > 0;
    const auto clamp = [&](std::int64_t v) {
      if (v < 0) v = v < -size ? -1 : v + size;
      return std::clamp<std::int64_t>(v, up ? 0 : -1, up ? size : size - 1);
    };
    const std::int64_t first = clamp(c.start), end = clamp(c.end);
    const std::int64_t width = up ? end - first : first - end;
    // A step of more than the axis takes one element; so no product below can overflow.
    const std::int64_t stride = std::clamp<std::int64_t>(c.step, -size - 1, size + 1);
    const std::int64_t by = up ? stride : -stride;
    dims[c.axis] = width <= 0 ? 0 : (width + by - 1) / by;
    step[c.axis] *= stride;
    start += static_cast<std::size_t>(std::max<std::int64_t>(first, 0)) * strides[c.axis];
  }
  return strided(from, dims, start, step);
}

Constant Maker::gather(const Constant& from, const Constant& index) const {
  if (index.real) view_.refuse("its indices are no integers");
  const std::size_t axis = view_.axis(view_.integer("axis", 0), from.dims.size());
  Dims dims(from.dims.begin(), from.dims.begin() + static_cast<std::ptrdiff_t>(axis));
  dims.insert(dims.end(), index.dims.begin(), index.dims.end());
  dims.insert(dims.end(), from.dims.begin() + static_cast<std::ptrdiff_t>(axis) + 1,
              from.dims.end());
  const std::size_t size = budget_.spend(view_, dims);
  Constant to = empty(from, dims);
  if (size == 0) return to;
  const std::int64_t rows = from.dims[axis];
  if (rows == 0) view_.refuse("takes elements of an empty axis");
  const std::size_t inner = strides_of(from.dims)[axis];
  const std::size_t outer = from.size() / (inner * static_cast<std::size_t>(rows));
  for (std::size_t o = 0; o < outer; ++o) {
    for (const Whole& whole : index.wholes) {
      const std::int64_t i = whole.value < 0 ? whole.value + rows : whole.value;
      if (whole.axis >= 0 || i < 0 || i >= rows) view_.refuse("an index is out of range");
      const std::size_t row = o * static_cast<std::size_t>(rows) + static_cast<std::size_t>(i);
      for (std::size_t k = 0; k < inner; ++k) append(from, row * inner + k, to);
    }
  }
  return to;
}

Constant Maker::concat() const {
  const Constant& first = view_.constant(0, "first part");
  const std::size_t axis = view_.axis(view_.integer("axis", 0), first.dims.size());
  Dims dims = first.dims;
  dims[axis] = 0;
  std::vector<const Constant*> parts;
  for (std::size_t i = 0; i < view_.inputs(); ++i) {
    const Constant& part = view_.constant(i, "part");
    Dims others = part.dims;
    if (others.size() == dims.size()) others[axis] = dims[axis];
    if (others != dims || part.real != first.real) view_.refuse("its parts do not fit together");
    parts.push_back(&part);
    dims[axis] += part.dims[axis];
  }
  const std::size_t size = budget_.spend(view_, dims);
  Constant to = empty(first, dims);
  if (size == 0) return to;
  std::size_t outer = 1;
  for (std::size_t i = 0; i < axis; ++i) outer *= static_cast<std::size_t>(dims[i]);
  for (std::size_t o = 0; o < outer; ++o) {
    for (const Constant* const part : parts) {
      const std::size_t run = part->size() / outer;
      for (std::size_t k = 0; k < run; ++k) append(*part, o * run + k, to);
    }
  }
  return to;
}

Constant Maker::transpose(const Constant& from) const {
  const std::size_t rank = from.dims.size();
  Dims order;
  if (const OnnxAttribute* const perm = view_.attribute("perm")) {
    order = perm->integers;
  } else {
    for (std::size_t i = rank; i-- > 0;) order.push_back(static_cast<std::int64_t>(i));
  }
  if (order.size() != rank) view_.refuse("its perm does not have an entry for each axis");
  const std::vector<std::int64_t> old = steps_of(from.dims);
  Dims dims;
  std::vector<std::int64_t> step;
  std::vector<bool> taken(rank, false);
  for (const std::int64_t a : order) {
    const std::size_t axis = view_.axis(a, rank);
    if (taken[axis]) view_.refuse("its perm names an axis twice");
    taken[axis] = true;
    dims.push_back(from.dims[axis]);
    step.push_back(old[axis]);
  }
  return strided(from, dims, 0, step);
}

Constant Maker::spread(const Constant& from, const Dims& dims) const {
  const std::vector<std::int64_t> old = steps_of(from.dims);
  std::vector<std::int64_t> step(dims.size(), 0);
  for (std::size_t k = 0; k < from.dims.size(); ++k) {
    const std::size_t to = dims.size() - from.dims.size() + k;
    if (from.dims[k] != 1) step[to] = old[k];
  }
  return strided(from, dims, 0, step);
}

Constant Maker::unsqueeze(const Constant& from) const {
  const auto axes = view_.axes(1);
  if (!axes || axes->size() > 8) view_.refuse("has no axes");
  const std::size_t rank = from.dims.size() + axes->size();
  std::vector<bool> is_new(rank, false);
  for (const std::int64_t a : *axes) is_new[view_.axis(a, rank)] = true;
  Dims dims;
  std::size_t next = 0;
  for (std::size_t i = 0; i < rank; ++i) {
    if (!is_new[i] && next == from.dims.size()) view_.refuse("names an axis twice");
    dims.push_back(is_new[i] ? 1 : from.dims[next++]);
  }
  return reshaped(from, dims);
}

Constant Maker::squeeze(const Constant& from) const {
  const auto axes = view_.axes(1);
  std::vector<bool> gone(from.dims.size(), false);
  for (std::size_t i = 0; !axes && i < gone.size(); ++i) gone[i] = from.dims[i] == 1;
  if (axes) {
    for (const std::int64_t a : *axes) gone[view_.axis(a, gone.size())] = true;
  }
  Dims dims;
  for (std::size_t i = 0; i < gone.size(); ++i) {
    if (!gone[i]) dims.push_back(from.dims[i]);
  }
  return reshaped(from, dims);
}

Constant Maker::reshape(const Constant& from) const {
  Dims dims = dims_from(view_, 1);
  std::int64_t known = 1, open = -1;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (dims[i] == 0 && i < from.dims.size()) dims[i] = from.dims[i];
    if (dims[i] < -1 || dims[i] > INT32_MAX || known > INT32_MAX) view_.refuse("has a bad shape");
    if (dims[i] == -1) {
      open = static_cast<std::int64_t>(i);
    } else {
      known *= dims[i];
    }
  }
  if (open >= 0 && known > 0) {
    dims[static_cast<std::size_t>(open)] = static_cast<std::int64_t>(from.size()) / known;
  }
  return reshaped(from, dims);
}

std::vector<Constant> Maker::split(const Constant& from) const {
  const std::size_t axis = view_.axis(view_.integer("axis", 0), from.dims.size());
  std::vector<Constant> outputs;
  std::int64_t start = 0;
  for (const std::int64_t part : parts_of(view_, from.dims[axis])) {
    outputs.push_back(cut(from, {{axis, start, start + part, 1}}));
    start += part;
  }
  return outputs;
}

Dims dims_from(const NodeView& view, std::size_t input) {
  Dims dims;
  const Constant& shape = view.constant(input, "shape");
  if (shape.real) view.refuse("its shape is not made of integers");
  for (const Whole& whole : shape.wholes) dims.push_back(whole.axis >= 0 ? 1 : whole.value);
  return dims;
}

}  // namespace rondo::tool
