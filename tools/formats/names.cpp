// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The names of what an image is made of.
#include <array>

#include "formats/image.hpp"

namespace rondo::tool {
namespace {

template <std::size_t N, class Value>
const char* pick(const std::array<const char*, N>& names, Value value) {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? names[index] : "unknown";
}

}  // namespace

const char* name_of(Kind kind) {
  constexpr std::array<const char*, k_kinds> k_names = {"lstm",   "gru",   "gru_before", "rnn",
                                                        "linear", "dense", "pool",       "skip"};
  return pick(k_names, kind);
}

const char* name_of(Format format) {
  constexpr std::array<const char*, 5> k_names = {"token", "f32", "s16", "s8", "s32"};
  return pick(k_names, format);
}

const char* name_of(Packing packing) {
  constexpr std::array<const char*, k_packings> k_names = {"host", "cortex_m", "helium"};
  return pick(k_names, packing);
}

}  // namespace rondo::tool
