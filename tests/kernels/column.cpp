// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The column of a token, int8 and float. Not a word about how tokens reach it.
#include <string.h>

#include <rondo/numeric.hpp>

#include "kernels/cases.hpp"
#include "kernels/data.hpp"
#include "kernels/engine.hpp"

namespace rondo::engine {
namespace {

constexpr int32_t k_scales[] = {1, INT32_MAX, 1 << 30, 3};

struct Case {
  uint32_t rows;
  Pattern weights;
  bool same;  // from is t
  Place place;
  uint32_t seed;
};

// Calls visit(case) for every number of rows, pattern and place.
template <class Visit>
void all_cases(Check& check, Visit visit) noexcept {
  uint32_t number = 0;
  for (uint32_t rows = 4; rows <= most_rows(check.options().packing); rows += 4) {
    for (uint32_t pattern = 0; pattern < 4 * k_patterns; ++pattern) {
      for (uint32_t place = 0; place < 2 * k_places; ++place) {
        if (!check.go_on()) return;
        visit(Case{rows, static_cast<Pattern>(pattern % k_patterns), place >= k_places,
                   static_cast<Place>(place % k_places), mix(check.options().seed, ++number)});
      }
    }
  }
}

template <class... Parts>
void fail(Check& check, const Case& c, Parts... parts) noexcept {
  check.fail(c.rows, " rows, weights ", name_of(c.weights), c.same ? ", from t" : ", from biases",
             ", arrays at ", name_of(c.place), ": ", parts...);
}

void check_margins(Check& check, const Case& c) noexcept {
  if (const char* const name = check.memory().broken()) {
    fail(check, c, "wrote outside of ", name);
  }
}

void column_s8(Check& check, const kernel::S8& table, const Case& c) noexcept {
  Memory& memory = check.memory();
  memory.clear(c.place);
  auto* const w = memory.take<int8_t>("w", c.rows, 4);
  auto* const scale = memory.take<int32_t>("scale", c.rows);
  auto* const before = memory.take<int32_t>("before", c.rows);
  auto* const t = memory.take<int32_t>("t", c.rows, k_scratch_align);
  auto* const from = c.same ? t : memory.take<int32_t>("from", c.rows);
  if (!memory.complete()) return check.leave_out();
  const uint32_t shift = mix(c.seed, 80) % 12;  // 127 * 2^12 << 11 is below 2^30
  for (uint32_t r = 0; r < c.rows; ++r) {
    const uint32_t random = mix(c.seed, r, 81);
    w[r] = static_cast<int8_t>(weight_at(c.weights, 127, c.seed, r, 0));
    scale[r] =
        random % 2 == 0 ? one_of(k_scales, random >> 1) : static_cast<int32_t>(random >> 1) | 1;
    const int64_t acc = int64_t{w[r] < 0 ? -w[r] : w[r]} * k_token_one << shift;
    const auto room = static_cast<int32_t>(INT32_MAX - 129 - ((acc * scale[r]) >> 31));
    const Pattern pattern = static_cast<Pattern>(mix(random, 2) % k_patterns);
    from[r] = before[r] = word_at(pattern, room, c.seed, 82, r);
  }
  const kernel::ColumnS8 column = {w, scale, c.rows, shift, from, t};
  if (!check.runs([&] { table.column_s8(column); })) return fail(check, c, "memory fault");
  for (uint32_t r = 0; r < c.rows; ++r) {
    const int32_t acc = w[r] * k_token_one * (1 << shift);
    const int32_t right = before[r] + rdmulh32(acc, scale[r]);
    if (t[r] != right) {
      return fail(check, c, "shift ", shift, ": t[", r, "] is ", t[r], ", must be ", right);
    }
  }
  check_margins(check, c);
}

void column_f32(Check& check, const kernel::F32& table, const Case& c) noexcept {
  Memory& memory = check.memory();
  memory.clear(c.place);
  auto* const w = memory.take<float>("w", c.rows);
  auto* const right = memory.take<float>("right", c.rows);
  auto* const t = memory.take<float>("t", c.rows, k_scratch_align);
  auto* const from = c.same ? t : memory.take<float>("from", c.rows);
  if (!memory.complete()) return check.leave_out();
  for (uint32_t r = 0; r < c.rows; ++r) {
    w[r] = float_at(c.weights, 3.0F, c.seed, 83, r);
    from[r] = float_at(static_cast<Pattern>(mix(c.seed, r, 84) % k_patterns), 2.0F, c.seed, 85, r);
    right[r] = from[r] + w[r];  // one addition, rounded as everywhere
  }
  const kernel::ColumnF32 column = {w, c.rows, from, t};
  if (!check.runs([&] { table.column_f32(column); })) return fail(check, c, "memory fault");
  for (uint32_t r = 0; r < c.rows; ++r) {
    if (memcmp(&t[r], &right[r], sizeof t[r]) != 0) {
      return fail(check, c, "t[", r, "] is ", double{t[r]}, ", must be ", double{right[r]});
    }
  }
  check_margins(check, c);
}

}  // namespace

void check_column_s8(Check& check, const kernel::S8& table) noexcept {
  if (check.begin("column_s8")) {
    all_cases(check, [&](const Case& c) { column_s8(check, table, c); });
  }
  check.end();
}

void check_column_f32(Check& check, const kernel::F32& table) noexcept {
  if (check.begin("column_f32")) {
    all_cases(check, [&](const Case& c) { column_f32(check, table, c); });
  }
  check.end();
}

}  // namespace rondo::engine
