// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the trainer is fed, and how it is laid out inside: sequences sorted by length and packed, so
// that step t has rows only for the sequences that are still running. Nothing is padded, so nothing
// can leak from padding into a result.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "train/shape.hpp"

namespace rondo::tool {

// One sequence of T steps; views into the caller's data. A token outside the vocabulary is the zero
// input, as on the device.
struct Sequence {
  std::span<const std::uint32_t> tokens;   // (T), or
  std::span<const float> reals;            // (T, I)
  std::span<const std::uint32_t> targets;  // (1) for Head::last_step, (T) for Head::every_step
  std::uint32_t label = 0;                 // the class in front of each letter, generator
  std::span<const float> values = {};      // Loss::squared, in place of targets: (O) or (T, O)

  std::size_t steps(const NetShape& shape) const {
    return shape.input == InputKind::tokens ? tokens.size() : reals.size() / shape.inputs;
  }
};
using Batch = std::span<const Sequence>;

// Throws Error naming the sequence that does not fit the shape: empty, reals not a multiple of I, a
// label out of range, and, where targets are asked for, their number or a class out of range.
void require_fit(const NetShape& shape, Batch batch, bool targets);

// The places of the sequences in the batch, longest first, equal lengths in their order.
void sort_by_length(const NetShape& shape, Batch batch, std::vector<std::uint32_t>& order);

template <class T>
struct Packed {
  std::vector<std::uint32_t> order;    // (B) places in the caller's batch, longest first
  std::vector<std::size_t> start;      // (T + 1) the first row of each step, then their number N
  std::vector<std::size_t> last;       // (B) the row of each sequence's last step
  std::vector<std::uint32_t> tokens;   // (N), or
  std::vector<T> reals;                // (N, I)
  std::vector<std::uint32_t> classes;  // (B) generator
  std::vector<std::uint32_t> targets;  // (B) or (N), by Head; empty where the batch has none
  std::vector<T> values;               // (B, O) or (N, O), the same for Loss::squared

  std::size_t batch() const { return order.size(); }
  std::size_t steps() const { return start.size() - 1; }
  std::size_t rows() const { return start.back(); }
  std::size_t running(std::size_t t) const { return start[t + 1] - start[t]; }
  bool equal_lengths() const { return running(steps() - 1) == batch(); }

  // Where the state before step t stands in a buffer (B + N, H) that has the initial state first
  // and then a row for each step of each sequence.
  std::size_t before(std::size_t t) const { return t == 0 ? 0 : batch() + start[t - 1]; }
};

// Packs those sequences of the batch whose places `order` lists, longest first.
template <class T>
void pack(const NetShape& shape, Batch batch, std::span<const std::uint32_t> order,
          Packed<T>& packed);

}  // namespace rondo::tool
