// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Scores as shares of one. Its own file: firmware that needs scores only links no float.
#include "base/no_contraction.hpp"

#include <rondo/stream.hpp>

#include "base/float_math.hpp"

namespace rondo {

void Stream::softmax(View<float> out) noexcept {
  const uint32_t n = model_->outputs();
  if (out.size() < n) return;
  scores(out);
  float greatest = out[0];
  for (uint32_t i = 1; i < n; ++i) greatest = out[i] > greatest ? out[i] : greatest;
  float sum = 0.0F;
  for (uint32_t i = 0; i < n; ++i) {
    out[i] = base::exp_f32(out[i] - greatest);
    sum += out[i];
  }
  for (uint32_t i = 0; i < n; ++i) out[i] /= sum;
}

}  // namespace rondo
