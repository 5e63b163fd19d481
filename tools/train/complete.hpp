// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Sequences that a network makes up: it reads what it has said. For networks that answer every step
// with a token, generators and language models; how a token is chosen is the caller's.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "train/trainer.hpp"

namespace rondo::tool {

// From the logits (O) of the next token to that token.
using ChooseToken = std::function<std::uint32_t(std::span<const float> logits)>;

// What follows `prefix` (not empty), from the zero state: up to `most` tokens, or until `end` is
// chosen, which is not among them. `label`: the class of a generator, else 0. Throws Error where
// prefix or label do not fit the network.
std::vector<std::uint32_t> complete(Trainer& trainer, std::uint32_t label,
                                    std::span<const std::uint32_t> prefix, std::uint32_t end,
                                    std::size_t most, const ChooseToken& choose);

}  // namespace rondo::tool
