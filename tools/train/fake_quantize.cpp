// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See fake_quantize.hpp.
#include "train/fake_quantize.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace rondo::tool {

void round_weights(const Network& net, const float* parameters, float* rounded) {
  std::copy_n(parameters, net.layout.size, rounded);
  std::vector<float> step;  // of each row, 0 where all of it is zero
  for (const Parameter& p : parameters_of(net.shape, net.layout)) {
    if (p.bias) continue;
    step.assign(p.outputs, 0);
    for (std::size_t i = 0; i < p.inputs; ++i) {
      for (std::size_t o = 0; o < p.outputs; ++o) {
        step[o] = std::max(step[o], std::abs(parameters[p.place(o, i)]) / 127);
      }
    }
    for (std::size_t i = 0; i < p.inputs; ++i) {
      for (std::size_t o = 0; o < p.outputs; ++o) {
        if (step[o] == 0) continue;
        const float steps = std::floor(parameters[p.place(o, i)] / step[o] + 0.5F);
        rounded[p.place(o, i)] = std::clamp(steps, -127.0F, 127.0F) * step[o];
      }
    }
  }
}

template <class T>
void round_state(std::size_t count, const T* h, T* rounded) {
  constexpr T k_steps = 128;
  for (std::size_t i = 0; i < count; ++i) {
    const T steps = std::floor(h[i] * k_steps + T{0.5});
    rounded[i] = std::clamp(steps, -k_steps, k_steps - 1) / k_steps;
  }
}

template void round_state(std::size_t, const float*, float*);
template void round_state(std::size_t, const double*, double*);

}  // namespace rondo::tool
