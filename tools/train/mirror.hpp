// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// The way of a bidirectional layer's backward half through a packed batch: every sequence from its
// own end. As many sequences have a step t from the end as from the start, so what is mirrored is
// packed in the same way, and a cell runs on it unchanged.
#pragma once
#include <cstddef>
#include <cstdint>

#include "train/batch.hpp"
#include "train/buffer.hpp"

namespace rondo::tool {

// mirror (N): where the row stands that is as far from the end of its sequence as this one is from
// its start. Twice mirrored is as before.
template <class T>
void find_mirror(const Packed<T>& packed, Buffer<std::uint32_t>& mirror);

// The rows of `from`, `width` columns, in `to` as the mirror (N) says; null: as they are.
template <class V>
void copy_rows(std::size_t rows, std::size_t width, const std::uint32_t* mirror, const V* from,
               std::size_t from_stride, V* to, std::size_t to_stride);

// The same, added to what is there; `from` and `to` dense.
template <class T>
void add_mirrored(std::size_t rows, std::size_t width, const std::uint32_t* mirror, const T* from,
                  T* to);

}  // namespace rondo::tool
