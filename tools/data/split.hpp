// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Which side of the data a name stands on. By spelling: one name is on one side under all its
// labels, new data moves nobody, and a script in any language with a zlib gets the same sides.
#pragma once
#include <cstdint>
#include <string_view>

#include <rondo/crc32.hpp>

namespace rondo::tool {

enum class Side : std::uint8_t { train, valid, test };

// `name` is in its normal form (normalize_name).
inline Side side_of(std::string_view name) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(name.data());
  const std::uint32_t percent = crc32(bytes, name.size()) % 100;
  if (percent < 70) return Side::train;
  return percent < 80 ? Side::valid : Side::test;
}

}  // namespace rondo::tool
