// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See gru.hpp.
#include "train/gru.hpp"

#include "train/kernels.hpp"

namespace rondo::tool {

template <class T>
void gru_forward(const Packed<T>& packed, const CellInput<T>& input,
                 const CellBlock<const T>& block, CellPass<T>& pass) {
  const std::size_t hidden = pass.hidden;
  pass.parts = true;
  gates_of_input(packed, input, block, pass);
  for (std::size_t t = 0; t < packed.steps(); ++t) {
    const std::size_t row = packed.start[t] * pass.gates;
    recurrent_forward(packed, block.u, t, pass);
    kernels<T>().gru_forward(packed.running(t), hidden, pass.gate.data() + row,
                             pass.gate_h.data() + row, pass.h.data() + packed.before(t) * hidden,
                             pass.h.data() + packed.before(t + 1) * hidden);
  }
}

template <class T>
void gru_backward(const Packed<T>& packed, const CellInput<T>& input,
                  const CellBlock<const T>& block, const CellBlock<T>& gradients, CellPass<T>& pass,
                  T* dh, T* dx, T* dh0) {
  const std::size_t hidden = pass.hidden;
  // Where nobody wants the gradient of the initial state, it goes here.
  T* const unwanted = pass.dc.zeros(packed.batch() * hidden);
  prepare_recurrent_backward(packed, block.u, pass);
  for (std::size_t t = packed.steps(); t-- > 0;) {
    const std::size_t row = packed.start[t];
    T* const wanted = t > 0 ? dh + packed.start[t - 1] * hidden : dh0;
    T* const dh_before = wanted == nullptr ? unwanted : wanted;
    kernels<T>().gru_backward(packed.running(t), hidden, pass.gate.data() + row * pass.gates,
                              pass.gate_h.data() + row * pass.gates,
                              pass.h.data() + packed.before(t) * hidden, dh + row * hidden,
                              dh_before);
    if (wanted != nullptr) recurrent_backward(packed, block.u, t, pass, dh_before);
  }
  gates_backward(packed, input, block, gradients, pass, dx);
}

#define RONDO_INSTANTIATE(T)                                                                   \
  template void gru_forward(const Packed<T>&, const CellInput<T>&, const CellBlock<const T>&,  \
                            CellPass<T>&);                                                     \
  template void gru_backward(const Packed<T>&, const CellInput<T>&, const CellBlock<const T>&, \
                             const CellBlock<T>&, CellPass<T>&, T*, T*, T*);
RONDO_INSTANTIATE(float)
RONDO_INSTANTIATE(double)

}  // namespace rondo::tool
