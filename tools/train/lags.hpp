// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// How far back a loss reaches: the norm of its gradient with respect to the state h_(T-k) against
// the lag k. In double precision, since the gradients of a plain RNN fade below what floats hold.
// Called by `rondo train lags`; draws nothing and trains nothing.
#pragma once
#include <cstddef>
#include <vector>

#include "train/network.hpp"

namespace rondo::tool {

struct Lags {
  // (K + 1) L2 norm of d loss_T / d h_(T-k), k = 0 .. K: the mean over the sequences that are k
  // steps long or longer, each with its own loss. h_0, at lag T, is the zero state.
  std::vector<double> norms;
  std::vector<std::size_t> sequences;  // (K + 1) how many those are, 1 at least
  double loss = 0;                     // at the last step, mean over all sequences
};

// The derivative is with respect to h_(T-k) alone: c_(T-k) of an LSTM is held. `parameters` are a
// block of net.layout; no lag is greater than `most`. Throws Error where the net is not one layer
// of lstm, gru, rnn or relu in one direction with Head::last_step, or the batch does not fit it.
Lags lags_of(const Network& net, const double* parameters, Batch batch, std::size_t most);

}  // namespace rondo::tool
