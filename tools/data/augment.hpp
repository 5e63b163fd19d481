// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Random changes of a name each time training sees it, so that a network cannot learn a small set
// by heart: the name starts late, or some of its letters are unreadable.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/random.hpp"

namespace rondo::tool {

struct Augmentation {
  double late_start = 0;     // the share of names that lose a random number of their first letters
  double token_dropout = 0;  // the share of letters replaced by the zero input
};

// Replaces `changed` by the changed name. A late start leaves at least 3 letters; `nothing` is the
// token of the zero input. Without augmentation it draws nothing from `random`.
void augment(std::span<const std::uint32_t> tokens, const Augmentation& how, std::uint32_t nothing,
             Random& random, std::vector<std::uint32_t>& changed);

}  // namespace rondo::tool
