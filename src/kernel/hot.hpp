// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// RONDO_HOT stands in front of every kernel that another file calls. Whoever compiles the runtime
// may define it as an attribute, such as __attribute__((section(".itcm"))), to place them.
#pragma once

#ifndef RONDO_HOT
#define RONDO_HOT
#endif
