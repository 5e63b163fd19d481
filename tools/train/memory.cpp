// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the rondo authors
// See memory.hpp.
#include "train/memory.hpp"

namespace rondo::tool {
namespace {

template <class T>
std::size_t bytes_of(const std::vector<T>& list) {
  return list.capacity() * sizeof(T);
}

template <class T>
std::size_t bytes_of(const std::vector<Buffer<T>>& buffers) {
  std::size_t bytes = 0;
  for (const Buffer<T>& buffer : buffers) bytes += buffer.bytes();
  return bytes;
}

std::size_t bytes_of(const CellPass<float>& cell) {
  return cell.gate.bytes() + cell.gate_h.bytes() + cell.h.bytes() + cell.c.bytes() +
         cell.tanh_c.bytes() + cell.bias.bytes() + cell.u_transposed.bytes() +
         cell.h_before.bytes() + cell.dc.bytes() + cell.dh.bytes();
}

}  // namespace

std::size_t bytes_of(const Pass<float>& pass) {
  const Packed<float>& packed = pass.packed;
  std::size_t bytes = bytes_of(packed.order) + bytes_of(packed.start) + bytes_of(packed.last) +
                      bytes_of(packed.tokens) + bytes_of(packed.reals) + bytes_of(packed.classes) +
                      bytes_of(packed.targets) + bytes_of(packed.values);
  for (const CellPass<float>& cell : pass.cells) bytes += bytes_of(cell);
  bytes += bytes_of(pass.joined) + bytes_of(pass.masks) + bytes_of(pass.dropped);
  const Mirrored<float>& mirrored = pass.mirrored;
  bytes += mirrored.rows.bytes() + mirrored.tokens.bytes() + mirrored.x.bytes() +
           mirrored.dx.bytes() + mirrored.dh.bytes();
  return bytes + pass.last.bytes() + pass.logits.bytes() + pass.dlogits.bytes() +
         pass.dlast.bytes() + pass.dh[0].bytes() + pass.dh[1].bytes();
}

}  // namespace rondo::tool
