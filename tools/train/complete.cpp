// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See complete.hpp.
#include "train/complete.hpp"

namespace rondo::tool {

std::vector<std::uint32_t> complete(Trainer& trainer, std::uint32_t label,
                                    std::span<const std::uint32_t> prefix, std::uint32_t end,
                                    std::size_t most, const ChooseToken& choose) {
  const std::size_t outputs = trainer.shape().outputs;
  std::vector<std::uint32_t> said;
  std::vector<float> logits;
  State<float> state;
  std::span<const std::uint32_t> unread = prefix;
  while (said.size() < most) {
    const Sequence sequence{.tokens = unread, .reals = {}, .targets = {}, .label = label};
    trainer.predict(Batch(&sequence, 1), logits, &state);
    const std::uint32_t token = choose(std::span<const float>(logits).last(outputs));
    if (token == end) break;
    said.push_back(token);
    unread = std::span<const std::uint32_t>(said).last(1);
  }
  return said;
}

}  // namespace rondo::tool
