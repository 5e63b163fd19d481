// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A network with its optimizer and threads: what the commands train, evaluate and calibrate with.
// Batches go in, losses and logits come out; where batches come from is not its business.
// Threads share a batch, and their gradients are added in a fixed order: the same seed, batches and
// number of threads give the same bits on the same machine.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "formats/safetensors.hpp"
#include "train/initialize.hpp"
#include "train/memory.hpp"
#include "train/named_tensors.hpp"
#include "train/network.hpp"
#include "train/optimizer.hpp"
#include "train/workers.hpp"

namespace rondo::tool {

struct TrainerOptions {
  NetShape shape;
  OptimizerOptions optimizer;
  Initialization initialization = Initialization::uniform;
  std::uint64_t seed = 1;  // of the first parameters and of dropout
  std::size_t threads = 1;
};

// A forward pass over one sequence, for the quantizer.
struct LayerTrace {
  std::vector<float> gates;  // (T, G, H) activations i, f, g, o; r, z, n; or h
  std::vector<float> c;      // (T, H), LSTM
  std::vector<float> h;      // (T, H)
};
struct Trace {
  std::vector<LayerTrace> layers;  // halves apart, as CellPass; a backward one from the end
  std::vector<float> logits;       // (1, O) or (T, O), by Head
};

class Trainer {
 public:
  explicit Trainer(const TrainerOptions& options);

  const NetShape& shape() const { return net_.shape; }
  std::uint64_t updates() const { return optimizer_.updates(); }

  // One update at learning rate `rate`; returns the mean loss before it, over the sequences or, for
  // Head::every_step, over all steps. With a state, sequence b goes on where the b-th ended in the
  // call before; no gradient flows there. Throws Error where the batch does not fit, or where loss
  // or gradients are not finite: parameters and state are then as they were.
  double train_batch(Batch batch, double rate, State<float>* state = nullptr);
  double gradient_norm() const { return gradient_norm_; }  // of that update, before clipping

  // From now on train_batch runs with numbers as an int8 model has them; see fake_quantize.hpp.
  // Whatever else there is here goes on with those that training moves.
  void set_quantize_aware(bool on) { quantize_aware_ = on; }
  // Takes all the memory at once that batches up to these take, with `threads` as it is: `size`
  // sequences as long as `longest` in training, `measured` as long as `longest_measured` in
  // evaluate and predict. Parameters and optimizer stay as they are. Throws as train_batch.
  struct Largest {
    Sequence longest;
    std::size_t size;
    Sequence longest_measured;
    std::size_t measured;
  };
  MemoryUse reserve(const Largest& largest, State<float>* state = nullptr);

  // Without dropout, in groups, so that a batch may be a whole data set. The mean loss; or the
  // logits: (B, O), for Head::every_step the rows of sequence 0, of sequence 1, and so on.
  double evaluate(Batch batch, State<float>* state = nullptr);
  void predict(Batch batch, std::vector<float>& logits, State<float>* state = nullptr);

  Trace forward_trace(const Sequence& sequence);

  // The block of parameters; see Layout.
  const Network& network() const { return net_; }
  std::span<float> parameters() { return {parameters_.data(), net_.layout.size}; }

  // As tensors of a checkpoint; `place` names the file in errors. The optimizer's are needed only
  // to resume, which then goes on to the same bits.
  std::vector<Tensor> save() const { return tensors_of(net_, parameters_.data()); }
  void load(const TensorFile& file, const std::string& place);
  std::vector<Tensor> save_optimizer() const;
  void load_optimizer(const TensorFile& file, const std::string& place);

 private:
  struct Worker {
    Pass<float> pass;
    Buffer<float> gradients;           // a whole block; worker 0's becomes the sum
    std::vector<std::uint32_t> order;  // its share of the batch
    double loss = 0;                   // of its share
    double squares = 0;                // of the gradients in its part of the block
  };

  std::size_t share_out(Batch batch);
  void rehearse(Batch batch);
  void run_share(Batch batch, const State<float>* initial, float scale, Worker& worker);
  void sum_gradients(std::size_t i, std::size_t active);
  void require_finite_update(double loss) const;
  std::size_t part(std::size_t i, std::size_t active) const;
  template <class Use>
  void for_groups(Batch batch, State<float>* state, const Use& use);

  Network net_;
  std::uint64_t seed_;
  Buffer<float> parameters_;
  Buffer<float> rounded_;  // the same, where training runs with these
  bool quantize_aware_ = false;
  Optimizer optimizer_;
  std::vector<Worker> workers_;
  std::vector<std::uint32_t> order_;
  double gradient_norm_ = 0;
  Workers threads_;  // last: they are gone before what they work on
};

}  // namespace rondo::tool
