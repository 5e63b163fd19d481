// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A real input as integers, in the scratch, the rest of its last group zero. Used by step_f32 and
// step_s16.
#pragma once
#include <rondo/model.hpp>

namespace rondo {

template <class T, class Value>
const void* fill(uint8_t* place, uint32_t inputs, Value value) noexcept {
  T* const q = static_cast<T*>(static_cast<void*>(place));
  for (uint32_t i = 0; i < inputs; ++i) q[i] = static_cast<T>(value(i));
  for (uint32_t i = inputs; i % 4 != 0; ++i) q[i] = 0;
  return q;
}

// value(i) is input i in steps, within the range of the model's input type.
template <class Value>
const void* put_input(const Model& model, uint8_t* place, Value value) noexcept {
  return model.input() == Input::s16 ? fill<int16_t>(place, model.inputs(), value)
                                     : fill<int8_t>(place, model.inputs(), value);
}

}  // namespace rondo
