// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See optimizer.hpp.
#include "train/optimizer.hpp"

#include <algorithm>
#include <cmath>

#include "train/kernels.hpp"

namespace rondo::tool {

double clip_scale(double norm, double clip) {
  return clip > 0 ? std::min(1.0, clip / (norm + 1e-6)) : 1.0;
}

Optimizer::Optimizer(const OptimizerOptions& options, const Layout& layout)
    : options_(options), matrices_(layout.matrices) {
  if (options.kind != OptimizerKind::adam) return;
  means_.zeros(layout.size);
  squares_.zeros(layout.size);
}

void Optimizer::begin(double rate, double gradient_scale) {
  ++updates_;
  rate_ = rate;
  gradient_scale_ = gradient_scale;
}

void Optimizer::update(std::size_t begin, std::size_t end, const float* gradients,
                       float* parameters) {
  const auto keep = static_cast<float>(1.0 - rate_ * options_.weight_decay);
  const std::size_t border = std::clamp(matrices_, begin, end);
  update_part(begin, border, keep, gradients, parameters);
  update_part(border, end, 1.0F, gradients, parameters);
}

void Optimizer::update_part(std::size_t begin, std::size_t end, float keep, const float* gradients,
                            float* parameters) {
  const Kernels<float>& k = kernels<float>();
  if (options_.kind == OptimizerKind::sgd) {
    const auto rate = static_cast<float>(rate_ * gradient_scale_);
    k.sgd(end - begin, rate, keep, gradients + begin, parameters + begin);
    return;
  }
  constexpr double k_beta1 = 0.9;
  constexpr double k_beta2 = 0.999;
  const auto t = static_cast<double>(updates_);
  AdamStep<float> step{};
  step.gradient_scale = static_cast<float>(gradient_scale_);
  step.beta1 = static_cast<float>(k_beta1);
  step.beta2 = static_cast<float>(k_beta2);
  step.eps = 1e-8F;
  step.rate = static_cast<float>(rate_ / (1.0 - std::pow(k_beta1, t)));
  step.root_correction = static_cast<float>(1.0 / std::sqrt(1.0 - std::pow(k_beta2, t)));
  step.keep = keep;
  k.adam(end - begin, step, gradients + begin, means_.data() + begin, squares_.data() + begin,
         parameters + begin);
}

}  // namespace rondo::tool
