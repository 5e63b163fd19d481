// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What of a step of an LSTM or GRU stays the same from call to call, on hosts: the layer keeps it
// in front of its state, since putting it together takes as long as a small step does.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include <rondo/cells.hpp>

namespace rondo::cell {

// Room for it, the same on every host, so that a model has one size; whole cache lines.
constexpr uint32_t k_kept_bytes = 320;

// Whether a layer has that room. `output` and `recurrent` are not asked: Stream::hidden exchanges
// them to find either h.
constexpr bool keeps_step(const LayerRecord& record, Packing packing) noexcept {
  const bool whole = record.kind == Kind::lstm || record.kind == Kind::gru;
  return whole && packing == Packing::host && record.input != Format::token;
}

constexpr uint32_t kept_bytes([[maybe_unused]] const LayerRecord& record,
                              [[maybe_unused]] Packing packing) noexcept {
#ifdef RONDO_FIXED_ISA
  return 0;
#else
  return keeps_step(record, packing) ? k_kept_bytes : 0;
#endif
}

// Where c and h begin.
inline uint8_t* numbers_of(const LayerArgs& args) noexcept {
  return args.state + kept_bytes(*args.record, args.packing);
}

#ifndef RONDO_FIXED_ISA
// Whether it is one step of a vector, and h stays in the state: what kept steps are for.
inline bool is_one_vector(const LayerArgs& args) noexcept {
  return args.steps == 1 && args.x != nullptr && args.y == nullptr &&
         keeps_step(*args.record, args.packing);
}

// A Step and what it was made from. A reset leaves zeros, which are of no layer.
template <class Step>
struct Kept {
  const uint8_t* image;
  const LayerRecord* record;
  const void* kernels;
  uint8_t* state;
  uint8_t* scratch;
  Step step;

  // Without branches: none of them could be told from the others by a test.
  bool is_of(const LayerArgs& args) const noexcept {
    return (differ(image, args.image) | differ(record, args.record) |
            differ(kernels, args.kernels) | differ(state, args.state) |
            differ(scratch, args.scratch)) == 0;
  }

 private:
  static uintptr_t differ(const void* one, const void* other) noexcept {
    return reinterpret_cast<uintptr_t>(one) ^ reinterpret_cast<uintptr_t>(other);
  }
};

// Out of line, so that a step that is kept saves no registers.
template <class Step, class Make>
[[gnu::noinline]] void renew(Kept<Step>& kept, const LayerArgs& args, Make make) noexcept {
  kept = {args.image, args.record, args.kernels, args.state, args.scratch, make(args)};
}

// The step of a layer; make(args): a new one, where there is none or another layer's.
template <class Step, class Make>
Step& kept_step(const LayerArgs& args, Make make) noexcept {
  static_assert(sizeof(Kept<Step>) <= k_kept_bytes, "the arena has room for less");
  Kept<Step>& kept = *static_cast<Kept<Step>*>(static_cast<void*>(args.state));
  if (!kept.is_of(args)) renew(kept, args, make);
  return kept.step;
}
#endif

}  // namespace rondo::cell
