// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The numbers that the engine feeds to kernels: extremes, ramps, edges, and random ones that depend
// on the seed and the place alone, so that any of them can be asked for again. And where a weight
// stands in a block. No arrays here.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include <rondo/format.hpp>

namespace rondo::engine {

// A hash, for random access to random numbers: steps of the golden ratio, stirred by the finalizer
// of MurmurHash3.
constexpr uint32_t mix(uint32_t a, uint32_t b) noexcept {
  uint32_t x = a + 0x9E3779B9U * (b + 1);
  x = (x ^ (x >> 16)) * 0x85EBCA6BU;
  x = (x ^ (x >> 13)) * 0xC2B2AE35U;
  return x ^ (x >> 16);
}
constexpr uint32_t mix(uint32_t a, uint32_t b, uint32_t c) noexcept {
  return mix(mix(a, b), c);
}
template <class T, uint32_t n>
constexpr T one_of(const T (&list)[n], uint32_t random) noexcept {
  return list[random % n];
}

// Where the weight of an input and row stands in a packed block, as format.hpp says of each
// packing; nothing here is taken from the kernels.
constexpr size_t place_of(Packing packing, uint32_t rows, uint32_t padded, uint32_t row,
                          uint32_t input) noexcept {
  if (packing == Packing::host) return (size_t{input / 4} * rows + row) * 4 + input % 4;
  const uint32_t group = packing == Packing::helium ? 16 : 4;
  const uint32_t within = input % group;
  const uint32_t swapped = within == 1 || within == 2 ? 3 - within : within;
  return ((size_t{row / 4} * (padded / group) + input / group) * 4 + row % 4) * group +
         (group == 4 ? swapped : within);
}

enum class Pattern : uint8_t { zero, most, least, signs, ramp, edges, random };
constexpr uint32_t k_patterns = 7;
constexpr const char* name_of(Pattern pattern) noexcept {
  constexpr const char* names[] = {"zero", "most", "least", "signs", "ramp", "edges", "random"};
  return names[static_cast<uint32_t>(pattern)];
}

// A number of magnitude up to `limit`, all magnitudes alike: most random integers are large.
constexpr int32_t any_size(uint32_t random, int32_t limit) noexcept {
  const uint32_t bits = mix(random, 1) % 32;
  const uint32_t size = (random >> 1 >> bits) % (static_cast<uint32_t>(limit) + 1U);
  return (random & 1) != 0 ? -static_cast<int32_t>(size) : static_cast<int32_t>(size);
}

// Weights in -limit .. limit. Where the sum of a row would overflow, the limit is below 127.
constexpr int32_t weight_at(Pattern pattern, int32_t limit, uint32_t seed, uint32_t row,
                            uint32_t input) noexcept {
  const uint32_t span = 2 * static_cast<uint32_t>(limit) + 1;
  switch (pattern) {
    case Pattern::zero:
      return 0;
    case Pattern::most:
      return limit;
    case Pattern::least:
      return -limit;
    case Pattern::signs:
      return ((row ^ input) & 1) != 0 ? limit : -limit;
    case Pattern::ramp:
      return static_cast<int32_t>((input * 3 + row * 7) % span) - limit;
    case Pattern::edges:  // one weight in a row: a wrong place shows
      return input == row ? limit : 0;
    case Pattern::random:
      break;
  }
  return static_cast<int32_t>(mix(seed, row, input) % span) - limit;
}

// Activations: int8, or int16, whose edges are those of its two bytes.
constexpr int32_t k_edges_s8[] = {-128, -127, -2, -1, 0, 1, 2, 126, 127};
constexpr int32_t k_edges_s16[] = {-32768, -32767, -32641, -32640, -257,  -256,  -255,  -129, -128,
                                   -127,   -1,     0,      1,      127,   128,   255,   256,  257,
                                   383,    384,    32511,  32512,  32639, 32640, 32766, 32767};
constexpr int32_t value_at(Pattern pattern, bool wide, uint32_t seed, uint32_t vector,
                           uint32_t input) noexcept {
  const int32_t most = wide ? 32767 : 127;
  const uint32_t span = wide ? 65536 : 256;
  const uint32_t random = mix(seed, vector, input);
  switch (pattern) {
    case Pattern::zero:
      return 0;
    case Pattern::most:
      return most;
    case Pattern::least:
      return -most - 1;
    case Pattern::signs:
      return ((vector ^ input) & 1) != 0 ? most : -most - 1;
    case Pattern::ramp:
      return static_cast<int32_t>((input * (wide ? 1031 : 5) + vector * 77) % span) - most - 1;
    case Pattern::edges:
      return wide ? one_of(k_edges_s16, random) : one_of(k_edges_s8, random);
    case Pattern::random:
      break;
  }
  return static_cast<int32_t>(random % span) - most - 1;
}

// Whole words in -limit .. limit: pre-activations and states. The edges of pre-activations are
// where a rounding shift by 7 or 8 turns, and where its result saturates (8 in Q3.12, 16 in Q4.11).
constexpr int32_t k_edges_s32[] = {0,
                                   1,
                                   63,
                                   64,
                                   127,
                                   128,
                                   191,
                                   192,
                                   255,
                                   256,
                                   384,
                                   (1 << 19),
                                   (1 << 22) - 193,
                                   (1 << 22) - 192,
                                   (1 << 22) - 65,
                                   (1 << 22) - 64,
                                   (1 << 22),
                                   (1 << 23) - 385,
                                   (1 << 23) - 384,
                                   (1 << 23) - 129,
                                   (1 << 23) - 128,
                                   (1 << 23)};
constexpr int32_t word_at(Pattern pattern, int32_t limit, uint32_t seed, uint32_t part,
                          uint32_t unit) noexcept {
  const uint32_t random = mix(seed, part, unit);
  const auto inside = [limit](int32_t edge) { return edge > limit ? limit : edge; };
  switch (pattern) {
    case Pattern::zero:
      return 0;
    case Pattern::most:
      return limit;
    case Pattern::least:
      return -limit;
    case Pattern::signs:
      return ((part ^ unit) & 1) != 0 ? limit : -limit;
    case Pattern::ramp:
      return limit / 512 * (static_cast<int32_t>((unit * 41 + part * 171) % 1024) - 512);
    case Pattern::edges: {
      const int32_t edge = inside(one_of(k_edges_s32, random));
      return (random >> 31) != 0 ? -edge : edge;
    }
    case Pattern::random:
      break;
  }
  return any_size(random, limit);
}

// Floats in -limit .. limit. Edges: tiny, and so large that the sum of two loses the smaller one.
constexpr float k_edges_f32[] = {0.0F, 1.0F, 0.5F, 1e-30F, 5.9604645e-8F, 0.49999997F, 1e-6F};
constexpr float float_at(Pattern pattern, float limit, uint32_t seed, uint32_t part,
                         uint32_t unit) noexcept {
  const uint32_t random = mix(seed, part, unit);
  const float share =
      static_cast<float>(static_cast<int32_t>(random >> 8) - (1 << 23)) / 8388608.0F;
  switch (pattern) {
    case Pattern::zero:
      return 0.0F;
    case Pattern::most:
      return limit;
    case Pattern::least:
      return -limit;
    case Pattern::signs:
      return ((part ^ unit) & 1) != 0 ? limit : -limit;
    case Pattern::ramp:
      return limit *
             static_cast<float>(static_cast<int32_t>((unit * 41 + part * 171) % 1024) - 512) /
             512.0F;
    case Pattern::edges:
      return ((random >> 31) != 0 ? -limit : limit) * one_of(k_edges_f32, random);
    case Pattern::random:
      break;
  }
  return limit * share;
}

}  // namespace rondo::engine
