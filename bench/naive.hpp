// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The LSTM step that people write first: what the benches compare with. Compiled with -O3 for the
// baseline CPU, without -ffast-math and without fused multiply-add; expf and tanhf are libm's.
#pragma once
#include <cstddef>
#include <vector>

namespace rondo::bench {

// Gates in the order i, f, g, o; rows gate after gate.
struct NaiveLstm {
  std::size_t inputs, hidden;
  std::vector<float> w;  // (4 H, I); of the column form (I, 4 H)
  std::vector<float> u;  // (4 H, H); of the column form (H, 4 H)
  std::vector<float> bias, t;
  std::vector<float> c, h;
};

// Row after row, its inputs in a loop into one sum, which the compiler may not reorder.
void naive_step_rows(NaiveLstm& net, const float* x);
// Input after input, all rows in a loop, which the compiler turns into vectors of the baseline CPU.
void naive_step_columns(NaiveLstm& net, const float* x);

}  // namespace rondo::bench
