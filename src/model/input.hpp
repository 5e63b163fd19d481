// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// A real input as integers, in the scratch. Used by step_f32, step_s16 and their runs.
#pragma once
#include <rondo/model.hpp>

#include "model/chain.hpp"

namespace rondo {

inline size_t input_stride(const Model& model) noexcept {
  return stride_of(model.inputs(), model.input(), k_arena_align);
}

// value(i) is input i in steps, within the range of the model's input type. `place` is where one
// vector stands.
template <class Value>
void put_input(const Model& model, uint8_t* place, Value value) noexcept {
  void* const q = place;
  const uint32_t inputs = model.inputs();  // a store of int8 might be to anything, the model too
  if (model.input() == Format::s16) {
    for (uint32_t i = 0; i < inputs; ++i) {
      static_cast<int16_t*>(q)[i] = static_cast<int16_t>(value(i));
    }
  } else {
    for (uint32_t i = 0; i < inputs; ++i) {
      static_cast<int8_t*>(q)[i] = static_cast<int8_t>(value(i));
    }
  }
}

}  // namespace rondo
