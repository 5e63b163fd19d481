// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Included first by each file of float arithmetic: a * b + c stays two roundings, whatever the
// flags of the build say, so that every machine makes the same numbers. Not for the kernels on
// vector headers, which get -ffp-contract=off from the build.
#pragma once

#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif
