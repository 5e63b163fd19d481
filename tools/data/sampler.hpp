// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The order in which training sees its examples, cut into mini-batches. It deals in places
// 0 .. n - 1 of the list of labels it was given; the trainer knows what stands there.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rondo::tool {

enum class Sampling : std::uint8_t {
  natural,   // an epoch is a shuffle of all places
  balanced,  // n times: a class uniformly, then a place of that class uniformly, repeats and all
};

// while (sampler.next(batch)) { ... }  sampler.start_epoch();  and so on.
class Sampler {
 public:
  // Epoch 0 is ready to be read. Classes without a place are never drawn. Throws
  // std::invalid_argument where `labels` is empty or holds a label >= classes, or batch is 0.
  Sampler(std::span<const std::uint32_t> labels, std::size_t classes, Sampling sampling,
          std::size_t batch, std::uint64_t seed);

  // Replaces `places` by the next batch, which is smaller than the others only at the end of the
  // epoch; false, and nothing in `places`, after that.
  bool next(std::vector<std::size_t>& places);

  // Goes to the next epoch, or to a given one: its order depends on seed and number alone, so that
  // a resumed run goes on as it would have.
  void start_epoch() { start_epoch(epoch_ + 1); }
  void start_epoch(std::uint64_t epoch);

  std::uint64_t epoch() const { return epoch_; }

 private:
  std::vector<std::vector<std::size_t>> places_of_;  // per class that occurs
  Sampling sampling_;
  std::size_t batch_;
  std::uint64_t seed_;
  std::uint64_t epoch_ = 0;
  std::vector<std::size_t> order_;  // the places of this epoch
  std::size_t done_ = 0;            // how many of them were handed out
};

}  // namespace rondo::tool
