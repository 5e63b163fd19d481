// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Where nothing is asked: microcontrollers, whose set is fixed at build time, and systems that
// rondo knows no way to ask, which get the scalar set.
#include "port/cpu.hpp"

namespace rondo::port {

bool cpu_has(Isa isa) noexcept {
  return isa == *isa_list().begin();
}

}  // namespace rondo::port
