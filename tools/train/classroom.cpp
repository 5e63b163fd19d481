// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See classroom.hpp.
#include "train/classroom.hpp"

#include <algorithm>

#include "train/mirror.hpp"

namespace rondo::tool {

template <class T>
void classroom_forward(const Packed<T>& packed, const CellInput<T>& input,
                       const CellBlock<const T>& block, CellPass<T>& pass) {
  const std::size_t hidden = pass.hidden;
  gates_of_input(packed, input, block, pass);
  for (std::size_t t = 0; t < packed.steps(); ++t) {
    recurrent_forward(packed, block.u, t, pass);
    copy_rows<T>(packed.running(t), hidden, nullptr,
                 pass.gate.data() + packed.start[t] * pass.gates, pass.gates,
                 pass.h.data() + packed.before(t + 1) * hidden, hidden);
  }
}

template <class T>
void classroom_backward(const Packed<T>& packed, const CellInput<T>& input,
                        const CellBlock<const T>& block, const CellBlock<T>& gradients,
                        CellPass<T>& pass, const T* dout, T* dx, T* dh0) {
  const std::size_t hidden = pass.hidden;
  const std::size_t gates = pass.gates;
  T* dgate = pass.gate.data();
  T* dh = pass.dh.room(packed.rows() * hidden);
  std::copy_n(dout, packed.rows() * gates, dgate);
  copy_rows<T>(packed.rows(), hidden, nullptr, dout, gates, dh, hidden);
  prepare_recurrent_backward(packed, block.u, pass);
  for (std::size_t t = packed.steps(); t-- > 0;) {
    const std::size_t row = packed.start[t];
    copy_rows<T>(packed.running(t), hidden, nullptr, dh + row * hidden, hidden, dgate + row * gates,
                 gates);
    T* const dh_before = t > 0 ? dh + packed.start[t - 1] * hidden : dh0;
    if (dh_before != nullptr) recurrent_backward(packed, block.u, t, pass, dh_before);
  }
  gates_backward(packed, input, block, gradients, pass, dx);
}

#define RONDO_INSTANTIATE(T)                                                                     \
  template void classroom_forward(const Packed<T>&, const CellInput<T>&,                         \
                                  const CellBlock<const T>&, CellPass<T>&);                      \
  template void classroom_backward(const Packed<T>&, const CellInput<T>&,                        \
                                   const CellBlock<const T>&, const CellBlock<T>&, CellPass<T>&, \
                                   const T*, T*, T*);
RONDO_INSTANTIATE(float)
RONDO_INSTANTIATE(double)

}  // namespace rondo::tool
