// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The pointwise int8 entries seen as one: arrays in and out of one block of units. Used by
// pointwise_s8.cpp (patterns, sizes, places) and gates_s8.cpp (all 65,536 arguments of each gate).
#pragma once
#include <stdint.h>

#include "kernels/engine.hpp"

namespace rondo::engine {

constexpr int32_t k_most_t = INT32_MAX - 128;  // |t|, or |t_x| + |t_h|: proven by Model::load

// What an entry reads and writes; nullptr where it has no such array, or the model wants none.
struct BlockS8 {
  int32_t* t;
  int32_t* t_h;
  uint32_t units;
  int32_t* state;  // c or h
  int16_t* z;
  int8_t* h8;  // or rh8
  int16_t* h16;
};

enum class Use : uint8_t { none, in, out, in_out };
struct OpS8 {
  const char* name;
  uint32_t gates;
  bool two_parts;      // t_x and t_h
  Use state;           //
  int32_t most_state;  // |state|
  Use z;               //
  bool one_output;     // either h8 or h16, never both
  void (*call)(const kernel::S8& table, const BlockS8& block);
};
constexpr uint32_t k_ops_s8 = 5;
extern const OpS8 k_op_s8[k_ops_s8];

// Which outputs the model wants.
enum class Outputs : uint8_t { both, s8, s16 };
constexpr uint32_t k_outputs = 3;

// The arrays of one call, and those of what must come out.
class PointwiseS8 {
 public:
  PointwiseS8(Check& check, const kernel::S8& table, const OpS8& op) noexcept
      : check_(check), table_(table), op_(op) {}

  // False where the arrays do not fit into this machine.
  bool lay_out(uint32_t units, Outputs outputs, Place place) noexcept;
  BlockS8& block() noexcept { return block_; }
  // What must have come out, after run.
  const BlockS8& right() const noexcept { return right_; }
  // Calls the entry on the filled block and compares everything with the specification.
  void run(const char* t_pattern, const char* state_pattern) noexcept;

 private:
  template <class... Parts>
  void fail(Parts... parts) noexcept;
  template <class T>
  bool same(const char* what, const T* got, const T* right) noexcept;

  Check& check_;
  const kernel::S8& table_;
  const OpS8& op_;
  BlockS8 block_ = {}, right_ = {};
  Place place_ = Place::end;
  const char* t_pattern_ = "";
  const char* state_pattern_ = "";
};

// Every argument of every gate of the entry.
void check_gates_s8(Check& check, const kernel::S8& table, const OpS8& op) noexcept;

}  // namespace rondo::engine
