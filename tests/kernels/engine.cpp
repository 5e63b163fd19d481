// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See engine.hpp.
#include "kernels/engine.hpp"

#include <string.h>

#include "kernels/cases.hpp"

namespace rondo::engine {
namespace {

// Prepare and product count as one: the form of operands is between the two.
constexpr uint32_t k_entries_s8 = 8;
constexpr uint32_t k_entries_f32 = 7;
constexpr uint32_t k_enough_failures = 5;

const char* name_of(Packing packing) noexcept {
  return packing == Packing::host ? "host" : packing == Packing::cortex_m ? "cortex_m" : "helium";
}

bool report(const char* type, const Options& options, const Totals& totals,
            uint32_t entries) noexcept {
  print("kernels ", options.set, ", ", type, ": ", totals.calls, " calls of ", totals.entries,
        " entries, ", totals.failures, " failures");
  if (totals.left_out != 0) print(", ", totals.left_out, " cases too large for this machine");
  print("\n");
  const uint32_t expected = options.only == nullptr ? entries : 0;
  if (totals.entries < expected) print("FAILED: ", expected, " entries should have been called\n");
  return totals.failures == 0 && totals.entries >= expected;
}

}  // namespace

bool Check::begin(const char* entry) noexcept {
  entry_ = entry;
  entry_totals_ = {};
  return options_.only == nullptr || strcmp(options_.only, entry) == 0;
}

void Check::end() noexcept {
  totals_.calls += entry_totals_.calls;
  totals_.failures += entry_totals_.failures;
  totals_.left_out += entry_totals_.left_out;
  totals_.entries += entry_totals_.calls != 0 ? 1 : 0;
}

bool Check::go_on() const noexcept {
  return entry_totals_.failures < (options_.first ? 1 : k_enough_failures);
}

Totals check_s8(const kernel::S8& table, const Options& options) noexcept {
  Check check(options);
  check_products_s8(check, table);
  check_column_s8(check, table);
  check_pointwise_s8(check, table);
#ifndef RONDO_FIXED_ISA
  check_steps_s8(check, table);
#endif
  return check.totals();
}

Totals check_f32(const kernel::F32& table, const Options& options) noexcept {
  Check check(options);
  check_product_f32(check, table);
  check_column_f32(check, table);
  check_pointwise_f32(check, table);
  return check.totals();
}

bool check_set(Isa isa, const Options& given) noexcept {
  Options options = given;
  bool good = true;
  uint32_t calls = 0;
  for (const Packing packing : k_packing_list) {
    const kernel::S8& table = kernel::s8(isa, packing);
    // What every set takes from the scalar one is checked there.
    if (isa != Isa::scalar && &table == &kernel::s8(Isa::scalar, packing) &&
        packing != k_packing_list[0]) {
      continue;
    }
    options.packing = packing;
    const Totals totals = check_s8(table, options);
    print("packing ", name_of(packing), ": ");
    good = report("int8", options, totals, k_entries_s8) && good;
    calls += totals.calls;
  }
  options.packing = k_packing_list[0];  // gives the sizes of blocks
  const Totals totals = check_f32(kernel::f32(isa), options);
  good = report("float", options, totals, k_entries_f32) && good;
  if (calls + totals.calls == 0) {
    print("FAILED: nothing was checked\n");
    return false;
  }
  return good;
}

}  // namespace rondo::engine
