// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Planted faults: tables that are right but for one of them, which the engine must report for its
// entry. Used by planted.cpp and planted_loads.cpp.
#pragma once
#include "kernels/cases.hpp"
#include "kernels/engine.hpp"

namespace rondo::engine {

template <class Table>
constexpr const Table& right_table() noexcept {
  if constexpr (requires(Table table) { table.product_f32; }) {
    return kernel::k_scalar_f32;
  } else {
    return k_packing_list[0] == Packing::host       ? kernel::k_scalar_s8
           : k_packing_list[0] == Packing::cortex_m ? kernel::k_scalar_s8_cortex_m
                                                    : kernel::k_scalar_s8_helium;
  }
}

// Replaces an entry by one that is right and then does one thing more.
template <class Table, class Args>
Args arguments_of(void (*Table::*)(const Args&) noexcept);
template <class Table, class Args>
Table table_of(void (*Table::*)(const Args&) noexcept);
template <auto entry, auto more>
void plant(decltype(table_of(entry))& table) noexcept {
  using Table = decltype(table_of(entry));
  table.*entry = [](const decltype(arguments_of(entry))& arguments) noexcept {
    (right_table<Table>().*entry)(arguments);
    more(arguments);
  };
}
template <auto entry, class X, auto more>
void plant_prepare(kernel::S8& table) noexcept {
  table.*entry = [](const X* x, uint32_t inputs, uint32_t padded, uint8_t* operand) noexcept {
    (right_table<kernel::S8>().*entry)(x, inputs, padded, operand);
    more(x, inputs, padded, operand);
  };
}

template <class Table>
struct Fault {
  const char* what;
  const char* entry;
  void (*plant)(Table& table) noexcept;
};

inline Totals look(const kernel::S8& table, const Options& options) noexcept {
  return check_s8(table, options);
}
inline Totals look(const kernel::F32& table, const Options& options) noexcept {
  return check_f32(table, options);
}

// How many of the faults went unseen.
template <class Table, size_t n>
int unseen(const Fault<Table> (&faults)[n]) noexcept {
  Options options;
  options.packing = k_packing_list[0];
  options.quiet = options.first = true;
  int count = 0;
  for (const Fault<Table>& fault : faults) {
    Table table = right_table<Table>();
    fault.plant(table);
    options.only = fault.entry;
    if (look(table, options).failures == 1) continue;
    print("FAILED ", fault.entry, ": not seen: ", fault.what, "\n");
    ++count;
  }
  print(static_cast<uint32_t>(n), " faults planted\n");
  return count;
}

// Loads that only an unmapped page shows; returns how many went unseen. Hosts only.
int unseen_loads() noexcept;
// Faults in entries for whole steps; the same.
int unseen_steps() noexcept;

}  // namespace rondo::engine
