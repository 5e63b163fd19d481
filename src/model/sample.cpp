// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See sample.hpp. Weights are computed twice, for the sum and for the walk, so that no memory is
// needed for them.
#include <rondo/sample.hpp>

namespace rondo {
namespace {

constexpr uint32_t k_one = 1U << 24;
constexpr uint32_t k_intervals = 32;
// round(2^24 * 2^(-i / 32))
constexpr uint32_t k_exp2[k_intervals + 1] = {
    16777216, 16417715, 16065917, 15721658, 15384775, 15055111, 14732511, 14416824, 14107901,
    13805598, 13509772, 13220286, 12937002, 12659789, 12388516, 12123055, 11863283, 11609078,
    11360319, 11116891, 10878679, 10645571, 10417458, 10194234, 9975792,  9762032,  9552851,
    9348154,  9147842,  8951823,  8760003,  8572295,  8388608};
static_assert(k_exp2[0] == k_one && k_exp2[k_intervals] == k_one / 2, "one octave");

// 2^-y in Q0.24, y in Q.16.
uint32_t exp2_q24(uint64_t y) noexcept {
  const uint64_t whole = y >> 16;
  if (whole > 24) return 0;
  const uint32_t part = static_cast<uint32_t>(y) & 0xFFFFU;
  const uint32_t from = k_exp2[part >> 11], to = k_exp2[(part >> 11) + 1];
  const uint32_t value = from - (((from - to) * (part & 2047U)) >> 11);  // product: below 2^30
  return value >> whole;
}

// An index in the order of falling scores, the lower index first of equals.
struct Place {
  int32_t score;
  size_t index;
};

bool before(const Place& a, const Place& b) noexcept {
  return a.score != b.score ? a.score > b.score : a.index < b.index;
}

// The first place, or the first one after `last`.
Place first_after(View<const int32_t> scores, const Place* last) noexcept {
  Place first = {INT32_MIN, SIZE_MAX};
  for (size_t i = 0; i < scores.size(); ++i) {
    const Place place = {scores[i], i};
    if (before(place, first) && (last == nullptr || before(*last, place))) first = place;
  }
  return first;
}

}  // namespace

uint32_t sample(View<const int32_t> scores, const Sampling& how, uint32_t& state) noexcept {
  const size_t n = scores.size();
  const Place greatest = first_after(scores, nullptr);
  Place last = {INT32_MIN, SIZE_MAX};  // of those that take part
  if (how.top_k != 0 && how.top_k < n) {
    last = greatest;
    for (uint32_t k = 1; k < how.top_k; ++k) last = first_after(scores, &last);
  }
  int extra = 0;
  while ((n >> extra) > 255) ++extra;

  const auto weight = [&](size_t i) -> uint32_t {
    if (before(last, {scores[i], i})) return 0;
    const uint32_t distance =
        static_cast<uint32_t>(greatest.score) - static_cast<uint32_t>(scores[i]);
    return exp2_q24((uint64_t{distance} * how.sharpness) >> 16) >> extra;
  };
  uint32_t sum = 0;
  for (size_t i = 0; i < n; ++i) sum += weight(i);
  auto left = static_cast<uint32_t>((uint64_t{next_random(state)} * sum) >> 32);
  for (size_t i = 0; i < n; ++i) {
    const uint32_t w = weight(i);
    if (left < w) return static_cast<uint32_t>(i);
    left -= w;
  }
  return static_cast<uint32_t>(greatest.index);  // not reached: left is below the sum
}

}  // namespace rondo
