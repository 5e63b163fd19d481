// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The int8 kernels in plain C++: the specification that every other kernel set is held to, bit by
// bit, and the kernels of cores without vector instructions. The formulas are in numeric.hpp.
#include <string.h>

#include <rondo/numeric.hpp>

#include "kernel/kernels_s8.hpp"

namespace rondo::kernel {
namespace {

int32_t requantize(int32_t acc, uint32_t shift, int32_t scale) noexcept {
  return rdmulh32(shift_left(acc, static_cast<int>(shift)), scale);
}

const int32_t* from_of(const ProductS8& p, uint32_t v) noexcept {
  return static_cast<const int32_t*>(
      static_cast<const void*>(reinterpret_cast<const uint8_t*>(p.from) + v * p.from_stride));
}
int32_t* to_of(const ProductS8& p, uint32_t v) noexcept {
  return static_cast<int32_t*>(
      static_cast<void*>(reinterpret_cast<uint8_t*>(p.t) + v * p.t_stride));
}

// Where the weight for input i of a group stands: the order of packing cortex_m, or as it is.
template <Packing packing>
constexpr uint32_t place(uint32_t i) noexcept {
  return packing == Packing::cortex_m && (i == 1 || i == 2) ? 3 - i : i;
}

// Four rows of a group of weights, stored K = 4 (or one quarter of K = 16) apart.
template <Packing packing, class X>
void product(const ProductS8& p) noexcept {
  constexpr uint32_t group = packing == Packing::helium ? 16 : 4;
  // A tile of rows holds a whole block (host) or four rows.
  const size_t step = packing == Packing::host ? size_t{4} * p.rows : size_t{4} * group;
  for (uint32_t v = 0; v < p.count; ++v) {
    const X* const x = static_cast<const X*>(static_cast<const void*>(p.x + v * p.x_stride));
    const int32_t* const from = from_of(p, v);
    int32_t* const t = to_of(p, v);
    for (uint32_t r = 0; r < p.rows; r += 4) {
      const int8_t* w = p.w + (packing == Packing::host ? 4 * r : r * p.padded);
      int32_t acc0 = 0, acc1 = 0, acc2 = 0, acc3 = 0;
      for (uint32_t i = 0; i < p.padded; i += group, w += step) {
        for (uint32_t k = 0; k < group; k += 4) {
          const int32_t x0 = x[i + k], x1 = x[i + k + 1], x2 = x[i + k + 2], x3 = x[i + k + 3];
          const auto row = [=](uint32_t j) {
            const int8_t* const four = w + j * group + k;
            return four[place<packing>(0)] * x0 + four[place<packing>(1)] * x1 +
                   four[place<packing>(2)] * x2 + four[place<packing>(3)] * x3;
          };
          acc0 += row(0);
          acc1 += row(1);
          acc2 += row(2);
          acc3 += row(3);
        }
      }
      t[r] = from[r] + requantize(acc0, p.shift, p.scale[r]);
      t[r + 1] = from[r + 1] + requantize(acc1, p.shift, p.scale[r + 1]);
      t[r + 2] = from[r + 2] + requantize(acc2, p.shift, p.scale[r + 2]);
      t[r + 3] = from[r + 3] + requantize(acc3, p.shift, p.scale[r + 3]);
    }
  }
}

}  // namespace

void scalar_prepare_s8(const int8_t* x, uint32_t inputs, uint32_t padded,
                       uint8_t* operand) noexcept {
  memcpy(operand, x, inputs);
  memset(operand + inputs, 0, padded - inputs);
}

void scalar_prepare_s16(const int16_t* x, uint32_t inputs, uint32_t padded,
                        uint8_t* operand) noexcept {
  memcpy(operand, x, size_t{2} * inputs);
  memset(operand + size_t{2} * inputs, 0, size_t{2} * (padded - inputs));
}

void scalar_product_s8_host(const ProductS8& p) noexcept {
  product<Packing::host, int8_t>(p);
}
void scalar_product_s16_host(const ProductS8& p) noexcept {
  product<Packing::host, int16_t>(p);
}
void scalar_product_s8_cortex_m(const ProductS8& p) noexcept {
  product<Packing::cortex_m, int8_t>(p);
}
void scalar_product_s16_cortex_m(const ProductS8& p) noexcept {
  product<Packing::cortex_m, int16_t>(p);
}
void scalar_product_s8_helium(const ProductS8& p) noexcept {
  product<Packing::helium, int8_t>(p);
}
void scalar_product_s16_helium(const ProductS8& p) noexcept {
  product<Packing::helium, int16_t>(p);
}

void scalar_column_s8(const ColumnS8& column) noexcept {
  for (uint32_t r = 0; r < column.rows; ++r) {
    column.t[r] =
        column.from[r] + requantize(column.w[r] * k_token_one, column.shift, column.scale[r]);
  }
}

}  // namespace rondo::kernel
