// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Proves that the engine sees loads from beyond an array, in front or behind. See planted.cpp.
#include "kernels/planted.hpp"

namespace rondo::engine {
namespace {

using kernel::F32;
using kernel::S8;

// Loads from beyond each array that is read. The compiler may not leave them out.
template <class T>
void look_at(const T* at) noexcept {
  static_cast<void>(*static_cast<const volatile T*>(at));
}
constexpr auto k_past_x = [](auto* x, uint32_t inputs, uint32_t, uint8_t*) { look_at(x + inputs); };
constexpr auto k_before_x = [](auto* x, uint32_t, uint32_t, uint8_t*) { look_at(x - 1); };
constexpr auto k_past_w = [](const kernel::ProductS8& p) {
  look_at(p.w + size_t{p.rows} * p.padded);
};
constexpr auto k_before_w = [](const auto& p) { look_at(p.w - 1); };
constexpr auto k_past_scale = [](const auto& p) { look_at(p.scale + p.rows); };
constexpr auto k_past_sums = [](const auto& p) { look_at(p.sums + p.rows); };
constexpr auto k_past_operand = [](const kernel::ProductS8& p) {
  look_at(p.x + (p.count - 1) * p.x_stride + kernel::operand_bytes(Packing::host, p.padded));
};
constexpr auto k_past_from = [](const auto& p) {
  look_at(p.from + (p.count - 1) * (p.from_stride / sizeof *p.from) + p.rows);
};
constexpr auto k_past_w_f32 = [](const kernel::ProductF32& p) {
  look_at(p.w + size_t{p.rows} * p.inputs);
};
constexpr auto k_past_x_f32 = [](const kernel::ProductF32& p) {
  look_at(p.x + (p.count - 1) * (p.x_stride / sizeof *p.x) + p.inputs);
};
constexpr auto k_past_column_w = [](const auto& c) { look_at(c.w + c.rows); };
constexpr auto k_past_column_from = [](const auto& c) { look_at(c.from + c.rows); };
// t is aligned to 64 bytes: only where its length is a multiple of that does a page end with it.
template <uint32_t gates>
constexpr auto k_past_t = [](const auto& b) { look_at(b.t + gates * b.units); };
constexpr auto k_past_t_x = [](const auto& b) { look_at(b.t_x + 3 * b.units); };
constexpr auto k_past_t_h = [](const auto& b) { look_at(b.t_h + 3 * b.units); };
constexpr auto k_before_t = [](const auto& b) { look_at(b.t - 1); };
constexpr auto k_past_c = [](const auto& b) { look_at(b.c + b.units); };
constexpr auto k_past_h = [](const auto& b) { look_at(b.h + b.units); };
constexpr auto k_past_z = [](const auto& b) { look_at(b.z + b.units); };

const Fault<S8> k_loads_s8[] = {
    {"x behind its end", "product_s8", plant_prepare<&S8::prepare_s8, int8_t, k_past_x>},
    {"x behind its end", "product_s16", plant_prepare<&S8::prepare_s16, int16_t, k_past_x>},
    {"x before its start", "product_s8", plant_prepare<&S8::prepare_s8, int8_t, k_before_x>},
    {"w behind its end", "product_s8", plant<&S8::product_s8, k_past_w>},
    {"w behind its end", "product_s16", plant<&S8::product_s16, k_past_w>},
    {"w before its start", "product_s8", plant<&S8::product_s8, k_before_w>},
    {"scale behind its end", "product_s8", plant<&S8::product_s8, k_past_scale>},
    {"sums behind their end", "product_s8", plant<&S8::product_s8, k_past_sums>},
    {"operand behind its end", "product_s8", plant<&S8::product_s8, k_past_operand>},
    {"operand behind its end", "product_s16", plant<&S8::product_s16, k_past_operand>},
    {"from behind its end", "product_s8", plant<&S8::product_s8, k_past_from>},
    {"w behind its end", "column_s8", plant<&S8::column_s8, k_past_column_w>},
    {"scale behind its end", "column_s8", plant<&S8::column_s8, k_past_scale>},
    {"from behind its end", "column_s8", plant<&S8::column_s8, k_past_column_from>},
    {"t behind its end", "lstm_s8", plant<&S8::lstm_s8, k_past_t<4>>},
    {"t before its start", "lstm_s8", plant<&S8::lstm_s8, k_before_t>},
    {"c behind its end", "lstm_s8", plant<&S8::lstm_s8, k_past_c>},
    {"t_x behind its end", "gru_s8", plant<&S8::gru_s8, k_past_t_x>},
    {"t_h behind its end", "gru_s8", plant<&S8::gru_s8, k_past_t_h>},
    {"h behind its end", "gru_s8", plant<&S8::gru_s8, k_past_h>},
    {"t behind its end", "gru_reset_s8", plant<&S8::gru_reset_s8, k_past_t<2>>},
    {"h behind its end", "gru_reset_s8", plant<&S8::gru_reset_s8, k_past_h>},
    {"t behind its end", "gru_update_s8", plant<&S8::gru_update_s8, k_past_t<1>>},
    {"z behind its end", "gru_update_s8", plant<&S8::gru_update_s8, k_past_z>},
    {"h behind its end", "gru_update_s8", plant<&S8::gru_update_s8, k_past_h>},
    {"t behind its end", "tanh_s8", plant<&S8::tanh_s8, k_past_t<1>>},
};
const Fault<F32> k_loads_f32[] = {
    {"w behind its end", "product_f32", plant<&F32::product_f32, k_past_w_f32>},
    {"w before its start", "product_f32", plant<&F32::product_f32, k_before_w>},
    {"x behind its end", "product_f32", plant<&F32::product_f32, k_past_x_f32>},
    {"from behind its end", "product_f32", plant<&F32::product_f32, k_past_from>},
    {"w behind its end", "column_f32", plant<&F32::column_f32, k_past_column_w>},
    {"from behind its end", "column_f32", plant<&F32::column_f32, k_past_column_from>},
    {"t behind its end", "lstm_f32", plant<&F32::lstm_f32, k_past_t<4>>},
    {"c behind its end", "lstm_f32", plant<&F32::lstm_f32, k_past_c>},
    {"t_x behind its end", "gru_f32", plant<&F32::gru_f32, k_past_t_x>},
    {"h behind its end", "gru_f32", plant<&F32::gru_f32, k_past_h>},
    {"t behind its end", "gru_reset_f32", plant<&F32::gru_reset_f32, k_past_t<2>>},
    {"h behind its end", "gru_reset_f32", plant<&F32::gru_reset_f32, k_past_h>},
    {"t behind its end", "gru_update_f32", plant<&F32::gru_update_f32, k_past_t<1>>},
    {"z behind its end", "gru_update_f32", plant<&F32::gru_update_f32, k_past_z>},
    {"t behind its end", "tanh_f32", plant<&F32::tanh_f32, k_past_t<1>>},
};
}  // namespace

int unseen_loads() noexcept {
  return unseen(k_loads_s8) + unseen(k_loads_f32);
}

}  // namespace rondo::engine
