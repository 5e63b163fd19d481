// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Nodes on constants that only move elements about: each is a list of dimensions and, for each new
// element, the place of the old one. Called by constants.cpp.
#pragma once
#include <vector>

#include "onnx/constants.hpp"

namespace rondo::tool {

using Dims = std::vector<std::int64_t>;

// Makes the constants of one node, within the budget.
class Maker {
 public:
  Maker(const NodeView& view, Budget& budget) : view_(view), budget_(budget) {}

  const NodeView& view() const { return view_; }
  Budget& budget() const { return budget_; }

  // The new tensor's element i along each axis stands i * step behind the first, at `start` of the
  // old one.
  Constant strided(const Constant& from, const Dims& dims, std::size_t start,
                   const Dims& step) const;
  Constant reshaped(const Constant& from, const Dims& dims) const;
  // Repeated along the axes where it has size 1, which dims has more of.
  Constant spread(const Constant& from, const Dims& dims) const;

  Constant cut(const Constant& from, const std::vector<Cut>& cuts) const;
  Constant gather(const Constant& from, const Constant& index) const;
  Constant concat() const;
  Constant transpose(const Constant& from) const;
  Constant unsqueeze(const Constant& from) const;
  Constant squeeze(const Constant& from) const;
  Constant reshape(const Constant& from) const;
  std::vector<Constant> split(const Constant& from) const;

 private:
  const NodeView& view_;
  Budget& budget_;
};

// A shape given as an input. Sizes that are known at run time only count as 1.
Dims dims_from(const NodeView& view, std::size_t input);

}  // namespace rondo::tool
