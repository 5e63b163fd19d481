// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See dropout.hpp.
#include "train/dropout.hpp"

#include <cmath>

#include "train/kernels.hpp"

namespace rondo::tool {
namespace {

// Steele, Lea and Flood's SplitMix64 finalizer.
std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

}  // namespace

template <class T>
void draw_mask(const Packed<T>& packed, std::size_t width, double dropout, const DropoutKey& key,
               std::size_t layer, T* mask) {
  const auto threshold = static_cast<std::uint32_t>(std::ldexp(dropout, 32));
  const T scale = static_cast<T>(1.0 / (1.0 - dropout));
  const std::uint64_t layer_key = mix(mix(mix(key.seed) ^ key.update) ^ layer);
  for (std::size_t t = 0; t < packed.steps(); ++t) {
    for (std::size_t b = 0; b < packed.running(t); ++b) {
      const std::uint64_t row_key = mix(mix(layer_key ^ packed.order[b]) ^ t);
      kernels<T>().dropout_mask(width, static_cast<std::uint32_t>(row_key >> 32), threshold, scale,
                                mask + (packed.start[t] + b) * width);
    }
  }
}

template void draw_mask(const Packed<float>&, std::size_t, double, const DropoutKey&, std::size_t,
                        float*);
template void draw_mask(const Packed<double>&, std::size_t, double, const DropoutKey&, std::size_t,
                        double*);

}  // namespace rondo::tool
