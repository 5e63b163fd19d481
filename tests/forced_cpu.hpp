// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The kernel set that the environment forces upon a test program, see forced_cpu.cpp. Called by the
// main functions of the suite.
#pragma once

namespace rondo::test {

// The value of RONDO_TEST_ISA; nullptr where nothing is forced.
const char* forced_isa() noexcept;

// Why a set cannot be forced: this build or this CPU does not have it; nullptr where it can.
const char* why_not_forced(const char* name) noexcept;

// Ends the program with status 1 where the forced set is unknown or cannot run here; else true.
// A program that calls this has the answers of forced_cpu.cpp.
bool require_forced_isa() noexcept;

}  // namespace rondo::test
