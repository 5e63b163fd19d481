// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See cell.hpp.
#include "train/cell.hpp"

#include <algorithm>

#include "train/blas.hpp"
#include "train/fake_quantize.hpp"
#include "train/kernels.hpp"

namespace rondo::tool {
namespace {

// Calls use(row, class) for each row, where there are classes.
template <class T, class Use>
void for_classes(const Packed<T>& packed, const CellInput<T>& input, const Use& use) {
  for (std::size_t t = 0; input.classes != nullptr && t < packed.steps(); ++t) {
    for (std::size_t b = 0; b < packed.running(t); ++b) {
      use(packed.start[t] + b, std::size_t{input.classes[b]});
    }
  }
}

}  // namespace

template <class T>
void gates_of_input(const Packed<T>& packed, const CellInput<T>& input,
                    const CellBlock<const T>& block, CellPass<T>& pass) {
  const Kernels<T>& k = kernels<T>();
  const std::size_t gates = pass.gates;
  T* bias = pass.bias.room(gates);
  std::copy_n(block.b_ih, gates, bias);
  if (pass.parts) {
    T* part = pass.gate_h.room(packed.rows() * gates);
    for (std::size_t row = 0; row < packed.rows(); ++row) {
      std::copy_n(block.b_hh, gates, part + row * gates);
    }
  } else if (block.b_hh != nullptr) {
    k.add(gates, block.b_hh, bias);
  }
  const T* w = block.w + input.class_rows * gates;
  T* out = pass.gate.room(packed.rows() * gates);
  for (std::size_t row = 0; row < packed.rows(); ++row) {
    std::copy_n(bias, gates, out + row * gates);
    if (input.tokens != nullptr && input.tokens[row] < pass.inputs) {
      k.add(gates, w + input.tokens[row] * gates, out + row * gates);
    }
  }
  if (input.tokens == nullptr) {
    linear_forward(packed.rows(), pass.inputs, gates, input.rows, w, out);
  }
  for_classes(packed, input, [&](std::size_t row, std::size_t label) {
    k.add(gates, block.w + label * gates, out + row * gates);
  });
}

namespace {

// h before each step from the first on, row for row as the gates.
template <class T>
const T* rows_before(const Packed<T>& packed, std::size_t first_step, CellPass<T>& pass) {
  const T* h = pass.read_h();
  if (packed.equal_lengths()) return h + packed.before(first_step) * pass.hidden;
  T* to = pass.h_before.room(packed.rows() * pass.hidden);
  for (std::size_t t = first_step; t < packed.steps(); ++t) {
    to = std::copy_n(h + packed.before(t) * pass.hidden, packed.running(t) * pass.hidden, to);
  }
  return pass.h_before.data();
}

}  // namespace

template <class T>
void gates_backward(const Packed<T>& packed, const CellInput<T>& input,
                    const CellBlock<const T>& block, const CellBlock<T>& gradients,
                    CellPass<T>& pass, T* dx) {
  const Kernels<T>& k = kernels<T>();
  const std::size_t gates = pass.gates;
  const std::size_t rows = packed.rows();
  const T* dgate = pass.gate.data();
  const T* dgate_h = pass.of_h().data();

  T* dbias = pass.bias.zeros(gates);
  k.add_rows(rows, gates, dgate, dbias);
  k.add(gates, dbias, gradients.b_ih);
  if (pass.parts) k.add_rows(rows, gates, dgate_h, dbias = pass.bias.zeros(gates));
  if (gradients.b_hh != nullptr) k.add(gates, dbias, gradients.b_hh);

  const std::size_t first_step = pass.has_initial_state ? 0 : 1;  // zero times U is nothing
  if (first_step < packed.steps()) {
    const std::size_t first_row = packed.start[first_step];
    linear_backward_weight(rows - first_row, pass.hidden, gates,
                           rows_before(packed, first_step, pass), dgate_h + first_row * gates,
                           gradients.u);
  }
  for_classes(packed, input, [&](std::size_t row, std::size_t label) {
    k.add(gates, dgate + row * gates, gradients.w + label * gates);
  });
  const std::size_t first = input.class_rows * gates;  // of w's rows for x
  if (input.tokens == nullptr) {
    linear_backward_weight(rows, pass.inputs, gates, input.rows, dgate, gradients.w + first);
    if (dx != nullptr) linear_backward_input(rows, pass.inputs, gates, dgate, block.w + first, dx);
    return;
  }
  for (std::size_t row = 0; row < rows; ++row) {
    if (input.tokens[row] >= pass.inputs) continue;
    k.add(gates, dgate + row * gates, gradients.w + first + input.tokens[row] * gates);
  }
}

template <class T>
void recurrent_forward(const Packed<T>& packed, const T* u, std::size_t t, CellPass<T>& pass) {
  if (t == 0 && !pass.has_initial_state) return;
  const std::size_t from = packed.before(t) * pass.hidden;
  if (pass.rounded) {
    round_state(packed.running(t) * pass.hidden, pass.h.data() + from,
                pass.h_rounded.data() + from);
  }
  kernels<T>().product(packed.running(t), pass.hidden, pass.gates, pass.read_h() + from, u,
                       pass.of_h().data() + packed.start[t] * pass.gates);
}

template <class T>
void prepare_recurrent_backward(const Packed<T>& packed, const T* u, CellPass<T>& pass) {
  if (packed.batch() == 1) return;
  T* transposed = pass.u_transposed.room(pass.gates * pass.hidden);
  kernels<T>().transpose(pass.hidden, pass.gates, u, transposed);
}

template <class T>
void recurrent_backward(const Packed<T>& packed, const T* u, std::size_t t, CellPass<T>& pass,
                        T* dh_before) {
  const Kernels<T>& k = kernels<T>();
  const T* dgate = pass.of_h().data() + packed.start[t] * pass.gates;
  if (packed.batch() == 1) {
    k.matrix_times_vector(pass.hidden, pass.gates, u, dgate, dh_before);
  } else {
    k.product(packed.running(t), pass.gates, pass.hidden, dgate, pass.u_transposed.data(),
              dh_before);
  }
}

#define RONDO_INSTANTIATE(T)                                                                     \
  template void gates_of_input(const Packed<T>&, const CellInput<T>&, const CellBlock<const T>&, \
                               CellPass<T>&);                                                    \
  template void gates_backward(const Packed<T>&, const CellInput<T>&, const CellBlock<const T>&, \
                               const CellBlock<T>&, CellPass<T>&, T*);                           \
  template void recurrent_forward(const Packed<T>&, const T*, std::size_t, CellPass<T>&);        \
  template void prepare_recurrent_backward(const Packed<T>&, const T*, CellPass<T>&);            \
  template void recurrent_backward(const Packed<T>&, const T*, std::size_t, CellPass<T>&, T*);
RONDO_INSTANTIATE(float)
RONDO_INSTANTIATE(double)

}  // namespace rondo::tool
