// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See rnn.hpp.
#include "train/rnn.hpp"

#include "train/kernels.hpp"

namespace rondo::tool {

template <class T>
void rnn_forward(RnnActivation activation, const Packed<T>& packed, const CellInput<T>& input,
                 const CellBlock<const T>& block, CellPass<T>& pass) {
  const std::size_t hidden = pass.hidden;
  const auto forward =
      activation == RnnActivation::tanh ? kernels<T>().tanh_forward : kernels<T>().relu_forward;
  gates_of_input(packed, input, block, pass);
  for (std::size_t t = 0; t < packed.steps(); ++t) {
    recurrent_forward(packed, block.u, t, pass);
    forward(packed.running(t) * hidden, pass.gate.data() + packed.start[t] * hidden,
            pass.h.data() + packed.before(t + 1) * hidden);
  }
}

template <class T>
void rnn_backward(RnnActivation activation, const Packed<T>& packed, const CellInput<T>& input,
                  const CellBlock<const T>& block, const CellBlock<T>& gradients, CellPass<T>& pass,
                  T* dh, T* dx, T* dh0) {
  const std::size_t hidden = pass.hidden;
  const auto backward =
      activation == RnnActivation::tanh ? kernels<T>().tanh_backward : kernels<T>().relu_backward;
  prepare_recurrent_backward(packed, block.u, pass);
  for (std::size_t t = packed.steps(); t-- > 0;) {
    const std::size_t row = packed.start[t];
    backward(packed.running(t) * hidden, pass.h.data() + packed.before(t + 1) * hidden,
             dh + row * hidden, pass.gate.data() + row * hidden);
    T* const dh_before = t > 0 ? dh + packed.start[t - 1] * hidden : dh0;
    if (dh_before != nullptr) recurrent_backward(packed, block.u, t, pass, dh_before);
  }
  gates_backward(packed, input, block, gradients, pass, dx);
}

#define RONDO_INSTANTIATE(T)                                                                       \
  template void rnn_forward(RnnActivation, const Packed<T>&, const CellInput<T>&,                  \
                            const CellBlock<const T>&, CellPass<T>&);                              \
  template void rnn_backward(RnnActivation, const Packed<T>&, const CellInput<T>&,                 \
                             const CellBlock<const T>&, const CellBlock<T>&, CellPass<T>&, T*, T*, \
                             T*);
RONDO_INSTANTIATE(float)
RONDO_INSTANTIATE(double)

}  // namespace rondo::tool
