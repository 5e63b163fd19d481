// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// What the CPU and the operating system under the program can run. One file a platform; asked by
// isa_available and isa_best only.
#pragma once
#include <rondo/isa.hpp>

namespace rondo::port {

// Whether the instructions of a set work here. True for the one set of a build without a choice.
bool cpu_has(Isa isa) noexcept;

}  // namespace rondo::port
