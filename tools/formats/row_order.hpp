// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The order in which a packed layer has its rows and weights (rondo/format.hpp), for packing and
// unpacking alike: both walk with the same functions, so they cannot disagree.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <rondo/format.hpp>

namespace rondo::tool {

// Gates that are computed together: all of a layer, or (gru_before) r and z, then n.
struct GateGroup {
  Shape shape;
  std::uint32_t first_gate;
  std::uint32_t first_row;
};

inline std::vector<GateGroup> gate_groups(Kind kind, Type type, std::uint32_t outputs,
                                          Packing packing) {
  if (kind != Kind::gru_before) {
    return {{shape_of(gates_of(kind), type, outputs, packing), 0, 0}};
  }
  const Shape both = shape_of(2, type, outputs, packing);
  return {{both, 0, 0}, {shape_of(1, type, outputs, packing), 2, both.rows()}};
}

inline std::uint32_t rows_of(const std::vector<GateGroup>& groups) {
  return groups.back().first_row + groups.back().shape.rows();
}

// One row: where it stands, and its block.
struct PackedRow {
  std::uint32_t gate;
  std::uint32_t unit;  // from `outputs` on: padding
  std::uint32_t row;   // in packed order
  std::uint32_t block_first;
  std::uint32_t block_rows;
};

// Calls visit(group, row) in packed order.
template <class Visit>
void for_each_row(const std::vector<GateGroup>& groups, Visit visit) {
  for (const GateGroup& group : groups) {
    const Shape& shape = group.shape;
    for (std::uint32_t unit = 0; unit < shape.units; unit += shape.block_units) {
      const std::uint32_t units = std::min(shape.units - unit, shape.block_units);
      const std::uint32_t first = group.first_row + unit * shape.gates, rows = units * shape.gates;
      for (std::uint32_t r = 0; r < rows; ++r) {
        visit(group,
              PackedRow{group.first_gate + r / units, unit + r % units, first + r, first, rows});
      }
    }
  }
}

// Where the weight of an input stands in the packed matrix.
inline std::size_t place_of(const GateGroup& group, const PackedRow& row, std::uint32_t inputs,
                            std::uint32_t input, bool columns, Packing packing) {
  const Shape& shape = group.shape;
  if (columns) {
    return std::size_t{group.first_row} * inputs + std::size_t{input} * shape.rows() +
           (row.row - group.first_row);
  }
  const std::uint32_t in_block = row.row - row.block_first;
  const std::uint32_t tile_rows = shape.tile_rows == 0 ? row.block_rows : shape.tile_rows;
  const std::uint32_t tile = in_block / tile_rows * tile_rows;
  std::uint32_t k = input % shape.group;
  if (packing == Packing::cortex_m && shape.group == 4 && (k == 1 || k == 2)) k = 3 - k;
  return std::size_t{row.block_first + tile} * shape.padded(inputs) +
         shape.group * (std::size_t{input / shape.group} * tile_rows + (in_block - tile)) + k;
}

}  // namespace rondo::tool
