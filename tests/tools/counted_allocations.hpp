// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Counts what a test program takes from the heap by operator new, in all its forms. Linked with
// counted_allocations.cpp, which replaces them.
#pragma once
#include <cstddef>

// So far.
std::size_t counted_allocations();
