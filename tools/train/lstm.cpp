// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See lstm.hpp.
#include "train/lstm.hpp"

#include "train/kernels.hpp"

namespace rondo::tool {

template <class T>
void lstm_forward(const Packed<T>& packed, const CellInput<T>& input,
                  const CellBlock<const T>& block, CellPass<T>& pass) {
  const std::size_t hidden = pass.hidden;
  gates_of_input(packed, input, block, pass);
  T* tanh_c = pass.tanh_c.room(packed.rows() * hidden);
  for (std::size_t t = 0; t < packed.steps(); ++t) {
    const std::size_t row = packed.start[t];
    const std::size_t now = packed.before(t + 1);
    recurrent_forward(packed, block.u, t, pass);
    kernels<T>().lstm_forward(packed.running(t), hidden, pass.gate.data() + row * pass.gates,
                              pass.c.data() + packed.before(t) * hidden,
                              pass.c.data() + now * hidden, tanh_c + row * hidden,
                              pass.h.data() + now * hidden);
  }
}

template <class T>
void lstm_backward(const Packed<T>& packed, const CellInput<T>& input,
                   const CellBlock<const T>& block, const CellBlock<T>& gradients,
                   CellPass<T>& pass, T* dh, T* dx, T* dh0, T* dc0) {
  const std::size_t hidden = pass.hidden;
  const std::size_t state = packed.batch() * hidden;
  T* dc = pass.dc.zeros(state);  // sequences that end earlier join with zero on the way back
  prepare_recurrent_backward(packed, block.u, pass);
  for (std::size_t t = packed.steps(); t-- > 0;) {
    const std::size_t row = packed.start[t];
    kernels<T>().lstm_backward(packed.running(t), hidden, pass.gate.data() + row * pass.gates,
                               pass.c.data() + packed.before(t) * hidden,
                               pass.tanh_c.data() + row * hidden, dh + row * hidden, dc);
    T* dh_before = t > 0 ? dh + packed.start[t - 1] * hidden : dh0;
    if (dh_before != nullptr) recurrent_backward(packed, block.u, t, pass, dh_before);
  }
  if (dc0 != nullptr) kernels<T>().add(state, dc, dc0);
  gates_backward(packed, input, block, gradients, pass, dx);
}

#define RONDO_INSTANTIATE(T)                                                                    \
  template void lstm_forward(const Packed<T>&, const CellInput<T>&, const CellBlock<const T>&,  \
                             CellPass<T>&);                                                     \
  template void lstm_backward(const Packed<T>&, const CellInput<T>&, const CellBlock<const T>&, \
                              const CellBlock<T>&, CellPass<T>&, T*, T*, T*, T*);
RONDO_INSTANTIATE(float)
RONDO_INSTANTIATE(double)

}  // namespace rondo::tool
