// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The memory limit: loading bytes with the widest loads of this CPU, and nothing else. A step reads
// each weight once, so at batch 1 none can be faster than this is for the same bytes.
#pragma once
#include <cstdint>
#include <span>

#include <rondo/isa.hpp>

namespace rondo::bench {

using Load = void (*)(std::span<const std::uint8_t> bytes);
Load widest_load();
const char* widest_load_name();
// With the widest registers that a kernel set uses: its own limit.
Load load_of(Isa isa);

}  // namespace rondo::bench
