// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// SGD and Adam on a block of parameters, and the clipping of gradients. Weight decay is decoupled
// (parameters shrink by rate * weight_decay beside the update, as in AdamW; for SGD that is the
// same as the usual L2 term) and acts on matrices, not on biases.
#pragma once
#include <cstddef>
#include <cstdint>

#include "train/buffer.hpp"
#include "train/shape.hpp"

namespace rondo::tool {

enum class OptimizerKind : std::uint8_t { adam, sgd };

struct OptimizerOptions {
  OptimizerKind kind = OptimizerKind::adam;
  double weight_decay = 0;
  double clip = 0;  // the largest L2 norm of all gradients together; 0: no clipping
};

// What gradients are multiplied by, as torch.nn.utils.clip_grad_norm_ does it:
// clip / (norm + 1e-6), at most 1; 1 where clip is 0.
double clip_scale(double norm, double clip);

// Adam's constants are PyTorch's: beta 0.9 and 0.999, eps 1e-8, bias correction.
class Optimizer {
 public:
  Optimizer(const OptimizerOptions& options, const Layout& layout);

  // Starts the next update: every gradient counts `gradient_scale` times.
  void begin(double rate, double gradient_scale);

  // Its part on parameters begin .. end - 1; parts may run on different threads.
  void update(std::size_t begin, std::size_t end, const float* gradients, float* parameters);

  const OptimizerOptions& options() const { return options_; }

  // What resuming needs besides the parameters: updates done so far, and Adam's running means of
  // the gradients and of their squares, blocks of the same layout (empty for SGD).
  std::uint64_t updates() const { return updates_; }
  void set_updates(std::uint64_t updates) { updates_ = updates; }
  Buffer<float>& means() { return means_; }
  Buffer<float>& squares() { return squares_; }
  const Buffer<float>& means() const { return means_; }
  const Buffer<float>& squares() const { return squares_; }

 private:
  void update_part(std::size_t begin, std::size_t end, float keep, const float* gradients,
                   float* parameters);

  OptimizerOptions options_;
  std::size_t matrices_;
  Buffer<float> means_;
  Buffer<float> squares_;
  std::uint64_t updates_ = 0;
  double rate_ = 0;
  double gradient_scale_ = 1;
};

}  // namespace rondo::tool
