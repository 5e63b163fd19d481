// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Everything of one shape, measured in turns: the cases on each kernel set, the naive loops, and
// the memory limit over the weights of each network. Used by bench_steps and tests/counts.
#pragma once
#include <cstddef>
#include <memory>
#include <regex>
#include <vector>

#include "cases.hpp"
#include "measure.hpp"
#include "memory_limit.hpp"

namespace rondo::bench {

// A case on a kernel set, or a naive form (set "-").
struct Row {
  const char *name, *set;
  std::size_t bytes;     // weights a step reads
  std::size_t products;  // of a step
  std::size_t steps;     // of one time of the side
  std::size_t side;
  std::size_t limit;      // the side of the memory limit for the same weights
  std::size_t own_limit;  // the same with registers no wider than those of the set
};

class StepTable {
 public:
  // Rows whose id, such as "lstm_s8/avx2/57x128", has a match of `only`; the naive rows always.
  StepTable(Size size, const std::regex& only);
  void measure(std::size_t rounds) { turns_.measure(rounds); }

  bool has_cases() const { return rows_.size() > 2; }  // more than the naive rows
  Size size() const { return size_; }
  const std::vector<Row>& rows() const { return rows_; }
  // Of a step.
  double ns(const Row& row) const { return turns_.ns(row.side) / static_cast<double>(row.steps); }
  double limit_ns(const Row& row) const { return turns_.ns(row.limit); }
  double own_limit_ns(const Row& row) const { return turns_.ns(row.own_limit); }
  double naive_ns() const { return ns(rows_.front()); }

 private:
  std::size_t add_limit(const Network& network, Load load);
  void add_naive();
  void add_case(const Case& which, const std::regex& only);

  Size size_;
  Turns turns_;
  std::vector<Row> rows_;
  std::vector<std::unique_ptr<Network>> networks_;
  std::vector<std::unique_ptr<Player>> players_;
  NaiveLstm by_rows_, by_columns_;
};

}  // namespace rondo::bench
