// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See mirror.hpp.
#include "train/mirror.hpp"

#include <algorithm>

#include "train/kernels.hpp"

namespace rondo::tool {

template <class T>
void find_mirror(const Packed<T>& packed, Buffer<std::uint32_t>& mirror) {
  std::uint32_t* const to = mirror.room(packed.rows());
  std::size_t steps = packed.steps();  // of sequence b: never more than of the one before
  for (std::size_t b = 0; b < packed.batch(); ++b) {
    while (packed.running(steps - 1) <= b) --steps;
    for (std::size_t t = 0; t < steps; ++t) {
      to[packed.start[t] + b] = static_cast<std::uint32_t>(packed.start[steps - 1 - t] + b);
    }
  }
}

template <class V>
void copy_rows(std::size_t rows, std::size_t width, const std::uint32_t* mirror, const V* from,
               std::size_t from_stride, V* to, std::size_t to_stride) {
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t at = mirror == nullptr ? row : mirror[row];
    std::copy_n(from + at * from_stride, width, to + row * to_stride);
  }
}

template <class T>
void add_mirrored(std::size_t rows, std::size_t width, const std::uint32_t* mirror, const T* from,
                  T* to) {
  for (std::size_t row = 0; row < rows; ++row) {
    kernels<T>().add(width, from + mirror[row] * width, to + row * width);
  }
}

template void copy_rows(std::size_t, std::size_t, const std::uint32_t*, const std::uint32_t*,
                        std::size_t, std::uint32_t*, std::size_t);
#define RONDO_INSTANTIATE(T)                                                                     \
  template void find_mirror(const Packed<T>&, Buffer<std::uint32_t>&);                           \
  template void copy_rows(std::size_t, std::size_t, const std::uint32_t*, const T*, std::size_t, \
                          T*, std::size_t);                                                      \
  template void add_mirrored(std::size_t, std::size_t, const std::uint32_t*, const T*, T*);
RONDO_INSTANTIATE(float)
RONDO_INSTANTIATE(double)

}  // namespace rondo::tool
