// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See augment.hpp.
#include "data/augment.hpp"

#include <cstddef>

namespace rondo::tool {

void augment(std::span<const std::uint32_t> tokens, const Augmentation& how, std::uint32_t nothing,
             Random& random, std::vector<std::uint32_t>& changed) {
  constexpr std::size_t k_fewest = 3;
  const bool may_start_late = how.late_start > 0 && tokens.size() > k_fewest;
  if (may_start_late && random.uniform() < how.late_start) {
    tokens = tokens.subspan(1 + static_cast<std::size_t>(random.below(tokens.size() - k_fewest)));
  }
  changed.assign(tokens.begin(), tokens.end());
  if (how.token_dropout == 0) return;
  for (std::uint32_t& token : changed) {
    if (random.uniform() < how.token_dropout) token = nothing;
  }
}

}  // namespace rondo::tool
