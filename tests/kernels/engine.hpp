// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Checks every entry of a kernel table: int8 against the specification to the bit, floats against
// double precision within a bound from theory. Needs no framework, no heap, no exceptions, so that
// the same checks run on hosts (main.cpp), on bare metal (firmware.cpp) and on planted errors
// (planted.cpp).
#pragma once
#include <stdint.h>

#include <rondo/format.hpp>
#include <rondo/isa.hpp>

#include "kernel/kernels.hpp"
#include "kernels/memory.hpp"

namespace rondo::engine {

struct Options {
  const char* set = "scalar";       // its name, for the report
  Packing packing = Packing::host;  // of the int8 products
  uint32_t seed = 1;                //
  const char* only = nullptr;       // one entry; nullptr: all
  uint32_t thin = 1;                // only every n-th product and gate argument: emulated CPUs
  bool quiet = false;               // planted errors: nothing is printed
  bool first = false;               // stop at the first failure
};

// What a check of a table came to.
struct Totals {
  uint32_t calls = 0;
  uint32_t failures = 0;
  uint32_t left_out = 0;  // cases whose arrays did not fit into this machine
  uint32_t entries = 0;   // entries that were called at all
};

Totals check_s8(const kernel::S8& table, const Options& options) noexcept;
Totals check_f32(const kernel::F32& table, const Options& options) noexcept;

// Both tables of a set, through the pointers that the product uses, for all packings of this build;
// prints what was done. False where anything failed, or an entry was not called.
bool check_set(Isa isa, const Options& options) noexcept;

// One table under check, and the entry at hand.
class Check {
 public:
  explicit Check(const Options& options) noexcept : options_(options) {}

  // Starts an entry; false where it is not asked for.
  bool begin(const char* entry) noexcept;
  void end() noexcept;
  // False after so many failures of an entry that more of them would say nothing new.
  bool go_on() const noexcept;
  void leave_out() noexcept { ++entry_totals_.left_out; }

  // Whether the case of this number is to be run.
  bool takes(uint32_t number) const noexcept { return number % options_.thin == 0; }

  // Runs one kernel call; false where it broke off.
  template <class Call>
  bool runs(Call call) noexcept {
    ++entry_totals_.calls;
    return survives([](void* what) { (*static_cast<Call*>(what))(); }, &call);
  }

  // FAILED ENTRY/SET/(parts), and how to repeat it.
  template <class... Parts>
  void fail(Parts... parts) noexcept {
    ++entry_totals_.failures;
    if (options_.quiet) return;
    print("FAILED ", entry_, "/", options_.set, "/");
    print(parts...);
    print("\n  again: --set ", options_.set, " --seed ", options_.seed, " --only ", entry_, "\n");
  }

  const Options& options() const noexcept { return options_; }
  const Totals& totals() const noexcept { return totals_; }
  Memory& memory() noexcept { return memory_; }

 private:
  Options options_;
  Totals totals_, entry_totals_;
  const char* entry_ = "";
  Memory memory_;
};

// The parts of the engine, one file each.
void check_products_s8(Check& check, const kernel::S8& table) noexcept;
void check_column_s8(Check& check, const kernel::S8& table) noexcept;
void check_pointwise_s8(Check& check, const kernel::S8& table) noexcept;
void check_steps_s8(Check& check, const kernel::S8& table) noexcept;  // hosts, where a set has them
void check_product_f32(Check& check, const kernel::F32& table) noexcept;
void check_column_f32(Check& check, const kernel::F32& table) noexcept;
void check_pointwise_f32(Check& check, const kernel::F32& table) noexcept;

// Where `from` of a product stands: one row for all vectors, t itself, or an array of its own.
enum class Origin : uint8_t { biases, same, separate };
constexpr uint32_t k_origins = 3;
constexpr const char* name_of(Origin origin) noexcept {
  return origin == Origin::biases ? "biases" : origin == Origin::same ? "t" : "separate";
}

}  // namespace rondo::engine
