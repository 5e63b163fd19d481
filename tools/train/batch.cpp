// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See batch.hpp.
#include "train/batch.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

#include "base/error.hpp"

namespace rondo::tool {
namespace {

std::string fault_of(const NetShape& shape, const Sequence& sequence, bool targets) {
  if (shape.input == InputKind::reals && sequence.reals.size() % shape.inputs != 0) {
    return std::to_string(sequence.reals.size()) + " values, expected a multiple of the " +
           std::to_string(shape.inputs) + " inputs";
  }
  const std::size_t steps = sequence.steps(shape);
  if (steps == 0) return "is empty, expected at least one step";
  if (sequence.label >= std::max<std::size_t>(shape.classes, 1)) {
    return "label " + std::to_string(sequence.label) + ", expected one of " +
           std::to_string(shape.classes) + " classes";
  }
  if (!targets) return {};
  const std::size_t expected = shape.head == Head::last_step ? 1 : steps;
  if (shape.loss == Loss::squared) {
    if (sequence.values.size() == expected * shape.outputs) return {};
    return std::to_string(sequence.values.size()) + " target values, expected " +
           std::to_string(expected * shape.outputs);
  }
  if (sequence.targets.size() != expected) {
    return std::to_string(sequence.targets.size()) + " targets, expected " +
           std::to_string(expected);
  }
  for (const std::uint32_t target : sequence.targets) {
    if (target >= shape.outputs) {
      return "target " + std::to_string(target) + ", expected one below " +
             std::to_string(shape.outputs);
    }
  }
  return {};
}

}  // namespace

void require_fit(const NetShape& shape, Batch batch, bool targets) {
  if (batch.empty()) throw Error("batch", "has no sequence");
  std::size_t rows = 0;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const std::string fault = fault_of(shape, batch[i], targets);
    if (!fault.empty()) throw Error("batch, sequence " + std::to_string(i), fault);
    rows += batch[i].steps(shape);
  }
  if (rows > std::size_t{std::numeric_limits<std::int32_t>::max()}) {
    throw Error("batch", "has more steps than BLAS can count", "use a smaller batch");
  }
}

void sort_by_length(const NetShape& shape, Batch batch, std::vector<std::uint32_t>& order) {
  order.resize(batch.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const std::size_t steps_a = batch[a].steps(shape);
    const std::size_t steps_b = batch[b].steps(shape);
    return steps_a != steps_b ? steps_a > steps_b : a < b;
  });
}

namespace {

// The values of one answer of a sequence; nothing where the batch has none.
template <class T>
void pack_values(const NetShape& shape, const Sequence& sequence, std::size_t answer,
                 Packed<T>& packed) {
  if (sequence.values.empty()) return;
  const auto row = sequence.values.subspan(answer * shape.outputs, shape.outputs);
  packed.values.insert(packed.values.end(), row.begin(), row.end());
}

}  // namespace

template <class T>
void pack(const NetShape& shape, Batch batch, std::span<const std::uint32_t> order,
          Packed<T>& packed) {
  packed.order.assign(order.begin(), order.end());
  packed.start.assign(1, 0);
  packed.last.resize(order.size());
  packed.tokens.clear();
  packed.reals.clear();
  packed.targets.clear();
  packed.values.clear();
  packed.classes.clear();
  const bool has_targets = !batch[order.front()].targets.empty();
  const std::size_t steps = batch[order.front()].steps(shape);
  std::size_t running = order.size();
  for (std::size_t t = 0; t < steps; ++t) {
    while (batch[order[running - 1]].steps(shape) <= t) --running;
    for (std::size_t b = 0; b < running; ++b) {
      const Sequence& sequence = batch[order[b]];
      packed.last[b] = packed.start.back() + b;
      if (shape.input == InputKind::tokens) {
        packed.tokens.push_back(sequence.tokens[t]);
      } else {
        const auto row = sequence.reals.subspan(t * shape.inputs, shape.inputs);
        packed.reals.insert(packed.reals.end(), row.begin(), row.end());
      }
      if (has_targets && shape.head == Head::every_step) {
        packed.targets.push_back(sequence.targets[t]);
      }
      if (shape.head == Head::every_step) pack_values(shape, sequence, t, packed);
    }
    packed.start.push_back(packed.start.back() + running);
  }
  if (shape.classes > 0) {
    for (const std::uint32_t place : order) packed.classes.push_back(batch[place].label);
  }
  if (has_targets && shape.head == Head::last_step) {
    for (const std::uint32_t place : order) packed.targets.push_back(batch[place].targets[0]);
  }
  if (shape.head == Head::last_step) {
    for (const std::uint32_t place : order) pack_values(shape, batch[place], 0, packed);
  }
}

template void pack(const NetShape&, Batch, std::span<const std::uint32_t>, Packed<float>&);
template void pack(const NetShape&, Batch, std::span<const std::uint32_t>, Packed<double>&);

}  // namespace rondo::tool
