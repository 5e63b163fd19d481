// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The chains of layers that the tests of dense, pool and skip run, their inputs, and short ways to
// write such chains.
#pragma once
#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "layers_chain.hpp"

namespace rondo::test {

constexpr std::uint32_t k_steps = 19;  // two groups of eight, and three
constexpr std::uint32_t k_cut = 10;    // where a state is saved and restored

constexpr Format k_token = Format::token, k_s8 = Format::s8, k_s16 = Format::s16,
                 k_s32 = Format::s32;

inline LayerSpec lstm(Format output, std::uint32_t units, Format recurrent = k_s8) {
  return {Kind::lstm, output, units, 0, recurrent};
}
inline LayerSpec gru(Format output, std::uint32_t units, Format recurrent = k_s8) {
  return {Kind::gru, output, units, 0, recurrent};
}
inline LayerSpec dense(Format output, std::uint32_t units, Activation f) {
  return {Kind::dense, output, units, mode_of(f)};
}
inline LayerSpec pool(Format output, std::uint32_t units, Pool mode) {
  return {Kind::pool, output, units, mode_of(mode)};
}
inline LayerSpec linear(std::uint32_t units) {
  return {Kind::linear, k_s32, units};
}
inline LayerSpec skip(std::uint32_t units, Format input) {
  return {Kind::skip, k_s32, units, 0, input};
}

// int8 chains, named.
const std::vector<ChainSpec>& every_chain();
// The same chain in float: every vector is one.
ChainSpec in_float(ChainSpec spec);

// k_steps of the input of a chain; tokens now and then out of the vocabulary.
Steps<std::int32_t> random_steps(const ChainSpec& spec, std::uint64_t seed);
Steps<double> random_floats(const ChainSpec& spec, std::uint64_t seed);

// The vectors one behind the other, as run takes them.
template <class To, class From>
std::vector<To> flat(const std::vector<std::vector<From>>& rows) {
  std::vector<To> all;
  for (const auto& row : rows) {
    for (const From v : row) all.push_back(static_cast<To>(v));
  }
  return all;
}

// f(packing, isa) for all of them, named where something fails.
template <class F>
void everywhere(F f) {
  for (const Packing packing : k_every_packing) {
    for (const Isa isa : isas()) {
      CAPTURE(static_cast<int>(packing));
      CAPTURE(std::string(name_of(isa)));
      f(packing, isa);
    }
  }
}

}  // namespace rondo::test
