// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Proves that the engine sees errors: wrong results, and stores where nothing should be written.
// Ends with 0 when all were seen. On bare metal loads from beyond an array are left out.
#include "kernels/planted.hpp"

#include <rondo/numeric.hpp>

namespace rondo::engine {
namespace {

using kernel::F32;
using kernel::S8;

constexpr auto k_last_input = [](auto* x, uint32_t inputs, uint32_t, uint8_t* operand) {
  ++operand[sizeof *x * inputs - 1];
};
constexpr auto k_long_operand = [](auto*, uint32_t, uint32_t padded, uint8_t* operand) {
  operand[kernel::operand_bytes(k_packing_list[0], padded)] = 0;
};
template <class P>
auto* last_row(const P& p) noexcept {
  return p.t + (p.count - 1) * (p.t_stride / sizeof *p.t) + p.rows - 1;
}
constexpr auto k_last_row = [](const auto& p) { ++*last_row(p); };
constexpr auto k_row_too_many = [](const auto& p) { last_row(p)[1] = 0; };
constexpr auto k_row_between = [](const auto& p) {
  if (p.t_stride > 4 * p.rows) p.t[p.rows] = 0;
};
constexpr auto k_last_of_column = [](const auto& c) { ++c.t[c.rows - 1]; };
constexpr auto k_long_column = [](const auto& c) { c.t[c.rows] = 0; };
constexpr auto k_last_c = [](const auto& b) { b.c[b.units - 1] += 1; };
constexpr auto k_long_c = [](const auto& b) { b.c[b.units] = 0; };
constexpr auto k_last_h = [](const auto& b) { b.h[b.units - 1] += 1; };
constexpr auto k_long_h = [](const auto& b) { b.h[b.units] = 0; };
constexpr auto k_last_z = [](const auto& b) { b.z[b.units - 1] -= 1; };
constexpr auto k_long_z = [](const auto& b) { b.z[b.units] = 0; };
constexpr auto k_last_rh = [](const auto& b) { b.rh[b.units - 1] += 1; };
constexpr auto k_long_rh = [](const auto& b) { b.rh[b.units] = 0; };
constexpr auto k_last_h8 = [](const auto& b) {
  if (b.h8 != nullptr) ++b.h8[b.units - 1];
};
constexpr auto k_long_h8 = [](const auto& b) {
  if (b.h8 != nullptr) b.h8[b.units] = 0;
};
constexpr auto k_last_h16 = [](const auto& b) {
  if (b.h16 != nullptr) ++b.h16[b.units - 1];
};
constexpr auto k_long_h16 = [](const auto& b) {
  if (b.h16 != nullptr) b.h16[b.units] = 0;
};
constexpr auto k_last_rh8 = [](const auto& b) {
  if (b.rh8 != nullptr) ++b.rh8[b.units - 1];
};
constexpr auto k_long_rh16 = [](const auto& b) {
  if (b.rh16 != nullptr) b.rh16[b.units] = 0;
};
// Wrong only where an array is not aligned to 8.
constexpr auto k_aligned_w = [](const auto& p) {
  if (reinterpret_cast<uintptr_t>(p.w) % 8 != 0) ++p.t[0];
};
constexpr auto k_aligned_c = [](const auto& b) {
  if (reinterpret_cast<uintptr_t>(b.c) % 8 != 0) b.c[0] += 1;
};
// Wrong for one argument of 65,536.
constexpr auto k_one_argument = [](const kernel::TanhS8& b) {
  for (uint32_t k = 0; k < b.units; ++k) {
    if (rshr(b.t[k], 7) == -12345 && b.h16 != nullptr) ++b.h16[k];
  }
};
constexpr auto k_one_gate = [](const kernel::LstmS8& b) {
  for (uint32_t k = 0; k < b.units; ++k) {
    if (rshr(b.t[3 * b.units + k], 8) == 4321 && b.h16 != nullptr) ++b.h16[k];
  }
};

const Fault<S8> k_faults_s8[] = {
    {"last input of the operand", "product_s8",
     plant_prepare<&S8::prepare_s8, int8_t, k_last_input>},
    {"last input of the operand", "product_s16",
     plant_prepare<&S8::prepare_s16, int16_t, k_last_input>},
    {"a byte behind the operand", "product_s8",
     plant_prepare<&S8::prepare_s8, int8_t, k_long_operand>},
    {"a byte behind the operand", "product_s16",
     plant_prepare<&S8::prepare_s16, int16_t, k_long_operand>},
    {"last row", "product_s8", plant<&S8::product_s8, k_last_row>},
    {"last row", "product_s16", plant<&S8::product_s16, k_last_row>},
    {"a row behind the last", "product_s8", plant<&S8::product_s8, k_row_too_many>},
    {"a row behind the last", "product_s16", plant<&S8::product_s16, k_row_too_many>},
#ifndef RONDO_FIXED_ISA  // int8 products of microcontrollers take one vector
    {"a row between vectors", "product_s8", plant<&S8::product_s8, k_row_between>},
    {"a row between vectors", "product_s16", plant<&S8::product_s16, k_row_between>},
#endif
    {"w aligned to 8", "product_s8", plant<&S8::product_s8, k_aligned_w>},
    {"last row", "column_s8", plant<&S8::column_s8, k_last_of_column>},
    {"a row behind the last", "column_s8", plant<&S8::column_s8, k_long_column>},
    {"last c", "lstm_s8", plant<&S8::lstm_s8, k_last_c>},
    {"c behind the last", "lstm_s8", plant<&S8::lstm_s8, k_long_c>},
    {"last h8", "lstm_s8", plant<&S8::lstm_s8, k_last_h8>},
    {"h16 behind the last", "lstm_s8", plant<&S8::lstm_s8, k_long_h16>},
    {"c aligned to 8", "lstm_s8", plant<&S8::lstm_s8, k_aligned_c>},
    {"one argument of o", "lstm_s8", plant<&S8::lstm_s8, k_one_gate>},
    {"last h", "gru_s8", plant<&S8::gru_s8, k_last_h>},
    {"h behind the last", "gru_s8", plant<&S8::gru_s8, k_long_h>},
    {"last h16", "gru_s8", plant<&S8::gru_s8, k_last_h16>},
    {"h8 behind the last", "gru_s8", plant<&S8::gru_s8, k_long_h8>},
    {"last z", "gru_reset_s8", plant<&S8::gru_reset_s8, k_last_z>},
    {"z behind the last", "gru_reset_s8", plant<&S8::gru_reset_s8, k_long_z>},
    {"last rh8", "gru_reset_s8", plant<&S8::gru_reset_s8, k_last_rh8>},
    {"rh16 behind the last", "gru_reset_s8", plant<&S8::gru_reset_s8, k_long_rh16>},
    {"last h", "gru_update_s8", plant<&S8::gru_update_s8, k_last_h>},
    {"h behind the last", "gru_update_s8", plant<&S8::gru_update_s8, k_long_h>},
    {"last h8", "gru_update_s8", plant<&S8::gru_update_s8, k_last_h8>},
    {"h16 behind the last", "gru_update_s8", plant<&S8::gru_update_s8, k_long_h16>},
    {"last h8", "tanh_s8", plant<&S8::tanh_s8, k_last_h8>},
    {"last h16", "tanh_s8", plant<&S8::tanh_s8, k_last_h16>},
    {"h8 behind the last", "tanh_s8", plant<&S8::tanh_s8, k_long_h8>},
    {"one argument", "tanh_s8", plant<&S8::tanh_s8, k_one_argument>},
};
const Fault<F32> k_faults_f32[] = {
    {"last row", "product_f32", plant<&F32::product_f32, k_last_row>},
    {"a row behind the last", "product_f32", plant<&F32::product_f32, k_row_too_many>},
    {"a row between vectors", "product_f32", plant<&F32::product_f32, k_row_between>},
    {"w aligned to 8", "product_f32", plant<&F32::product_f32, k_aligned_w>},
    {"last row", "column_f32", plant<&F32::column_f32, k_last_of_column>},
    {"a row behind the last", "column_f32", plant<&F32::column_f32, k_long_column>},
    {"last c", "lstm_f32", plant<&F32::lstm_f32, k_last_c>},
    {"c behind the last", "lstm_f32", plant<&F32::lstm_f32, k_long_c>},
    {"last h", "lstm_f32", plant<&F32::lstm_f32, k_last_h>},
    {"h behind the last", "lstm_f32", plant<&F32::lstm_f32, k_long_h>},
    {"last h", "gru_f32", plant<&F32::gru_f32, k_last_h>},
    {"h behind the last", "gru_f32", plant<&F32::gru_f32, k_long_h>},
    {"last z", "gru_reset_f32", plant<&F32::gru_reset_f32, k_last_z>},
    {"z behind the last", "gru_reset_f32", plant<&F32::gru_reset_f32, k_long_z>},
    {"last rh", "gru_reset_f32", plant<&F32::gru_reset_f32, k_last_rh>},
    {"rh behind the last", "gru_reset_f32", plant<&F32::gru_reset_f32, k_long_rh>},
    {"last h", "gru_update_f32", plant<&F32::gru_update_f32, k_last_h>},
    {"h behind the last", "gru_update_f32", plant<&F32::gru_update_f32, k_long_h>},
    {"last h", "tanh_f32", plant<&F32::tanh_f32, k_last_h>},
    {"h behind the last", "tanh_f32", plant<&F32::tanh_f32, k_long_h>},
};

int unseen_stores() noexcept {
  return unseen(k_faults_s8) + unseen(k_faults_f32);
}

}  // namespace
}  // namespace rondo::engine

int main() {
  int count = rondo::engine::unseen_stores();
#ifndef RONDO_FIXED_ISA
  count += rondo::engine::unseen_loads() + rondo::engine::unseen_steps();
#endif
  return count == 0 ? 0 : 1;
}
