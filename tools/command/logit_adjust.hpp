// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Between plain and balanced accuracy: the scores of a trained classifier, made fairer to classes
// that are rare in training (logit adjustment: Menon et al. 2020). Called by train classify.
#pragma once
#include <cstdint>
#include <span>

#include "train/trainer.hpp"

namespace rondo::tool {

// Takes tau * log(share of the class among `labels`) from the bias of each score; a class without
// a label keeps its bias. tau 0 changes nothing, 1 turns a net that learned the classes' shares
// into one that takes them all for equally likely.
void adjust_scores(Trainer& trainer, std::span<const std::uint32_t> labels, double tau);

}  // namespace rondo::tool
