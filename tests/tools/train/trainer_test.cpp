// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The trainer as a whole: it learns, it repeats to the bit, threads and groups change nothing that
// matters, and it does not allocate once it runs.
#include "train/trainer.hpp"

#include <doctest/doctest.h>

#include <cstddef>

#include "base/error.hpp"
#include "counted_allocations.hpp"
#include "help.hpp"

namespace rondo::tool {
namespace {

TEST_CASE("trainer: learns eight short sequences by heart") {
  const NetShape shape = token_shape(10, 24, 4);
  const RandomBatch batch(shape, k_lengths, 1);
  for (const OptimizerKind optimizer : {OptimizerKind::adam, OptimizerKind::sgd}) {
    Trainer trainer(options_for(shape, optimizer));
    const double rate = optimizer == OptimizerKind::adam ? 0.02 : 1.0;
    const double first = trainer.train_batch(batch.sequences, rate);
    CHECK(first == doctest::Approx(std::log(4.0)).epsilon(0.2));
    for (int i = 0; i < 300; ++i) trainer.train_batch(batch.sequences, rate);
    CHECK(trainer.evaluate(batch.sequences) < 0.01);
    Floats logits;
    trainer.predict(batch.sequences, logits);
    for (std::size_t b = 0; b < batch.sequences.size(); ++b) {
      const auto row = logits.begin() + static_cast<std::ptrdiff_t>(4 * b);
      CHECK(std::max_element(row, row + 4) - row == batch.targets[b][0]);
    }
  }
}

TEST_CASE("trainer: real inputs and a language model are learned too") {
  NetShape real = token_shape(3, 16, 3);
  real.input = InputKind::reals;
  real.layers = 2;
  for (const NetShape& shape : {real, token_shape(5, 32, 5, Head::every_step)}) {
    const RandomBatch batch(shape, {6, 4, 5}, 2);
    Trainer trainer(options_for(shape, OptimizerKind::adam, 2));
    for (int i = 0; i < 400; ++i) trainer.train_batch(batch.sequences, 0.01);
    CHECK(trainer.evaluate(batch.sequences) < 0.05);
  }
}

TEST_CASE("trainer: the same seed, batches and threads give the same bits, dropout and all") {
  NetShape shape = token_shape(12, 20, 5);
  shape.layers = 2;
  shape.dropout = 0.25;
  const RandomBatch batch(shape, k_lengths, 3);
  for (const std::size_t threads : Sizes{1, 2, 3}) {
    Trainer a(options_for(shape, OptimizerKind::adam, threads));
    Trainer b(options_for(shape, OptimizerKind::adam, threads));
    for (int i = 0; i < 50; ++i) {
      CHECK(a.train_batch(batch.sequences, 0.01) == b.train_batch(batch.sequences, 0.01));
    }
    CHECK(parameters_of(a) == parameters_of(b));
  }
}

TEST_CASE("trainer: every update drops other units") {
  NetShape shape = token_shape(12, 20, 5);
  const RandomBatch batch(shape, k_lengths, 3);
  for (const double dropout : {0.0, 0.5}) {
    shape.dropout = dropout;
    Trainer trainer(options_for(shape));
    const double first = trainer.train_batch(batch.sequences, 0.0);
    const double second = trainer.train_batch(batch.sequences, 0.0);
    CHECK((first == second) == (dropout == 0.0));
  }
}

// One update, so that differences of rounding cannot grow.
TEST_CASE("trainer: threads change a result by rounding only") {
  NetShape shape = token_shape(12, 20, 5);
  shape.dropout = 0.25;
  const RandomBatch batch(shape, k_lengths, 4);
  Trainer one(options_for(shape, OptimizerKind::sgd, 1));
  const double loss = one.train_batch(batch.sequences, 0.1);
  for (const std::size_t threads : Sizes{2, 3, 8, 11}) {
    Trainer more(options_for(shape, OptimizerKind::sgd, threads));
    CHECK(more.train_batch(batch.sequences, 0.1) == doctest::Approx(loss).epsilon(1e-6));
    CHECK(more.gradient_norm() == doctest::Approx(one.gradient_norm()).epsilon(1e-5));
    CHECK(error_of(parameters_of(more), parameters_of(one)) < 1e-6);
  }
}

TEST_CASE("trainer: predictions stand in the caller's order and need no company") {
  for (const Head head : {Head::last_step, Head::every_step}) {
    NetShape shape = token_shape(9, 17, 3, head);
    shape.dropout = 0.5;  // of no consequence here
    std::vector<std::size_t> lengths;
    for (std::size_t i = 0; i < 150; ++i) lengths.push_back(1 + i * 7 % 11);  // three groups
    const RandomBatch batch(shape, lengths, 5);
    Trainer trainer(options_for(shape, OptimizerKind::adam, 2));
    Floats all;
    trainer.predict(batch.sequences, all);
    Floats each;
    for (const Sequence& sequence : batch.sequences) {
      Floats one;
      trainer.predict(Batch(&sequence, 1), one);
      each.insert(each.end(), one.begin(), one.end());
    }
    CHECK(error_of(all, each) < 1e-5);
    double loss = 0;
    for (const Sequence& sequence : batch.sequences) {
      const auto targets = static_cast<double>(sequence.targets.size());
      loss += trainer.evaluate(Batch(&sequence, 1)) * targets;
    }
    const auto rows = static_cast<double>(all.size() / 3);
    CHECK(trainer.evaluate(batch.sequences) == doctest::Approx(loss / rows).epsilon(1e-5));
  }
}

TEST_CASE("trainer: with a state, two halves are worth the whole") {
  const NetShape shape = token_shape(9, 17, 9, Head::every_step);
  const RandomBatch batch(shape, {12, 8, 10}, 6);
  std::vector<Sequence> halves[2];
  for (const Sequence& whole : batch.sequences) {
    const std::size_t half = whole.tokens.size() / 2;
    halves[0].push_back({whole.tokens.first(half), {}, whole.targets.first(half)});
    halves[1].push_back({whole.tokens.subspan(half), {}, whole.targets.subspan(half)});
  }
  Trainer trainer(options_for(shape, OptimizerKind::sgd, 2));
  Floats whole, first, second;
  State<float> state;
  trainer.predict(batch.sequences, whole);
  trainer.predict(halves[0], first, &state);
  trainer.predict(halves[1], second, &state);
  Floats joined;
  for (std::size_t b = 0, at = 0; b < 3; ++b) {
    const std::size_t count = halves[0][b].tokens.size() * 9;
    for (const Floats* half : {&first, &second}) {
      const auto from = half->begin() + static_cast<std::ptrdiff_t>(at);
      joined.insert(joined.end(), from, from + static_cast<std::ptrdiff_t>(count));
    }
    at += count;
  }
  CHECK(error_of(joined, whole) < 1e-5);

  State<float> trained;
  trainer.train_batch(halves[0], 0.0, &trained);
  state = {};
  trainer.evaluate(halves[0], &state);
  CHECK(error_of(trained.h, state.h) < 1e-6);
  CHECK(error_of(trained.c, state.c) < 1e-6);
  halves[1].pop_back();
  CHECK_THROWS_WITH_AS(trainer.train_batch(halves[1], 0.1, &state), doctest::Contains("2 seq"),
                       Error);
}

// All memory is there after the first update.
void check_allocations(const NetShape& shape) {
  const RandomBatch large(shape, {20, 20, 18, 3}, 10);
  const RandomBatch small(shape, {5, 2}, 11);
  for (const std::size_t threads : Sizes{1, 2}) {
    Trainer trainer(options_for(shape, OptimizerKind::adam, threads));
    State<float> state;
    trainer.train_batch(large.sequences, 0.01, &state);
    const std::size_t before = counted_allocations();
    CHECK(before > 0);
    for (int i = 0; i < 3; ++i) {
      trainer.train_batch(large.sequences, 0.01, &state);
      trainer.train_batch(small.sequences, 0.01);
    }
    CHECK(counted_allocations() == before);
  }
}

TEST_CASE("trainer: nothing is allocated after the largest batch, whatever the network") {
  NetShape shape = token_shape(12, 40, 5, Head::every_step);
  shape.layers = 2;
  shape.dropout = 0.1;
  check_allocations(shape);
  shape.layers = 1;
  check_allocations(shape);
  shape.layers = 3;
  shape.bidirectional = true;
  for (const CellKind cell : {CellKind::lstm, CellKind::gru, CellKind::rnn, CellKind::relu}) {
    shape.cell = cell;
    check_allocations(shape);
    NetShape of_reals = shape;
    of_reals.input = InputKind::reals;
    of_reals.head = Head::last_step;
    check_allocations(of_reals);
    of_reals.loss = Loss::squared;
    check_allocations(of_reals);
  }
  NetShape classroom = token_shape(12, 40, 5);
  classroom.cell = CellKind::classroom;
  check_allocations(classroom);
  classroom.cell = CellKind::generator;
  classroom.classes = 3;
  classroom.head = Head::every_step;
  classroom.dropout = 0.1;
  check_allocations(classroom);
}

}  // namespace
}  // namespace rondo::tool
