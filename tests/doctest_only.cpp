// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// doctest without its main, for test programs with a main of their own that use random_model.cpp.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
