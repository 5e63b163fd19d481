// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// Everything of the runtime. A program that counts bytes may include the single headers instead:
// the linked code is the same.
#pragma once
#include "rondo/arena.hpp"
#include "rondo/cells.hpp"
#include "rondo/crc32.hpp"
#include "rondo/format.hpp"
#include "rondo/isa.hpp"
#include "rondo/model.hpp"
#include "rondo/numeric.hpp"
#include "rondo/plain_cell.hpp"
#include "rondo/sample.hpp"
#include "rondo/status.hpp"
#include "rondo/stream.hpp"
#include "rondo/view.hpp"
