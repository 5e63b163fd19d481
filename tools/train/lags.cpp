// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See lags.hpp. One way back gives every lag: layers_backward leaves the gradient of each h behind,
// and what c carries past a step never enters it.
#include "train/lags.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "base/error.hpp"
#include "train/kernels.hpp"

namespace rondo::tool {
namespace {

// Rows of a pass: some 90 MB with an LSTM of 128 units.
constexpr std::size_t k_rows = 8192;

void require_plain(const NetShape& shape) {
  if (shape.layers == 1 && !shape.bidirectional && !shape.joined_maps() &&
      shape.head == Head::last_step) {
    return;
  }
  throw Error("lags",
              "the network has more than one layer or direction, is a classroom cell, or "
              "answers at every step",
              "use one layer of lstm, gru, rnn or relu");
}

// Adds the norms of the sequences of a pass that went back; h0 (B, H) is its share of lag T.
void add_norms(const Pass<double>& pass, const double* h0, std::size_t hidden, Lags& sums) {
  const Packed<double>& packed = pass.packed;
  const auto add = [&](std::size_t lag, const double* row) {
    if (lag >= sums.norms.size()) return;
    sums.norms[lag] += std::sqrt(kernels<double>().sum_of_squares(hidden, row));
    ++sums.sequences[lag];
  };
  std::size_t steps = packed.steps();  // of sequence b; the longest come first
  for (std::size_t b = 0; b < packed.batch(); ++b) {
    while (packed.running(steps - 1) <= b) --steps;
    for (std::size_t t = 0; t < steps; ++t) {
      add(steps - 1 - t, pass.dh[0].data() + (packed.start[t] + b) * hidden);
    }
    add(steps, h0 + b * hidden);
  }
}

}  // namespace

Lags lags_of(const Network& net, const double* parameters, Batch batch, std::size_t most) {
  require_plain(net.shape);
  require_fit(net.shape, batch, true);
  std::vector<std::uint32_t> order;
  sort_by_length(net.shape, batch, order);
  const std::size_t longest = batch[order.front()].steps(net.shape);
  const std::size_t hidden = net.shape.hidden;
  const std::size_t group = std::max<std::size_t>(1, k_rows / longest);
  Lags lags;
  lags.norms.resize(std::min(most, longest) + 1);
  lags.sequences.resize(lags.norms.size());
  Pass<double> pass;
  Buffer<double> gradients, h0;
  gradients.zeros(net.layout.size);  // of the parameters; nobody reads them
  for (std::size_t first = 0; first < order.size(); first += group) {
    const std::size_t count = std::min(group, order.size() - first);
    pack<double>(net.shape, batch, std::span(order).subspan(first, count), pass.packed);
    layers_forward<double>(net, parameters, nullptr, nullptr, pass);
    logits_forward(net, parameters, pass);
    lags.loss += loss_of(net, 1.0, pass);
    logits_backward(net, parameters, gradients.data(), pass);
    InputGradients<double> wanted;
    wanted.h0 = h0.zeros(count * hidden);
    layers_backward(net, parameters, gradients.data(), pass, wanted);
    add_norms(pass, h0.data(), hidden, lags);
  }
  for (std::size_t k = 0; k < lags.norms.size(); ++k) {
    lags.norms[k] /= static_cast<double>(lags.sequences[k]);
  }
  lags.loss /= static_cast<double>(batch.size());
  return lags;
}

}  // namespace rondo::tool
